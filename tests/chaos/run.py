"""One run: people, trouble, rest, and the comparison of everything with everything."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.chaos.browser import read_pages, words
from tests.chaos.judging import Judge, Stored, record_of, texts_of
from tests.chaos.people import Asked, Person
from tests.chaos.trouble import Trouble
from tests.cluster import Cluster
from tests.database import Database, as_uuid
from tests.reduction import Conversation
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab

PASSWORD = "a long passphrase"
NAMES = "person{}"
REST_SECONDS = 180.0
NEWEST = 20  # turns; of older ones a tab that came back may know nothing
SETTLE_SECONDS = 20.0
SAMPLE = 6  # conversations that a real browser reads
THREADS = 64
UNOWNED = "SELECT count(*) FROM chatweb_turn WHERE state NOT IN ('completed', 'failed', 'canceled', 'lost')"


@dataclass(slots=True)
class Outcome:
    """What the summary prints. `sentences`: one for each fault found."""

    counts: Counter[str]  # of what was done
    judge: Judge
    people: list[Person]
    pages: dict[str, list[dict[str, Any]]]
    rest_seconds: float
    in_browser: int
    sentences: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[Asked]:
        return [one for person in self.people for one in person.asked]


class Run:
    """`count` people on a cluster, for so many seconds."""

    def __init__(self, cluster: Cluster, simulator: SimulatorProcess, seed: int, count: int) -> None:
        self.cluster, self.simulator, self.seed = cluster, simulator, seed
        self.people = [
            Person(number, NAMES.format(number), PASSWORD, cluster.url, seed) for number in range(count)
        ]

    async def go(self, seconds: float) -> Outcome:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        await asyncio.to_thread(self._let_in)
        for (
            person
        ) in self.people:  # sign-ins of one address that hash side by side wait too long for each other
            await person.come()
        trouble = Trouble(self.cluster, self.simulator, self.tabs, self.seed)
        is_over = asyncio.Event()
        making = asyncio.create_task(trouble.make())
        living = [asyncio.create_task(person.live(is_over)) for person in self.people]
        await asyncio.wait({making, *living}, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        trouble.end()
        is_over.set()
        [undone] = await asyncio.gather(making, return_exceptions=True)
        begun = time.monotonic()
        endings = await asyncio.gather(*living, return_exceptions=True)
        await self._rest(begun + REST_SECONDS)
        rest_seconds = time.monotonic() - begun
        outcome = await self._compare(trouble.counts, rest_seconds)
        if undone is not None:
            outcome.sentences.append(f"the faults ended with {undone!r}")
        for person, ending in zip(self.people, endings, strict=True):
            if ending is not None:
                outcome.sentences.append(f"{person.name} ended with {ending!r}")
            outcome.sentences += [f"{person.name}: {trouble}" for trouble in person.troubles]
        return outcome

    def tabs(self) -> list[Tab]:
        return [tab for person in self.people for tab in person.tabs.values()]

    def _let_in(self) -> None:
        self.cluster.manage(
            "shell",
            "-v",
            "0",
            "-c",
            "from accounts.models import User\nfrom django.contrib.auth.models import Group\n"
            f"for name in {[person.name for person in self.people]!r}:\n"
            f"    user = User.objects.create_user(name, name + '@example.com', {PASSWORD!r})\n"
            "    user.groups.set(Group.objects.all())",
        )

    async def _rest(self, deadline: float) -> None:
        """Until no turn of the database is under way; those that never rest are found by the judge."""
        database = Database(self.cluster.env["DATABASE_URL"])
        try:
            while database.value(UNOWNED) and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
        finally:
            database.close()

    async def _compare(self, counts: Counter[str], rest_seconds: float) -> Outcome:
        pages: dict[str, list[dict[str, Any]]] = {}
        for person in self.people:
            for conversation in dict.fromkeys(one.conversation for one in person.asked):
                pages[conversation] = await person.patiently(partial(person.visitor.turns, conversation))
        record = record_of(self.simulator.chats(), self.simulator.messages(), self.simulator.runs())
        judge = Judge(record, self._stored(), pages)
        outcome = Outcome(counts, judge, self.people, pages, rest_seconds, 0)
        judge.judge(outcome.asked)
        await self._look_into_tabs(outcome)
        sample = sorted(pages)[:: max(1, len(pages) // SAMPLE)][:SAMPLE]
        outcome.sentences += judge.sentences + await self._look_with_browser(sample, pages)
        outcome.in_browser = len(sample)
        return outcome

    def _stored(self) -> dict[str, Stored]:
        database = Database(self.cluster.env["DATABASE_URL"])
        try:
            turns = database.rows("SELECT id, uuid, state FROM chatweb_turn")
            stored = {pk: (as_uuid(uuid), Stored(state)) for pk, uuid, state in turns}
            texts = (
                "SELECT turn_id, text FROM chatweb_message WHERE type = 'answer' ORDER BY turn_id, ordinal"
            )
            for pk, text in database.rows(texts):
                stored[pk][1].texts.append(text)
            legs = "SELECT turn_id, chat_id, execute_id FROM chatweb_leg ORDER BY turn_id, ordinal"
            for pk, chat_id, execute_id in database.rows(legs):
                stored[pk][1].legs.append((chat_id, execute_id))
        finally:
            database.close()
        return dict(stored.values())

    async def _look_into_tabs(self, outcome: Outcome) -> None:
        """A tab that lived through it all shows what a fresh page shows, and missed no delta on the way."""
        for person in self.people:
            for tab in person.tabs.values():
                turns = outcome.pages[tab.conversation][-NEWEST:]
                try:
                    await tab.until(lambda view, turns=turns: not differing(view, turns), SETTLE_SECONDS)
                except Exception as error:  # noqa: BLE001 - a tab that ended tells why
                    if not isinstance(error, AssertionError):
                        outcome.sentences.append(f"a tab of {person.name} ended: {error!r}")
                    outcome.sentences += differing(tab.view, turns)
                outcome.sentences += [f"tab of {tab.conversation}: {fault}" for fault in tab.view.faults]

    async def _look_with_browser(self, sample: list[str], pages: dict[str, Any]) -> list[str]:
        """Whether Chromium shows in each conversation what its fresh page says."""
        owners = {one.conversation: person.visitor for person in self.people for one in person.asked}
        wanted = {conversation: owners[conversation].http.cookies.jar for conversation in sample}
        shown = await asyncio.to_thread(read_pages, self.cluster.url, wanted)
        complaints = []
        for conversation in sample:
            expected = [
                (turn["state"], [words(text) for text in texts_of(turn)]) for turn in pages[conversation]
            ]
            seen = shown[conversation]
            if not seen or seen != expected[-len(seen) :]:
                complaints.append(f"Chromium shows {conversation} as {seen}, not {expected}")
        return complaints


def differing(view: Conversation, turns: list[dict[str, Any]]) -> list[str]:
    """What a tab shows otherwise than a fresh page."""
    sentences = []
    for turn in turns:
        seen = view.turns.get(turn["id"])
        shown = seen and (seen["state"], texts_of(seen))
        if shown != (turn["state"], texts_of(turn)):
            sentences.append(f"a tab shows {turn['id']} as {shown}, the page {turn['state'], texts_of(turn)}")
    return sentences
