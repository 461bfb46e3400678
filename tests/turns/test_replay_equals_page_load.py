"""A page loaded at any cut, with the frames after it, equals a page loaded at the end: for every stream.

The frames are those of a real feed, the tab is the strict reducer of tests/reduction.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import deepcopy

import httpx
import pytest
from django.utils import timezone

from chatweb import frames, rows
from chatweb.models import Conversation, Message, Turn
from chatweb.turns import machine
from chatweb.turns.feed import Feed
from chatweb.turns.machine import Verdict
from chatweb.turns.mirror import Mirror, Took
from chatweb.turns.states import TurnState
from chatweb.turns.writer import Desk, write
from chatweb.upstreams.events import Delta
from chatweb.upstreams.reading import open_body
from tests import reduction
from tests.reduction import Json
from tests.simulator.asking import body
from tests.simulator.process import SimulatorProcess
from tests.upstreams.samples import OPTION, REPLY, STARTED, Sample, chat, delta, dumps, whole
from tests.upstreams.test_samples import STREAMS as RECORDED

HEAD = {
    "id": "00000000-0000-4000-8000-000000000002",
    "conversation": "00000000-0000-4000-8000-000000000001",
    "version": 17,
    "state": "running",
    "epoch": 1,
    "is_withdrawn": False,
}
AFTER = {
    Verdict.COMPLETED: TurnState.COMPLETED,
    Verdict.CANCELED: TurnState.CANCELED,
    Verdict.REQUIRES_ACTION: TurnState.WAITING,
    Verdict.LOST: TurnState.RECOVERING,
}
ASKED = {"Showcase": "show everything", "Reasoner": "why is the sky blue?", "Echo": "😀 **a** \u202eb 好"}
READS_OF_BYTES = [37, 600]
# Messages that change their nature: what was shown is not to be, or the other way round.
QUESTION = dumps(OPTION)
CHANGED = {
    "a question comes in pieces, as if it were an answer": (
        delta("1", QUESTION[:9])
        + delta("1", QUESTION[9:])
        + whole("1", QUESTION)
        + chat("requires_action", required_action=REPLY)
    ),
    "an answer that looks like a question is kept back until another answer is there": (
        whole("1", QUESTION) + delta("2", "b") + whole("2", "b")
    ),
    "an answer without words gets some": whole("1", "") + whole("2", "b") + whole("1", "a"),
    "an answer turns out to be a card": delta("1", "{}") + whole("1", "{}", content_type="card"),
}
STREAMS = RECORDED | {
    name: Sample((STARTED + body + chat("completed")).encode(), {}) for name, body in CHANGED.items()
}

Step = tuple[Json | None, Json]  # a frame, and the turn as a page loaded after it has it


def streamed(sample: Sample, size: int, feed: Feed) -> Iterator[Step]:
    """What a runner makes of a body that comes in reads of `size` bytes. The first step has no frame."""
    yield None, feed.snapshot()
    leg = machine.Leg()
    reader = open_body(sample.dialect, sample.call, sample.http_status, sample.content_type)
    parts = [sample.body[start : start + size] for start in range(0, len(sample.body), size)]
    for events in [*map(reader.feed, parts), reader.close()]:
        for event in events:
            if not isinstance(event, Delta):
                machine.step(leg, event)
        before = feed.snapshot()
        ops = feed.take(events)
        if ops:
            yield json.loads(feed.frame(ops)), feed.snapshot()
        else:
            assert feed.snapshot() == before, "a page changed, and no tab was told"
    state = AFTER.get(machine.conclude(leg), TurnState.FAILED)
    if state != TurnState.RECOVERING:
        feed.end(is_complete=state in (TurnState.COMPLETED, TurnState.WAITING))
    feed.head.update(state=str(state), version=feed.head["version"] + 1)
    yield json.loads(frames.turn(feed.snapshot())), feed.snapshot()


class Played:
    """A stream from its beginning to its end; `pages[n]` is what a page loaded after `frames[:n]` shows."""

    def __init__(self, sample: Sample, size: int) -> None:
        steps = list(streamed(sample, size, Feed(dict(HEAD))))
        self.frames = [frame for frame, _ in steps if frame is not None]
        self.pages = [page for _, page in steps]
        self.end = shown(self.pages[-1])


class Page(reduction.Conversation):
    """A page as it was loaded, and what comes to it from then on."""

    def __init__(self, turn: Json) -> None:
        super().__init__()
        self.take_turn(deepcopy(turn))

    def take(self, frame: Json, *, may_repeat: bool = False) -> bool:
        """False for a gap."""
        frame = deepcopy(frame)
        if frame["type"] == "turn":
            self.take_turn(frame["turn"])
            return True
        return self.take_delta(frame, is_caught_up=not may_repeat)

    @property
    def turn(self) -> Json:
        [turn] = self.turns.values()
        return shown(turn)


def shown(turn: Json) -> Json:
    """In order, and without the one thing a tab that was there learns later: how long thinking took."""
    ordered = sorted(turn["messages"], key=lambda message: message["ordinal"])
    streaming = {"reasoning_ms": None}
    messages = [message | (streaming if message["state"] == "streaming" else {}) for message in ordered]
    return {**turn, "messages": messages}


def check(played: Played) -> None:
    check_every_step(played)
    check_any_cut(played)
    check_mirror(played)
    check_repeated(played)
    check_gaps(played)


def check_every_step(played: Played) -> None:
    page = Page(played.pages[0])
    for frame, loaded in zip(played.frames, played.pages[1:], strict=True):
        assert page.take(frame)
        assert page.turn == shown(loaded)
    assert page.faults == []


def check_mirror(played: Played) -> None:
    """Another process that begins at any cut has what the owner's feed has, at every step; what comes twice
    changes nothing, and what is missing is found out."""
    for cut, loaded in enumerate(played.pages[:-1]):
        mirror = Mirror(deepcopy(loaded))
        deltas = [frame for frame in played.frames[cut:-1] if frame["type"] == "delta"]
        for number, frame in enumerate(deltas):
            if number + 1 < len(deltas):
                assert mirror.take(deepcopy(deltas[-1])) is Took.GAP
            assert mirror.take(deepcopy(frame)) is Took.NEW
            assert mirror.take(deepcopy(frame)) is Took.OLD
            assert shown(mirror.snapshot()) == shown(played.pages[cut + number + 1]) | {"seq": frame["seq"]}


def check_any_cut(played: Played) -> None:
    for cut, loaded in enumerate(played.pages):
        page = Page(loaded)
        assert all(page.take(frame) for frame in played.frames[cut:]), f"a gap after cut {cut}"
        assert (page.turn, page.faults) == (played.end, []), f"cut {cut}"


def check_repeated(played: Played) -> None:
    """A page that meets frames again, each twice, and those from before it was loaded."""
    middle = len(played.pages) // 2
    page = Page(played.pages[middle])
    for frame in played.frames:
        assert page.take(frame, may_repeat=True)
        assert page.take(frame, may_repeat=True)
    assert page.turn == played.end


def check_gaps(played: Played) -> None:
    """A frame that is lost is noticed with the next one, and a snapshot mends it."""
    for lost in range(len(played.frames) - 2):
        page = Page(played.pages[lost])
        assert not page.take(played.frames[lost + 1])
        page.take_turn(deepcopy(played.pages[lost + 2]))
        assert all(page.take(frame) for frame in played.frames[lost + 2 :])
        assert page.turn == played.end


every_stream = pytest.mark.parametrize("sample", STREAMS.values(), ids=STREAMS.keys())


@every_stream
@pytest.mark.parametrize("size", READS_OF_BYTES)
def test_of_every_recorded_stream(sample: Sample, size: int) -> None:
    check(Played(sample, size))


@pytest.mark.parametrize("bot", ASKED)
def test_of_what_a_whole_bot_says(simulator: SimulatorProcess, bot: str) -> None:
    headers = {"Authorization": f"Bearer {simulator.token}"}
    url = f"{simulator.url}/v3/chat"
    answer = httpx.post(url, json=body(ASKED[bot], bot), headers=headers, trust_env=False)
    played = Played(Sample(answer.content, {}), 2000)
    assert played.end["state"] == "completed" and played.end["messages"]
    check(played)


@every_stream
def test_rows_written_at_any_moment_show_the_same_page(
    conversation: Conversation,
    sample: Sample,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    turn = Turn.objects.create(
        conversation=conversation,
        client_id="00000000-0000-4000-8000-000000000008",
        ordinal=1,
        state=TurnState.RUNNING,
        owner="me",
        epoch=1,
        started_at=timezone.now(),
    )
    question = Message.objects.create(conversation=conversation, turn=turn, type="question", text="Why?")
    feed = Feed(frames.turn_object(turn, conversation.uuid, [question]))
    desk = Desk(feed, turn.pk, conversation.pk, owner="me")
    for _, loaded in streamed(sample, 200, feed):
        if save := desk.capture():
            with django_capture_on_commit_callbacks(execute=True):
                write(save)
        [stored] = rows.turns_of(conversation)
        where = {key: loaded[key] for key in ("state", "version")}  # the ledger's to write
        assert stored | where == shown_rows(loaded)


def shown_rows(turn: Json) -> Json:
    return turn | {"messages": sorted(turn["messages"], key=lambda message: message["ordinal"])}
