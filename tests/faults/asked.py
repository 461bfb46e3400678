"""A turn that waits for a person: brought to its card, answered, and looked at from all sides."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.database import Database, as_uuid
from tests.faults.answer_points import BACKGROUND_BOT, RUN_BOT, Channel, Point
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab
from tests.visitor import Visitor

Json = dict[str, Any]
SETTLED = {"answered", "declined", "expired", "canceled", "superseded"}
NOISE = re.compile(
    r" ?(mark|hold|hold_at|drop_after|quirk)=[^\s\"]+"
)  # what differs between a point and the same without a kill

ADD_BACKGROUND_BOT = f"""
from chatweb.models import Bot, BotGrant, Connection
watched = Bot.objects.get(name={RUN_BOT!r})
connection = Connection.objects.get(pk=watched.connection_id)
connection.pk, connection.uuid, connection.name = None, __import__("uuid").uuid4(), "Unwatched"
connection.save(force_insert=True)
grants = list(BotGrant.objects.filter(bot=watched))
watched.pk, watched.uuid, watched.connection = None, __import__("uuid").uuid4(), connection
watched.name, watched.runs_in_background = {BACKGROUND_BOT!r}, True
watched.save(force_insert=True)
for grant in grants:
    grant.pk, grant.bot = None, watched
    grant.save(force_insert=True)
"""


def add_background_bot(site: Site) -> None:
    site.shell(ADD_BACKGROUND_BOT)


@dataclass
class Asked:
    """One turn of one conversation. `chat`: the id upstream of what waits: a chat's or a run's."""

    point: Point
    conversation: str
    turn: str
    chat: str = ""
    body: Json = field(default_factory=dict)  # of the answer that was given last

    @property
    def channel(self) -> Channel:
        return self.point.channel


def begin(visitor: Visitor, bot: str, point: Point) -> Asked:
    body: Json = {
        "bot": bot,
        "client_id": str(uuid4()),
        "turn_client_id": str(uuid4()),
        "text": point.question,
    }
    if point.channel.is_run:
        body["parameters"] = {"mark": f"mark={point.mark}"}
    answer = visitor.post("/conversations/", body)
    return Asked(point, str(answer["conversation"]["id"]), str(answer["turn"]["id"]))


def open_cards(turn: Json) -> list[Json]:
    return [card for card in turn["actions"] if card["state"] in {"pending", "ready"}]


def waits_in_round(view: Any, turn: str, round_: int) -> bool:
    """Whether the turn waits with open cards of the round (from 1)."""
    if view.state(turn) != "waiting":
        return False
    return any(card["round"] == round_ and card["state"] == "pending" for card in view.turns[turn]["actions"])


def answer_of(asked: Asked, turn: Json, round_: int) -> Json:
    """The body of the answer to everything that is open in the round (from 0)."""
    cards = [card for card in open_cards(turn) if card["round"] == round_ + 1]
    outputs = asked.point.outputs(round_)
    assert len(cards) == len(outputs), f"{asked.point}: {len(cards)} cards"
    return {"outputs": {card["id"]: output for card, output in zip(cards, outputs, strict=True)}}


def post_answer(visitor: Visitor, asked: Asked) -> Json:
    return dict(visitor.post(f"/c/{asked.conversation}/turns/{asked.turn}/answer/", asked.body))


async def bring_to_card(simulator: SimulatorProcess, visitor: Visitor, tab: Tab, asked: Asked) -> None:
    """Until the card of the point is open; `asked.body` is its answer then."""
    last = len(asked.channel.rounds) - 1
    for round_ in range(last + 1):
        await tab.until(lambda view, r=round_: waits_in_round(view, asked.turn, r + 1))
        asked.body = answer_of(asked, tab.view.turns[asked.turn], round_)
        if round_ < last:
            post_answer(visitor, asked)
    asked.chat = what_waits(simulator, asked)


def what_waits(simulator: SimulatorProcess, asked: Asked) -> str:
    if asked.channel.is_run:
        return next(str(run["id"]) for run in simulator.runs() if f"mark={asked.point.mark}" in run["said"])
    chats = simulator.chats()
    first = next(chat for chat in chats if f"mark={asked.point.mark}" in chat["question"])
    mine = [chat for chat in chats if chat["conversation_id"] == first["conversation_id"]]
    return str([chat["id"] for chat in mine if chat["status"] == "requires_action"][-1])


def accepted(simulator: SimulatorProcess, asked: Asked) -> int:
    """How many answers the upstream took in the whole turn."""
    if asked.channel.is_run:
        return int(simulator.run(asked.chat)["accepted"])
    chats = simulator.chats(conversation_id=simulator.chat(asked.chat)["conversation_id"])
    return sum(int(chat["accepted"]) for chat in chats)


def record(simulator: SimulatorProcess, asked: Asked) -> list[str]:
    """What the upstream keeps of everything that was said in the turn, oldest first."""
    if asked.channel.is_run:
        nodes = simulator.run(asked.chat)["nodes"]
        return [plain(node["text"]) for title, node in nodes.items() if title != "End"]
    conversation = simulator.chat(asked.chat)["conversation_id"]
    said = simulator.messages(conversation_id=conversation)
    return [plain(each["content"]) for each in said if each["type"] == "answer"]


def plain(text: str) -> str:
    return NOISE.sub("", text)


def shown(turn: Json) -> Json:
    """What the person sees of a turn, without what differs from one asking to the next."""
    return {
        "state": turn["state"],
        "texts": [(plain(each["text"]), each["state"]) for each in in_order(turn)],
        "cards": [
            (
                card["round"],
                card["kind"],
                card["state"],
                plain(card["name"]),
                plain(card["output"]),
                card["refusal"],
                plain((card["question"] or {}).get("text", "")),
            )
            for card in turn["actions"]
        ],
        "error": turn["error"],
    }


def in_order(turn: Json) -> list[Json]:
    return sorted(turn["messages"], key=lambda each: each["ordinal"])


def is_over(turn: Json, asked: Asked) -> bool:
    """Whether the turn is where an answer brings it: ended, or waiting in the next round."""
    rounds = len(asked.channel.rounds)
    if turn["state"] != asked.channel.ends:
        return False
    return turn["state"] != "waiting" or any(card["round"] > rounds for card in turn["actions"])


def has_begun(turn: Json) -> bool:
    """Whether some of an answer is seen, but not all of it."""
    return any(each["state"] == "streaming" and each["text"] for each in turn["messages"])


def watch_cards(tab: Tab) -> None:
    """Write down every card that opens again after it was sent, or changes after it was settled."""
    take, known = tab.view.take_turn, dict[str, str]()

    def take_and_look(turn: Json) -> None:
        take(turn)
        for card in tab.view.turns.get(turn["id"], {"actions": []})["actions"]:
            before, now = known.get(card["id"], ""), card["state"]
            is_open_again = before in SETTLED | {"submitting"} and now == "pending"
            if is_open_again or (before in SETTLED and now != before):
                tab.view.faults.append(f"card {card['id']}: {before} -> {now}")
            known[card["id"]] = now

    tab.view.take_turn = take_and_look  # type: ignore[method-assign]


class Rows(Database):
    """To see that something is stored, and to hold its writers."""

    def state(self, turn: str) -> str:
        return str(self.value("SELECT state FROM chatweb_turn WHERE uuid = ?", UUID(turn)))

    def bots(self) -> dict[str, str]:
        """Their uuids by name."""
        return {name: as_uuid(uuid) for name, uuid in self.rows("SELECT name, uuid FROM chatweb_bot")}

    def until_stored(self, turn: str, seconds: float = 20) -> None:
        """Return as soon as the last answer is stored, and let nobody write from there on."""
        deadline = time.monotonic() + seconds
        while self.state(turn) == "waiting":
            assert time.monotonic() < deadline, "the answer was not stored"
        self.lock()
