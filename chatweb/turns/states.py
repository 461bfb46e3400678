"""The states of turns, actions and messages, the only moves between them (design, section 4), and ratings."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TurnState(TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("answering")
    WAITING = "waiting", _("waiting for you")
    RESUMING = "resuming", _("going on")
    RECOVERING = "recovering", _("recovering")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("stopped")
    LOST = "lost", _("lost")


class ActionState(TextChoices):
    PENDING = "pending", _("waiting")
    READY = "ready", _("ready")
    SUBMITTING = "submitting", _("submitting")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    CANCELED = "canceled", _("canceled")
    SUPERSEDED = "superseded", _("superseded")


class Rating(TextChoices):
    """What a person says of an answer."""

    GOOD = "good", _("good")
    BAD = "bad", _("bad")


class MessageState(TextChoices):
    STREAMING = "streaming", _("streaming")
    COMPLETED = "completed", _("completed")
    CUT = "cut", _("cut off")


T, A = TurnState, ActionState

TURN_MOVES: dict[TurnState, frozenset[TurnState]] = {
    T.QUEUED: frozenset({T.RUNNING, T.CANCELED, T.FAILED}),
    T.RUNNING: frozenset({T.QUEUED, T.WAITING, T.RECOVERING, T.COMPLETED, T.FAILED, T.CANCELED}),
    T.WAITING: frozenset({T.RESUMING, T.RECOVERING, T.CANCELED, T.FAILED}),
    T.RESUMING: frozenset({T.RUNNING, T.RECOVERING, T.CANCELED, T.FAILED}),
    T.RECOVERING: frozenset({T.RUNNING, T.WAITING, T.COMPLETED, T.FAILED, T.CANCELED, T.LOST}),
    T.COMPLETED: frozenset(),
    T.FAILED: frozenset(),
    T.CANCELED: frozenset(),
    T.LOST: frozenset(),
}

ACTION_MOVES: dict[ActionState, frozenset[ActionState]] = {
    A.PENDING: frozenset({A.READY, A.EXPIRED, A.CANCELED, A.SUPERSEDED}),
    A.READY: frozenset({A.SUBMITTING, A.PENDING, A.EXPIRED, A.CANCELED, A.SUPERSEDED}),
    A.SUBMITTING: frozenset({A.ANSWERED, A.DECLINED, A.READY}),
    A.ANSWERED: frozenset(),
    A.DECLINED: frozenset(),
    A.EXPIRED: frozenset(),
    A.CANCELED: frozenset(),
    A.SUPERSEDED: frozenset(),
}

# At most one turn of a conversation may be in one of these: a partial unique constraint holds it.
LIVE = frozenset({T.RUNNING, T.WAITING, T.RESUMING, T.RECOVERING})
# A process holds a task for these; a waiting turn holds nothing.
OWNED = frozenset({T.RUNNING, T.RESUMING, T.RECOVERING})
# A person can answer these, or change an answer that was not sent yet.
ANSWERABLE = frozenset({A.PENDING, A.READY})
OVER = frozenset(state for state, moves in TURN_MOVES.items() if not moves)


class IllegalMove(ValueError):
    """A move that is in no table: a fault of the program, never of a race."""


def check_turn_move(from_: str, to: str) -> None:
    """Raise IllegalMove unless a turn may go from `from_` to `to`."""
    if TurnState(to) not in TURN_MOVES[TurnState(from_)]:
        raise IllegalMove(f"a turn cannot go from {from_} to {to}")


def check_action_move(from_: str, to: str) -> None:
    """Raise IllegalMove unless an action may go from `from_` to `to`."""
    if ActionState(to) not in ACTION_MOVES[ActionState(from_)]:
        raise IllegalMove(f"an action cannot go from {from_} to {to}")
