"""Which rule counts for what (M-114)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from chatweb.models import Conversation, RetentionRule
from chatweb.retention.counting import outlook
from tests.retention.talks import left, removed, talk


def test_without_a_rule_everything_stays(people):
    talk(people, 5000)
    assert removed() == Counter()
    assert outlook() == []


def test_the_rule_of_the_site(people):
    talk(people, 40)
    talk(people, 20)
    RetentionRule.objects.create(conversation_days=30)
    assert removed()["conversations"] == 1
    assert left() == {"20 days"}


@pytest.mark.parametrize(
    ("bot_days", "group_days", "site_days", "goes"),
    [
        (10, None, 90, True),  # the bot's is more specific, and shorter
        (90, None, 10, False),  # more specific, and longer
        (None, 10, 90, True),
        (None, 90, 10, False),
        (90, 10, 365, True),  # of two specific ones the shorter
        (10, 90, 365, True),
        (90, 90, 10, False),
        (None, None, 10, True),
        (None, None, 90, False),
    ],
)
def test_the_shortest_of_the_specific_rules_counts_and_else_the_sites(
    people, bot_days, group_days, site_days, goes
):
    people.ana.groups.add(people.sales)
    talk(people, 30)
    RetentionRule.objects.create(bot=people.helper, conversation_days=bot_days)
    RetentionRule.objects.create(group=people.sales, conversation_days=group_days)
    RetentionRule.objects.create(conversation_days=site_days)
    assert sum(one.conversations for one in outlook()) == goes
    assert removed()["conversations"] == goes


def test_a_rule_is_for_its_bot_and_the_people_of_its_group_only(people):
    people.ben.groups.add(people.sales)
    talk(people, 31)
    talk(people, 32, bot=people.guide)
    talk(people, 33, user=people.ben, bot=people.guide)
    RetentionRule.objects.create(bot=people.helper, conversation_days=10)
    RetentionRule.objects.create(group=people.sales, conversation_days=10)
    assert {one.name: one.conversations for one in outlook()} == {"Helper": 1, "Sales": 1}
    removed()
    assert left() == {"32 days"}


def test_each_kind_of_thing_finds_its_own_rule(people):
    """The bot's rule says nothing of events, so the site's holds for them."""
    kept = talk(people, 30)
    RetentionRule.objects.create(bot=people.helper, conversation_days=100)
    RetentionRule.objects.create(conversation_days=5, event_days=10)
    assert removed() == Counter(events=1)
    assert Conversation.objects.get() == kept


def test_deleted_conversations_have_a_limit_of_their_own(people):
    """Until then they stay with the operators, however hidden."""
    gone, young = talk(people, 30), talk(people, 31)
    talk(people, 32)
    old = timezone.now() - timedelta(days=8)
    Conversation.objects.filter(pk=gone.pk).update(deleted_at=old)
    Conversation.objects.filter(pk=young.pk).update(deleted_at=timezone.now())
    RetentionRule.objects.create(deleted_days=7)
    assert not Conversation.objects.visible_to(people.ana).filter(pk=gone.pk).exists()
    people.ben.is_operator = True
    assert Conversation.objects.reviewable_by(people.ben).filter(pk=gone.pk).exists()
    removed()
    assert left() == {"31 days", "32 days"}


def test_one_rule_a_bot_a_group_and_the_site(people):
    for values in ({}, {"bot": people.helper}, {"group": people.sales}):
        RetentionRule.objects.create(conversation_days=1, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRule.objects.create(conversation_days=2, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(bot=people.guide, group=Group.objects.create(name="x"))
