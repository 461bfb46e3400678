"""Turns that wait, as rows, for the tests of rounds."""

from __future__ import annotations

from uuid import uuid4

from chatweb.models import Action, Conversation, Leg, Turn
from chatweb.turns import rounds
from chatweb.turns.ledger import Hold
from chatweb.turns.machine import Leg as LegRead
from chatweb.turns.machine import Verdict
from chatweb.turns.states import ActionState, TurnState
from chatweb.upstreams.events import Question, ToolCall

OWNER = "me"


def running(conversation: Conversation) -> tuple[Turn, Hold]:
    """A turn that this process runs, with its first leg."""
    ordinal = conversation.turns.count() + 1
    turn = Turn.objects.create(
        conversation=conversation,
        client_id=uuid4(),
        ordinal=ordinal,
        state=TurnState.RUNNING,
        owner=OWNER,
        epoch=1,
    )
    add_leg(turn)
    return turn, Hold(turn.pk, conversation.pk, OWNER, 1)


def add_leg(turn: Turn, kind: str = Leg.Kind.CHAT) -> Leg:
    return Leg.objects.create(turn=turn, ordinal=turn.legs.count(), kind=kind, chat_id="7001")


def rain(id_: str, name: str = "rain", arguments: str = '{"location":"Ulm"}') -> ToolCall:
    return ToolCall(id=id_, type="function", name=name, arguments=arguments)


def waits_for(*calls: ToolCall, questions: tuple[Question, ...] = ()) -> LegRead:
    return LegRead(chat_id="7001", verdict=Verdict.REQUIRES_ACTION, calls=calls, questions=questions)


def open_round(turn: Turn, hold: Hold, read: LegRead, from_: str = TurnState.RUNNING) -> rounds.Opened:
    leg = turn.legs.order_by("-ordinal").first()
    assert leg is not None
    return rounds.open_round(hold, leg.pk, read, from_, None, 3)


def take_up(turn: Turn) -> None:
    """As a supervisor does with a turn whose answers are in."""
    Turn.objects.filter(pk=turn.pk, state=TurnState.RESUMING).update(owner=OWNER)


def fill_in(turn: Turn, **outputs: str) -> None:
    """Answers by upstream id, ready to be sent."""
    for id_, output in outputs.items():
        mine = Action.objects.filter(turn=turn, upstream_id=id_)
        assert mine.move(
            ActionState.PENDING, ActionState.READY, output=output, decision=Action.Decision.ANSWERED
        )


def states(turn: Turn) -> list[str]:
    cards = Action.objects.filter(turn=turn).order_by("round", "ordinal")
    return [str(card.state) for card in cards]
