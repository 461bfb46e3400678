"""Several processes on PostgreSQL and Redis: whichever is asked, whichever runs the turn, whichever dies."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from uuid import uuid4

import psycopg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.cluster import Cluster, owner_of, running_cluster
from tests.process import Site
from tests.reduction import Conversation, units
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab, open_tab
from tests.visitor import Visitor

LONG = "tokens=60 rate=0"
WAITS = "tabs wait for what the database cannot say now"  # in the log


@pytest.fixture(scope="module")
def cluster(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder, env = tmp_path_factory.mktemp("cluster"), {"DRAIN_SECONDS": "8"}
    with running_cluster(folder, simulator, count=2, env=env) as cluster:
        yield cluster
        cluster.manage("figures", "--check")


class Two:
    """Somebody at two processes. The turns of the tests are run `there`, their tabs are `here`."""

    def __init__(self, cluster: Cluster, simulator: SimulatorProcess) -> None:
        self.cluster, self.simulator = cluster, simulator
        self.here_site, self.there_site = cluster.sites
        self.here, self.there = (Visitor(site.url, "demo") for site in cluster.sites)
        self.echo = self.there.bot("Echo")

    def owner(self, turn: str) -> str:
        with psycopg.connect(self.cluster.postgres.url) as database:
            row = database.execute("SELECT owner FROM chatweb_turn WHERE uuid = %s", [turn]).fetchone()
        assert row is not None
        return str(row[0])

    async def ask_there(self, text: str) -> tuple[str, str, str]:
        """Conversation, turn and chat of a question, at its hold. Who was asked runs it."""
        hold = text.partition("hold=")[2].split()[0]
        conversation, turn = self.there.begin(self.echo, text)
        [chat_id] = await self.simulator.areached(hold)
        assert self.owner(turn) == owner_of(self.there_site)
        return conversation, turn, chat_id

    def record(self, chat_id: str) -> str:
        self.simulator.settled(chat_id)
        return self.simulator.answer(chat_id)


@pytest.fixture
def two(cluster: Cluster, simulator: SimulatorProcess) -> Iterator[Two]:
    with ExitStack() as stack:
        two = Two(cluster, simulator)
        stack.callback(two.here.close)
        stack.callback(two.there.close)
        yield two


def name_of_hold() -> str:
    return f"h{uuid4().hex}"


def position(view: Conversation, turn: str) -> tuple[int, int]:
    return view.turns[turn]["epoch"], view.turns[turn]["seq"]


async def test_a_tab_follows_a_turn_of_another_process_letter_by_letter(two: Two):
    hold = name_of_hold()
    text = f"tokens=400 rate=200 emoji 😀 hold={hold} hold_at=delta:150"
    conversation, turn, chat_id = await two.ask_there(text)
    async with open_tab(two.here, conversation) as tab, open_tab(two.there, conversation) as local:
        await local.until(lambda view: view.turns[turn]["seq"] > 5)
        await tab.until(lambda view: position(view, turn) == position(local.view, turn))
        assert tab.view.answers(turn) == local.view.answers(turn)
        before = tab.frames.get("delta", 0)
        two.simulator.release(hold)
        await tab.until(lambda view: "".join(view.answers(turn)).count("w") > 200)
        await tab.drop()  # what it comes back with is a position of the other process's feed
        await tab.until(lambda view: view.state(turn) == "completed", seconds=40)
        assert tab.frames["delta"] - before > 20
        assert tab.view.answers(turn) == local.view.answers(turn) == [two.record(chat_id)]
        assert tab.view.faults == []


async def test_stop_reaches_the_process_that_runs_the_turn(two: Two):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:40")
    async with open_tab(two.here, conversation) as tab:
        await tab.until(lambda view: len("".join(view.answers(turn))) > 30)
        message = tab.view.turns[turn]["messages"][0]
        shown = message["text"][:20]
        two.here.stop(conversation, turn, {message["id"]: units(shown)})
        await tab.until(lambda view: view.state(turn) == "canceled", seconds=5)
        assert tab.view.answers(turn) == [shown]
        assert tab.view.turns[turn]["stop"] == "forgotten"
    two.simulator.release(hold)
    two.simulator.settled(chat_id)


async def test_an_answer_given_elsewhere_goes_on(two: Two):
    conversation, turn = two.there.begin(two.there.bot("Weather"), "How is the rain in Beijing?")
    async with open_tab(two.there, conversation) as tab, open_tab(two.here, conversation) as other:
        [card] = two.there.wait_for_round(conversation, turn)
        two.here.answer(conversation, turn, {card["id"]: "70 %"})
        for each in (tab, other):
            await each.until(lambda view: view.state(turn) == "completed")
        assert tab.view.answers(turn) == other.view.answers(turn)
        assert tab.view.faults == other.view.faults == []


async def test_signing_out_closes_the_tabs_at_every_process(two: Two):
    conversation, _ = two.there.begin(two.echo, "Hello")
    elsewhere = Visitor(two.here_site.url, "demo")
    elsewhere.http.cookies = two.there.http.cookies  # the same session, at the other process
    async with open_tab(elsewhere, conversation) as tab:
        signed_out = tab.frames.get("signed_out", 0)
        leaving = two.there.http.post(
            "/accounts/logout/",
            data={"csrfmiddlewaretoken": two.there.http.cookies["csrftoken"]},
            headers={"Accept": "text/html"},
        )
        assert leaving.status_code == 302
        await tab.until(lambda view: tab.frames.get("signed_out", 0) > signed_out, seconds=5)


async def test_a_frozen_process_cannot_overwrite_what_was_taken_over(two: Two):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:30")
    async with open_tab(two.here, conversation) as tab, open_tab(two.there, conversation) as frozen:
        two.there_site.freeze()
        two.simulator.release(hold)
        record = two.record(chat_id)
        await tab.until(lambda view: view.state(turn) == "completed", seconds=30)
        assert tab.view.answers(turn) == [record]
        ended = two.here.turn(conversation, turn)
        two.there_site.thaw()
        await frozen.until(lambda view: view.state(turn) == "completed")
        assert frozen.view.answers(turn) == [record]
        # What it asks the database next it asks as everybody else.
        later = two.there.ask(conversation, "And now?")
        await tab.until(lambda view: view.state(later) == "completed")
    now = two.here.turn(conversation, turn)
    assert {**now, "branches": []} == {**ended, "branches": []}


async def test_a_killed_process_is_followed_by_another(two: Two):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:30")
    async with open_tab(two.here, conversation) as tab:
        two.there_site.kill()
        two.simulator.release(hold)
        record = two.record(chat_id)
        await tab.until(lambda view: view.state(turn) == "completed", seconds=30)
        assert tab.view.answers(turn) == [record]
        assert two.owner(turn) == owner_of(two.here_site)
    two.there_site.start()


async def at_rest(two: Two, tab: Tab, turn: str, chat_id: str) -> None:
    """Completed in the tab, with every word of the record, once."""
    await tab.until(lambda view: view.state(turn) == "completed", seconds=60)
    assert tab.view.answers(turn) == [two.record(chat_id)]
    assert tab.view.faults == []


@pytest.mark.parametrize("service", ["redis", "postgres"])
async def test_a_service_that_restarts_in_mid_answer_costs_no_word(two: Two, service: str):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:30")
    async with open_tab(two.here, conversation) as tab, open_tab(two.there, conversation) as at_owner:
        await asyncio.to_thread(getattr(two.cluster, service).restart)
        two.simulator.release(hold)
        for each in (tab, at_owner):
            await at_rest(two, each, turn, chat_id)
    assert len([chat for chat in two.simulator.chats() if hold in chat["question"]]) == 1


async def test_what_could_not_be_read_while_the_database_was_away_reaches_tabs_later(two: Two):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:30")
    async with open_tab(two.here, conversation) as tab:
        await tab.until(lambda view: "w19" in "".join(view.answers(turn)))
        two.here_site.freeze()
        two.simulator.release(hold)
        await asyncio.to_thread(two.there.wait_for, conversation, turn, "completed")
        await asyncio.to_thread(two.cluster.postgres.stop, "fast")
        two.here_site.thaw()  # now it hears of the end, and cannot look it up
        async with asyncio.timeout(30):
            while WAITS not in two.here_site.output():
                await asyncio.sleep(0.1)
        await asyncio.to_thread(two.cluster.postgres.start)
        await at_rest(two, tab, turn, chat_id)


async def test_while_redis_hangs_the_process_that_runs_the_turn_answers(two: Two):
    hold = name_of_hold()
    conversation, turn, chat_id = await two.ask_there(f"{LONG} hold={hold} hold_at=delta:30")
    async with open_tab(two.here, conversation) as tab, open_tab(two.there, conversation) as at_owner:
        two.cluster.redis.freeze()
        try:
            two.simulator.release(hold)
            await at_rest(two, at_owner, turn, chat_id)
        finally:
            two.cluster.redis.thaw()
        await at_rest(two, tab, turn, chat_id)


@pytest.mark.parametrize("server", ["uvicorn", "daphne"])
async def test_a_process_that_ends_lets_answers_end_and_hands_over_the_rest(two: Two, server: str):
    two.there_site.stop()
    two.there_site.server = server
    two.there_site.start()
    quick, slow = name_of_hold(), name_of_hold()
    stays, second, second_chat = await two.ask_there(f"{LONG} hold={slow} hold_at=delta:20")
    ends, first, first_chat = await two.ask_there(f"{LONG} hold={quick} hold_at=delta:20")
    async with open_tab(two.here, ends) as tab, open_tab(two.here, stays) as other:
        assert await why_closed(two.there, two.there_site) in (1012, 4012)
        assert two.there_site.process is not None
        two.simulator.release(quick)
        await tab.until(lambda view: view.state(first) == "completed")
        assert tab.view.turns[first]["epoch"] == 1  # by the process that ends
        assert two.here.turn(stays, second)["epoch"] == 1
        await asyncio.to_thread(two.there_site.process.wait, 60)
        two.simulator.release(slow)
        await other.until(lambda view: view.state(second) == "completed", seconds=30)
        assert other.view.turns[second]["epoch"] == 2
        assert two.owner(second) == owner_of(two.here_site)
        assert tab.view.answers(first) == [two.record(first_chat)]
        assert other.view.answers(second) == [two.record(second_chat)]
        assert tab.view.faults == other.view.faults == []
    two.there_site.start()


async def why_closed(visitor: Visitor, site: Site) -> int | None:
    """Tell the process to end; how it closes an open tab."""
    url = visitor.url.replace("http", "ws", 1) + "/ws/"
    headers = {"Cookie": visitor.cookie}
    async with connect(url, origin=Origin(visitor.url), additional_headers=headers) as socket:
        await socket.recv()
        site.signal(signal.SIGTERM)
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
        return socket.close_code
