"""What a run came to: pages, database and what people were told against the upstream's record. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from simulator.pace import numbered_tokens
from tests.chaos.people import OVER, Asked

Json = dict[str, Any]
MOST_TOKENS = 1000
NUMBERED = "".join(numbered_tokens(MOST_TOKENS))
FAILING = "This answer will not come to its end"  # what the simulator says before `error=` fails
CARD = '"card_type"'  # a question's own message, which a page shows as a card
FAULTS = ("lost", "doubled", "stuck", "different")


@dataclass(slots=True)
class Record:
    """What the simulator kept: by the turn that its question names, by chat, and by mark for runs."""

    chats: dict[str, Json]
    chats_of_turn: dict[str, list[tuple[str, str]]]  # turn -> (leg, chat id)
    answers: dict[str, list[str]]  # by chat
    runs: dict[str, Json]  # by execute id


def record_of(chats: list[Json], messages: list[Json], runs: list[Json]) -> Record:
    of_turn: dict[str, list[tuple[str, str]]] = defaultdict(list)
    answers: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if message["type"] == "answer" and CARD not in message["content"]:
            answers[message["chat_id"]].append(message["content"])
        elif turn := message["meta_data"].get("turn"):
            of_turn[turn].append((message["meta_data"].get("leg", ""), message["chat_id"]))
    by_id = {chat["id"]: chat for chat in chats if not chat["is_other_client"]}
    return Record(by_id, dict(of_turn), dict(answers), {run["id"]: run for run in runs})


@dataclass(slots=True)
class Stored:
    """A turn in the database. `legs`: (chat id, execute id) in their order."""

    state: str
    texts: list[str] = field(default_factory=list)
    legs: list[tuple[str, str]] = field(default_factory=list)


class Judge:
    """`faults` counts by kind, `sentences` says each one."""

    def __init__(self, record: Record, stored: dict[str, Stored], pages: dict[str, list[Json]]) -> None:
        self.record, self.stored = record, stored
        self.pages = {turn["id"]: turn for turns in pages.values() for turn in turns}
        self.faults: Counter[str] = Counter()
        self.sentences: list[str] = []
        self.submitted = 0

    def _found(self, kind: str, asked: Asked | None, words: str) -> None:
        self.faults[kind] += 1
        who = f"{asked.turn} ({asked.question.kind}: {asked.question.text}): " if asked else ""
        self.sentences.append(f"{kind}: {who}{words}")

    def judge(self, asked: list[Asked]) -> None:
        for one in asked:
            self._turn(one)
        self._strangers({one.turn for one in asked})

    def _strangers(self, known: set[str]) -> None:
        for turn in self.pages.keys() - known:
            self._found("doubled", None, f"a page shows the turn {turn}, which nobody asked")
        for turn in self.record.chats_of_turn.keys() - known:
            self._found("doubled", None, f"upstream was asked by the turn {turn}, which nobody asked")

    def _turn(self, asked: Asked) -> None:
        page, stored = self.pages.get(asked.turn), self.stored.get(asked.turn)
        if page is None or stored is None:
            self._found("lost", asked, f"accepted, but {'not shown' if stored else 'not stored'}")
            return
        texts = texts_of(page)
        if (page["state"], texts) != (stored.state, stored.texts):
            self._found("different", asked, f"page {page['state']}, {texts}; stored {stored}")
        if page["state"] not in OVER:
            self._found("stuck", asked, f"{page['state']}, held {page['is_held']}")
            return
        if asked.question.channel is not None and asked.question.channel.is_run:
            self._run(asked, page, stored)
        else:
            self._chats(asked, page)
        self._cards(asked, page)

    def _chats(self, asked: Asked, page: Json) -> None:
        legs = self.record.chats_of_turn.get(asked.turn, [])
        for leg, times in Counter(leg for leg, _ in legs).items():
            if times > 1:
                self._found("doubled", asked, f"leg {leg} was sent {times} times")
        chats = [self.record.chats[chat] for _, chat in legs if chat in self.record.chats]
        said = [text for chat in chats for text in self.record.answers.get(chat["id"], [])]
        self._compare(asked, page, said, [chat["status"] for chat in chats])
        self._submits(asked, page, sum(chat["accepted"] for chat in chats))

    def _run(self, asked: Asked, page: Json, stored: Stored) -> None:
        ids = {execute_id for _, execute_id in stored.legs if execute_id}
        runs = [self.record.runs[one] for one in ids if one in self.record.runs]
        if len(runs) > 1:
            self._found("doubled", asked, f"{len(runs)} runs")
        said = [node["text"] for run in runs for title, node in run["nodes"].items() if title != "End"]
        states = {"Success": "completed", "Fail": "failed", "Cancel": "canceled"}
        self._compare(asked, page, said, [states.get(run["status"], run["status"]) for run in runs])
        self._submits(asked, page, sum(run["accepted"] for run in runs))

    def _compare(self, asked: Asked, page: Json, said: list[str], statuses: list[str]) -> None:
        """Shown texts against said ones; what was cut off or failed may be less, and never something else."""
        shown, state = texts_of(page), page["state"]
        is_done = bool(statuses) and statuses[-1] == "completed"
        if state == "completed":
            if shown != said:
                kind = "doubled" if len(shown) > len(said) else "different"
                if len("".join(shown)) < len("".join(said)):
                    kind = "lost"
                self._found(kind, asked, f"shown {shown}, said {said}, upstream {statuses}")
            return
        if (state == "lost" and statuses) or (state == "failed" and is_done):
            self._found("lost", asked, f"{state}, {page['error']}, but upstream {statuses}")
        if len(said) < len(shown):  # the upstream keeps nothing of what it did not finish
            said = [*said, *[NUMBERED] * (len(shown) - len(said))]
        for text, whole in zip(shown, said, strict=False):
            if not any(known.startswith(text) for known in (whole, NUMBERED, FAILING)):
                self._found("different", asked, f"{state}: {text!r} does not begin {whole!r}")

    def _submits(self, asked: Asked, page: Json, accepted: int) -> None:
        """Every round that the page calls answered was let in once."""
        rounds = {card["round"] for card in page["actions"] if card["state"] in {"answered", "declined"}}
        self.submitted += accepted
        expected = len(rounds)
        if accepted > expected:
            self._found("doubled", asked, f"{accepted} answers let in, {expected} rounds answered")
        elif accepted < expected:
            self._found("lost", asked, f"{accepted} answers let in, {expected} rounds answered")

    def _cards(self, asked: Asked, page: Json) -> None:
        for card in page["actions"]:
            if card["state"] == "answered" and card["output"] != asked.outputs.get(card["id"]):
                self._found("different", asked, f"card {card['id']} holds {card['output']!r}")
            if card["state"] in {"pending", "ready", "submitting"}:
                self._found("stuck", asked, f"card {card['id']} is {card['state']}")


def texts_of(turn: Json) -> list[str]:
    """The answers of a turn on a page, in their order."""
    messages = sorted(turn["messages"], key=lambda message: message["ordinal"])
    return [message["text"] for message in messages if message["type"] == "answer"]
