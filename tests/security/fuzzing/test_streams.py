"""Whatever an upstream or a tab sends: nothing is raised, cuts change nothing, garbage hides nothing."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from chatweb.tab_frames import MAX_FRAME_CHARS, parse
from chatweb.upstreams.sse import SseParser
from tests.contract import FRAMES
from tests.upstreams.samples import Sample
from tests.upstreams.test_samples import STREAMS

from .conftest import PROFILE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "conversation.message.delta", "conversation.message.completed", "conversation.chat.requires_action",
    "conversation.chat.completed", "Message", "Interrupt", "Error", "Done", "error", "",
]  # fmt: skip
FRAME = st.builds(
    lambda name, data: f"event: {name}\ndata: {json.dumps(data)}\n\n".encode(), st.sampled_from(NAMES), JSON
)
NOISE = st.binary(max_size=40) | st.sampled_from(
    [b"\r", b"\n\n", b"\xef\xbb\xbf", b"data", b": x\n", b"\xf0\x9f"]
)


@st.composite
def broken(draw: st.DrawFn) -> tuple[Sample, bytes]:
    """A recorded body with pieces of it gone, doubled, or other things between them."""
    sample = draw(st.sampled_from(list(STREAMS.values())))
    body = bytearray(sample.body)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        until = min(len(body), at + draw(st.integers(0, 60)))
        body[at:until] = draw(NOISE | FRAME | st.just(bytes(body[at:until]) * 2))
    return sample, bytes(body)


def frames_of(body: bytes, cuts: list[int]) -> list[tuple[str, str, str]]:
    parser, found = SseParser(), []
    places = sorted(cut % (len(body) + 1) for cut in cuts)
    for start, end in zip([0, *places], [*places, len(body)], strict=True):
        found += parser.feed(body[start:end])
    return found + parser.close()


@PROFILE
@given(st.lists(NOISE | FRAME, max_size=8).map(b"".join), st.lists(st.integers(0, 10_000), max_size=4))
def test_the_parser_reads_the_same_however_it_is_cut(body: bytes, cuts: list[int]) -> None:
    assert frames_of(body, cuts) == frames_of(body, [])


@PROFILE
@given(st.lists(NOISE | FRAME, max_size=6).map(b"".join))
def test_what_comes_behind_garbage_is_read(garbage: bytes) -> None:
    found = frames_of(garbage + b"\n\nevent: x\ndata: behind\n\n", [])
    assert found[-1][:2] == ("x", "behind")


@PROFILE
@given(broken(), st.integers(1, 70))
def test_a_dialect_concludes_something_and_the_same_however_it_is_cut(mess, chunk: int) -> None:
    sample, body = mess
    whole = sample.replay(body)
    json.dumps(whole).encode()  # storable and sendable
    assert sample.replay(body, chunk) == whole


ANY_FRAME = JSON.map(lambda one: {"type": "follow"} | (one if isinstance(one, dict) else {"version": one}))


@PROFILE
@given(st.text(max_size=60) | JSON.map(json.dumps) | ANY_FRAME.map(json.dumps))
def test_a_frame_of_a_tab_is_taken_or_named(text: str) -> None:
    taken = parse(text)
    if isinstance(taken, str):
        assert taken in {"malformed", "unknown", "too_large"}
    else:
        assert taken["type"] in FRAMES["client"] and len(text) <= MAX_FRAME_CHARS
