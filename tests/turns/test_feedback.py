"""A rating beside turns and errands: what a turn that goes on knows, and when telling is given up."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from chatweb.models import (
    Bot,
    Connection,
    Conversation,
    CozeIdentity,
    Errand,
    Feedback,
    Leg,
    Message,
    Turn,
)
from chatweb.turns import claims, errands
from chatweb.turns.commands import rate
from chatweb.turns.errands import MAX_ATTEMPTS
from chatweb.turns.feed import Feed
from chatweb.upstreams.errors import Forbidden, NotSupported, Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> Message:
    """An answer of a turn that waits for a person."""
    user = User.objects.create_user("demo")
    connection = Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")
    bot = Bot.objects.create(connection=connection, upstream_id="7001", name="Weather")
    identity = CozeIdentity.objects.current(user, connection)
    conversation = Conversation.objects.create(user=user, bot=bot, identity=identity, upstream_id="7002")
    turn = Turn.objects.create(
        conversation=conversation, client_id=conversation.uuid, ordinal=1, state="waiting"
    )
    leg = Leg.objects.create(turn=turn, chat_id="7003", upstream_conversation_id="7002")
    return Message.objects.create(
        conversation=conversation, turn=turn, leg=leg, type="answer", text="Well.", upstream_id="7004"
    )


def due_now() -> list[errands.Task]:
    Errand.objects.filter(done_at=None, gave_up_at=None).update(not_before=timezone.now())
    return errands.due()


def rated(message: Message, rating: str, comment: str = "") -> Feedback:
    rate(message, message.conversation.user, rating, comment=comment)
    return Feedback.objects.get()


def test_a_turn_that_goes_on_knows_what_was_said_while_it_waited(message):
    rated(message, "bad", "too short")
    Turn.objects.update(state="resuming")
    assignment = claims.take_up(message.turn_id, "owner")
    assert assignment is not None
    [shown] = Feed(assignment.head, assignment.parts).snapshot()["messages"]
    assert shown["feedback"] == {"rating": "bad", "reasons": [], "comment": "too short"}


@pytest.mark.parametrize(
    ("error", "attempts", "state"),
    [
        (Unreachable("no"), 1, "pending"),
        (Unreachable("no"), MAX_ATTEMPTS, "failed"),
        (Forbidden("no"), 1, "failed"),
        (NotSupported("no"), 1, "not_supported"),
    ],
)
def test_what_an_error_leads_to(message, error, attempts, state):
    rated(message, "good")
    Errand.objects.update(attempts=attempts - 1)
    [task] = due_now()
    errands.failed(task, error)
    feedback = Feedback.objects.get()
    assert (feedback.sync_state, feedback.attempts, feedback.last_error) == (state, attempts, "no")
    assert (Errand.objects.get().gave_up_at is None) == (state == "pending")


@pytest.mark.parametrize("outcome", ["done", "failed"])
def test_an_older_wish_leaves_a_newer_one_pending(message, outcome):
    rated(message, "good")
    [task] = due_now()
    rated(message, "bad")
    if outcome == "done":
        errands.done(task)
    else:
        errands.failed(task, Forbidden("no"))
    assert Feedback.objects.get().sync_state == "pending"
    [newer] = due_now()
    assert newer.opinion is not None
    assert newer.opinion.kind == "unlike"
    errands.done(newer)
    assert Feedback.objects.get().sync_state == "sent"


def test_what_is_in_hand_is_not_taken_again(message):
    rated(message, "good")
    [task] = due_now()
    Errand.objects.update(not_before=timezone.now())
    assert errands.due(frozenset({task.errand_pk})) == []


def test_each_answer_has_an_errand_of_its_own(message):
    other = Message.objects.create(
        conversation=message.conversation,
        turn=message.turn,
        leg=message.leg,
        type="answer",
        upstream_id="7005",
    )
    user = message.conversation.user
    rate(message, user, "good")
    rate(other, user, "bad")
    rate(other, user, "good")
    assert sorted((task.opinion.message_id, task.opinion.kind) for task in due_now() if task.opinion) == [
        ("7004", "like"),
        ("7005", "like"),
    ]


@pytest.mark.parametrize("what", ["card", "no id upstream", "workflow", "dialect", "switched off"])
def test_what_the_upstream_does_not_take_is_kept_here_only(message, what):
    conversation = message.conversation
    if what == "card":
        message.content_type = "card"
    if what == "no id upstream":
        message.upstream_id = ""
    if what == "workflow":
        conversation.bot.kind = "workflow"
    if what == "dialect":
        conversation.bot.connection.dialect = "studio"
    if what == "switched off":
        conversation.bot.pushes_feedback = False
    rate(message, conversation.user, "bad")
    assert Feedback.objects.get().sync_state == "not_supported"
    assert not Errand.objects.exists()


def test_what_was_told_before_the_switch_can_still_be_taken_back(message):
    rated(message, "bad")
    [task] = due_now()
    errands.done(task)
    message.conversation.bot.pushes_feedback = False
    rate(message, message.conversation.user, "")
    [task] = due_now()
    assert task.opinion is not None
    assert (task.opinion.kind, task.opinion.was_told) == ("", True)
