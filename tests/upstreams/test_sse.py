"""The incremental parser by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatweb.upstreams.sse import SseParser


def parse(body: bytes, *cuts: int) -> list[tuple[str, str, str]]:
    parser = SseParser()
    frames = []
    for start, end in zip((0, *cuts), (*cuts, len(body)), strict=True):
        frames += parser.feed(body[start:end])
    return frames + parser.close()


@pytest.mark.parametrize(
    ("body", "frames"),
    [
        (b"event:a\ndata:1\n\n", [("a", "1", "")]),
        (b"event:  a \ndata:  1\n\n", [("a", " 1", "")]),
        (b"data: x\n\n", [("", "x", "")]),
        (b"id: 4\nevent: a\ndata: 1\n\ndata: 2\n\n", [("a", "1", "4"), ("", "2", "")]),
        (b"data: 1\ndata:\ndata: 2\n\n", [("", "1\n\n2", "")]),
        (b"event: a\n\n", [("a", "", "")]),
        (b"event: a\ndata:\n\n", [("a", "", "")]),
        (b"data:\n\nid: 3\n\n\n\n", []),
        (b"event: a\nevent: b\ndata: 1\n\n", [("b", "1", "")]),
        (b"event: a\ndata: 1\nevent: b\ndata: 2\n\n", [("a", "1", ""), ("b", "2", "")]),
        (b": c\nfoo: 1\ndata\nevent: a\n# x\ndata: 1\nretry: 3\n\n", [("a", "1", "")]),
        ("data: a\u2028b\u0085c\x0bd\n\n".encode(), [("", "a\u2028b\u0085c\x0bd", "")]),
        (b"data: \xff\n\n", [("", "\ufffd", "")]),
        (b'{"code":1}\n', [("", '{"code":1}', "")]),
        (b'{"code":1', []),
    ],
)
def test_frames(body, frames):
    assert parse(body) == frames
    assert parse(body, *range(1, len(body))) == frames
    assert parse(body.replace(b"\n", b"\r\n"), *range(1, len(body))) == frames
    assert parse(body.replace(b"\n", b"\r")) == frames


@pytest.mark.parametrize(
    ("tail", "is_whole"),
    [
        (b'event: a\ndata: {"x":1}', True),
        (b'event: a\ndata: {"x":1}\n', True),
        (b'event: a\ndata: {"x":', False),
        (b"event: a\ndata: 12", False),
        (b"event: a\ndata: plain text", False),
        (b"event: a\ndata: [DONE]", True),
        (b'event: a\ndata: "[DONE]"', True),
        (b"event: done", True),
        (b"event: conversation.stream.done\ndata:", True),
        (b"event: Done", False),
        (b"event: conversation.chat.completed\ndata:", False),
    ],
)
def test_a_last_frame_without_its_blank_line_counts_only_when_it_is_surely_whole(tail, is_whole):
    assert bool(parse(tail)) is is_whole


def test_a_body_that_never_looked_like_events_is_known_as_such():
    parser = SseParser()
    parser.feed(b"upstream connect error\n")
    assert not parser.saw_field
    parser.feed(b": ping\n")
    assert parser.saw_field


def test_an_event_of_many_megabytes_in_small_pieces():
    size = 8_000_000
    body = b"event: a\ndata: " + b"x" * size + b"\n\n"
    assert [len(data) for _, data, _ in parse(body, *range(1000, len(body), 1000))] == [size]


PIECES = st.sampled_from(
    [
        b"event: a",
        b"data: 1",
        b"data:",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b": c",
        b"id: 1",
        b"{}",
        "é☃".encode(),
    ]
)


@given(st.lists(PIECES, max_size=20), st.randoms(use_true_random=False))
def test_cuts_change_nothing_in_any_mess(pieces, random):
    body = b"".join(pieces)
    cuts = sorted(random.sample(range(len(body) + 1), min(3, len(body))))
    assert parse(body, *cuts) == parse(body)
