"""What goes with a conversation, and what never goes (M-114)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from chatweb.models import (
    Attachment,
    Conversation,
    DeletionCall,
    Errand,
    Event,
    Feedback,
    Message,
    Passage,
    RetentionRule,
    Turn,
    TurnFigures,
)  # fmt: skip
from chatweb.retention.counting import outlook
from chatweb.retention.removing import retain
from chatweb.turns import deletions
from tests.retention.talks import attach, removed, talk


def test_everything_in_it_goes_but_what_was_used_stays_countable(people):
    conversation = talk(people, 40)
    attach(people, conversation, 40)
    RetentionRule.objects.create(conversation_days=30)
    assert removed() == Counter(conversations=1, messages=1, files=1, events=1)
    for model in (Turn, Message, Event, Feedback, Passage, Attachment):
        assert not model.objects.exists(), model
    assert TurnFigures.objects.get().tokens == 7
    call_command("figures", stdout=StringIO())  # and does not trip over them
    assert TurnFigures.objects.get().tokens == 7
    people.ana.delete()
    assert not TurnFigures.objects.exists()


def test_the_copy_leaves_the_disk(people, django_capture_on_commit_callbacks):
    conversation = talk(people, 1)
    old, young = attach(people, conversation, 40), attach(people, conversation, 2)
    never_asked = attach(people, None, 40)
    RetentionRule.objects.create(file_days=30)
    storage, names = old.copy.storage, [one.copy.name for one in (old, young, never_asked)]
    assert [storage.exists(name) for name in names] == [True, True, True]
    with django_capture_on_commit_callbacks(execute=True):
        assert removed() == Counter(files=2)
    assert [storage.exists(name) for name in names] == [False, True, False]
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.name, bool(old.copy), bool(young.copy)) == ("map.png", False, True)
    assert not Attachment.objects.filter(pk=never_asked.pk).exists()
    assert removed() == Counter()


def test_a_copy_that_a_younger_row_shares_stays(people, django_capture_on_commit_callbacks):
    old = attach(people, talk(people, 1), 40)
    shared = attach(people, talk(people, 1, bot=people.guide), 1, copy="")
    Attachment.objects.filter(pk=shared.pk).update(copy=old.copy.name)
    RetentionRule.objects.create(file_days=30)
    with django_capture_on_commit_callbacks(execute=True):
        removed()
    assert old.copy.storage.exists(old.copy.name)


def test_the_upstream_is_asked_to_delete_it_too_unless_it_did(people):
    talk(people, 40, upstream="755")
    asked = talk(people, 41, upstream="756")
    Errand.objects.create(conversation=asked, kind="delete", done_at=timezone.now())
    RetentionRule.objects.create(conversation_days=30)
    removed()
    [call] = deletions.due()
    assert call.upstream_id == "755"
    deletions.ended(call.pk, "done")
    assert DeletionCall.objects.get().identity_key == ""
    DeletionCall.objects.update(ended_at=timezone.now() - timedelta(days=40))
    removed()
    assert not DeletionCall.objects.exists()


@pytest.mark.parametrize("state", ["running", "waiting", "resuming", "recovering", "queued"])
def test_a_live_turn_is_never_touched(people, state):
    conversation = talk(people, 400, state=state)
    attach(people, conversation, 400, copy="")
    RetentionRule.objects.create(conversation_days=1, deleted_days=1, file_days=1, event_days=1)
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=300))
    assert removed() == Counter()
    assert [one.conversations for one in outlook()] == [0]


def test_what_is_asked_meanwhile_is_not_removed(people):
    """Between the look and the removal a question came."""
    first, second = talk(people, 40), talk(people, 41)
    RetentionRule.objects.create(conversation_days=30)
    steps = retain()
    while Conversation.objects.count() == 2:
        next(steps)
    Conversation.objects.filter(pk__in=[first.pk, second.pk]).update(last_asked_at=timezone.now())
    for _step in steps:
        pass
    assert Conversation.objects.count() == 1
