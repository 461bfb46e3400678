"""Somebody in a chaos run: asks, reads in tabs, answers cards, stops, and tries again as the page does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.chaos.plan import Plan, Question
from tests.reduction import units
from tests.tab import Tab
from tests.visitor import Visitor

Json = dict[str, Any]
OVER = {"completed", "failed", "canceled", "lost"}
AGAIN = {"failed", "lost"}
REPEAT_SECONDS = 0.3
GIVE_UP_SECONDS = 120.0  # a page would go on for ever; a run must end
PATIENCE_SECONDS = 150.0
# Somebody else of theirs, another device, was first: no fault.
TOO_LATE = {"not_waiting", "not_running", "already_over", "too_late", "not_queued", "not_last"}


@dataclass(slots=True)
class Asked:
    """One turn that the site said it has. `rounds`: the rounds that were answered."""

    conversation: str
    turn: str
    question: Question
    outputs: dict[str, str] = field(default_factory=dict)  # by card, as it was said last
    is_again: bool = False


class Person:
    """`asked` is all that was ever accepted; `troubles` what a person would complain about."""

    def __init__(self, number: int, name: str, password: str, url: str, seed: int) -> None:
        self.number = number
        self.url, self.name, self.password = url, name, password
        self.plan = Plan(seed, number)
        self.draw = random.Random(f"{seed}-{number}-deeds")
        self.asked: list[Asked] = []
        self.tabs: dict[str, Tab] = {}  # by bot
        self.troubles: list[str] = []
        self.repeats = 0
        self.visitor: Visitor

    async def come(self) -> None:
        self.visitor = await asyncio.to_thread(Visitor, self.url, self.name, self.password)
        self.visitor.http.timeout = httpx.Timeout(10)
        state = await self.patiently(lambda: self.visitor.page_state())
        self.bots = {bot["name"]: bot["id"] for bot in state["bots"]}

    async def leave(self) -> None:
        for tab in self.tabs.values():
            if tab.task is not None:
                tab.task.cancel()
                await asyncio.gather(tab.task, return_exceptions=True)
        self.visitor.close()

    async def live(self, is_over: asyncio.Event) -> None:
        """Ask one thing after the other; what was begun is brought to its end."""
        following: Question | None = None
        while not is_over.is_set() or following:
            question, following = following or self.plan.next(), None
            asked = [await self.ask(question)]
            behind = self.plan.next()
            if behind.is_behind and behind.channel is None and question.channel is None:
                asked.append(await self.ask(behind, asked[0].conversation))
            elif not is_over.is_set():
                following = behind
            for one in filter(None, asked):
                await self.see_through(one)

    # --- commands ------------------------------------------------------------------------------------

    async def patiently(self, call: Callable[[], Any]) -> Any:
        """Again and again until the site answers yes or no: everything is repeated with the same ids."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + GIVE_UP_SECONDS
        while True:
            try:
                return await asyncio.to_thread(call)
            except httpx.TransportError as error:
                failure: Exception = error
            except httpx.HTTPStatusError as error:
                if error.response.status_code < 500:
                    raise
                failure = error
            self.repeats += 1
            if loop.time() > deadline:
                raise TimeoutError(f"nobody answered for {GIVE_UP_SECONDS:.0f} s: {failure}") from failure
            await asyncio.sleep(REPEAT_SECONDS)

    async def post(self, path: str, body: Json) -> Json | None:
        """None, and a complaint, for a refusal."""
        try:
            return dict(await self.patiently(lambda: self.visitor.post(path, body)))
        except httpx.HTTPStatusError as refused:
            reason = refused.response.json().get("error", {}).get("reason", "")
            if reason not in TOO_LATE:
                self.troubles.append(f"{path} refused: {refused.response.status_code} {reason}")
        except TimeoutError as late:
            self.troubles.append(f"{path}: {late}")
        return None

    async def ask(self, question: Question, conversation: str = "") -> Asked | None:
        body: Json = {"text": question.text, "files": []}
        tab = self.tabs.get(question.bot)
        is_fresh = not conversation and (tab is None or question.channel or self.draw.random() < 0.2)
        if is_fresh:
            ids = {"client_id": str(uuid4()), "turn_client_id": str(uuid4())}
            body |= {"bot": self.bots[question.bot], **ids}
            if question.channel is not None and question.channel.is_run:
                body["parameters"] = {"mark": f"mark={question.mark}"}
            answer = await self.post("/conversations/", body)
            conversation = answer["conversation"]["id"] if answer else ""
            if answer:
                await self.look_at(question.bot, conversation)
        else:
            conversation = conversation or self.tabs[question.bot].conversation
            body["client_id"] = str(uuid4())
            answer = await self.post(f"/c/{conversation}/ask/", body)
        return self._note(answer, conversation, question)

    def _note(self, answer: Json | None, conversation: str, question: Question, **more: Any) -> Asked | None:
        if answer is None:
            return None
        asked = Asked(conversation, str(answer["turn"]["id"]), question, **more)
        self.asked.append(asked)
        return asked

    async def look_at(self, bot: str, conversation: str) -> None:
        """One tab a bot: it moves on to the new conversation as the page does, by a socket of its own."""
        await self.close_tab(bot)
        tab = self.tabs[bot] = Tab(self.visitor, conversation)
        tab.task = asyncio.create_task(tab.run())

    async def close_tab(self, bot: str) -> None:
        if (old := self.tabs.pop(bot, None)) is not None and old.task is not None:
            old.task.cancel()
            await asyncio.gather(old.task, return_exceptions=True)
            self.troubles += [f"tab of {old.conversation}: {fault}" for fault in old.view.faults]

    # --- what is seen, and done about it ---------------------------------------------------------------

    async def see_through(self, asked: Asked) -> None:
        """Until the turn is over in the tab: answer its cards, stop it, send it again."""
        while await self.sees(asked, lambda turn: needs_somebody(turn, asked)):
            turn = self.turn_of(asked)
            if turn["state"] in OVER:
                if turn["state"] in AGAIN and not asked.is_again and asked.question.kind != "refused":
                    await self.ask_again(asked)
                return
            if turn["is_held"]:
                await self.post(f"{path_of(asked)}send-now/", {})
                waits = lambda turn: not turn["is_held"]  # noqa: E731
            elif turn["state"] == "waiting":
                await self.answer(asked, turn)
                known = open_cards(turn)
                waits = lambda turn, known=known: turn["state"] in OVER or open_cards(turn) != known  # noqa: E731
            else:
                await self.stop(asked, turn)
                waits = lambda turn: turn["state"] in OVER  # noqa: E731
            await self.sees(asked, waits)

    def tab_of(self, asked: Asked) -> Tab:
        return next(tab for tab in self.tabs.values() if tab.conversation == asked.conversation)

    def turn_of(self, asked: Asked) -> Json:
        return dict(self.tab_of(asked).view.turns[asked.turn])

    async def sees(self, asked: Asked, is_so: Callable[[Json], bool]) -> bool:
        """Whether the tab comes to show it while a person would wait."""
        try:
            await self.tab_of(asked).until(
                lambda view: asked.turn in view.turns and is_so(view.turns[asked.turn]), PATIENCE_SECONDS
            )
        except AssertionError:
            seen = self.tab_of(asked).view.turns.get(asked.turn)
            self.troubles.append(
                f"turn {asked.turn} ({asked.question.text}): the tab shows "
                f"{seen and (seen['state'], open_cards(seen))} for {PATIENCE_SECONDS:.0f} s"
            )
            return False
        return True

    async def answer(self, asked: Asked, turn: Json) -> None:
        cards = unanswered(turn)
        said = asked.question.rounds
        for card in cards:
            peers = [one["id"] for one in turn["actions"] if one["round"] == card["round"]]
            outputs = said[min(card["round"], len(said)) - 1]
            place = min(peers.index(card["id"]), len(outputs) - 1)
            asked.outputs[card["id"]] = outputs[place].replace("{words}", "").strip()
        body = {"outputs": {card["id"]: asked.outputs[card["id"]] for card in cards}, "declined": {}}
        devices = 2 if asked.question.has_two_devices else 1
        await asyncio.gather(*(self.post(f"{path_of(asked)}answer/", body) for _ in range(devices)))

    async def stop(self, asked: Asked, turn: Json) -> None:
        shown = {message["id"]: units(message["text"]) for message in turn["messages"]}
        thought = {message["id"]: units(message["reasoning"]) for message in turn["messages"]}
        await self.post(f"{path_of(asked)}stop/", {"shown": shown, "thought": thought})

    async def ask_again(self, asked: Asked) -> None:
        answer = await self.post(f"{path_of(asked)}again/", {"client_id": str(uuid4())})
        again = self._note(answer, asked.conversation, asked.question, is_again=True)
        if again is not None:
            await self.see_through(again)


def path_of(asked: Asked) -> str:
    return f"/c/{asked.conversation}/turns/{asked.turn}/"


def open_cards(turn: Json) -> list[tuple[str, str, str]]:
    cards = [card for card in turn["actions"] if card["state"] in {"pending", "ready"}]
    return [(card["id"], card["state"], card["refusal"]) for card in cards]


def unanswered(turn: Json) -> list[Json]:
    """Cards that nobody answered yet, and those whose answer came back from the upstream."""
    cards = [card for card in turn["actions"] if card["state"] in {"pending", "ready"}]
    return [card for card in cards if card["state"] == "pending" or card["refusal"]]


def needs_somebody(turn: Json, asked: Asked) -> bool:
    """Over, held, asking, or as far as its person lets it go."""
    if turn["state"] in OVER or turn["is_held"]:
        return True
    if turn["state"] == "waiting":
        return bool(unanswered(turn))
    length = sum(units(message["text"]) for message in turn["messages"])
    return 0 < asked.question.stops_after <= length and turn["state"] == "running"
