"""A dry run says what a run removes, and each way of running removes it (M-114)."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from chatweb.models import Conversation, RetentionRule
from chatweb.retention.counting import outlook
from chatweb.retention.removing import Round
from tests.retention.talks import attach, left, removed, talk


def test_a_dry_run_says_what_a_run_removes(people):
    people.ana.groups.add(people.sales)
    for days in (5, 20, 40, 80):
        for bot in (people.helper, people.guide):
            conversation = talk(people, days, bot=bot, user=people.ana if days < 50 else people.ben)
            attach(people, conversation, days)
    RetentionRule.objects.create(bot=people.helper, conversation_days=10, event_days=3)
    RetentionRule.objects.create(group=people.sales, conversation_days=30, file_days=7)
    RetentionRule.objects.create(conversation_days=60, event_days=90)
    told = outlook()
    expected = Counter({
        name: sum(getattr(one, name) for one in told)
        for name in ("conversations", "messages", "files", "events")
    })  # fmt: skip
    assert expected["conversations"] == 5
    assert Conversation.objects.count() == 8
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "Helper: 3 conversations" in out.getvalue()
    assert removed() == expected
    assert [one.conversations + one.events + one.files for one in outlook()] == [0, 0, 0]


def test_the_command_removes_and_says_so(people):
    talk(people, 40)
    RetentionRule.objects.create(conversation_days=30)
    out = StringIO()
    call_command("retention", stdout=out)
    assert out.getvalue() == "removed 1 conversations, 1 messages, 0 files, 1 events\n"


@pytest.mark.parametrize("slice_seconds", [0.0005, 10])
def test_the_round_of_a_serving_process_ends_however_short_its_slices(people, monkeypatch, slice_seconds):
    monkeypatch.setattr(Round, "SLICE_SECONDS", slice_seconds)
    for days in (40, 50, 60):
        talk(people, days)
    RetentionRule.objects.create(conversation_days=30)
    one = Round()
    while one.step():
        pass
    assert left() == set()
