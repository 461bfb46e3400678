"""What a legal hold keeps, and until when (M-114)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from chatweb.models import Attachment, Deletion, Errand, Event, LegalHold, RetentionRule
from chatweb.retention.counting import outlook
from chatweb.turns import deletions, errands
from chatweb.turns.commands import delete_account
from tests.retention.talks import attach, left, removed, talk


@pytest.mark.parametrize("kind", ["user", "bot", "group", "conversation"])
def test_a_hold_keeps_everything_until_it_is_lifted(people, kind):
    people.ana.groups.add(people.sales)
    held = talk(people, 400)
    attach(people, held, 400)
    talk(people, 401, user=people.ben, bot=people.guide)
    on = {"user": people.ana, "bot": people.helper, "group": people.sales, "conversation": held}[kind]
    hold = LegalHold.objects.create(reason="case 7", **{kind: on})
    RetentionRule.objects.create(conversation_days=1, deleted_days=1, file_days=1, event_days=1)
    [told] = outlook()
    assert (told.conversations, told.held) == (1, 1)
    removed()
    assert left() == {"400 days"}
    assert Event.objects.count() == 1
    assert bool(Attachment.objects.get().copy)
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=timezone.now())
    removed()
    assert left() == set()


def test_a_hold_is_on_one_thing(people):
    for values in ({}, {"user": people.ana, "bot": people.helper}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalHold.objects.create(reason="x", **values)


def leave(user: User) -> Deletion:
    """Delete the account and let the supervisor's steps run until there is none."""
    deletion = delete_account(user)
    for _step in range(20):
        if not deletions.take_step([]):
            break
    deletion.refresh_from_db()
    return deletion


def test_a_held_conversation_outlives_its_persons_account_until_it_is_lifted(people):
    held = talk(people, 1)
    talk(people, 2)
    hold = LegalHold.objects.create(reason="case 7", conversation=held)
    deletion = leave(people.ana)
    assert left() == {"1 days"}
    assert (deletion.is_held, deletion.held_count, deletion.carried_out_at) == (True, 1, None)
    people.ana.refresh_from_db()
    assert not people.ana.is_active
    assert not deletions.take_step([])  # and nobody asks again every second
    deletions.look_at_holds()
    assert not deletions.take_step([])
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=timezone.now())  # by a shell: no page tells
    deletions.look_at_holds()
    deletion = leave(people.ana)
    assert left() == set()
    assert deletion.carried_out_at
    assert not User.objects.filter(username="ana").exists()


@pytest.mark.parametrize("kind", ["user", "group"])
def test_a_person_who_is_held_keeps_their_account_without_a_conversation(people, kind):
    people.ana.groups.add(people.sales)
    LegalHold.objects.create(reason="x", **{kind: people.ana if kind == "user" else people.sales})
    deletion = leave(people.ana)
    assert (deletion.is_held, deletion.held_count) == (True, 0)
    deletions.look_at_holds()
    assert not deletions.take_step([])
    assert User.objects.filter(username="ana").exists()
    people.ana.groups.clear()
    deletions.look_at_holds()
    assert deletions.take_step([]) is (kind == "group")


def test_what_a_person_deletes_under_a_hold_is_not_deleted_upstream(people):
    held = talk(people, 1, upstream="755")
    LegalHold.objects.create(reason="x", conversation=held)
    Errand.objects.put(held, Errand.Kind.DELETE)
    assert errands.due() == []
    LegalHold.objects.update(lifted_at=timezone.now())
    Errand.objects.update(not_before=timezone.now())
    assert [task.kind for task in errands.due()] == ["delete"]
