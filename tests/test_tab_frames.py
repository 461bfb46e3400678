"""What a tab may send over the socket: the client frames of tests/frames.json, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatweb.tab_frames import MAX_FRAME_CHARS, parse
from tests.contract import FRAMES, Json

CLIENT: Json = FRAMES["client"]


@pytest.mark.parametrize("example", CLIENT.values(), ids=CLIENT)
def test_a_frame_of_a_tab_is_taken_as_it_is(example: Json) -> None:
    taken = parse(json.dumps(example))
    assert isinstance(taken, dict)
    assert {key: taken[key] for key in example} == example


ID = CLIENT["unfollow"]["conversation"]
NONSENSE = {
    "unknown": [{}, {"type": "ask"}, {"type": None}, {"type": ["follow"]}, *FRAMES["server"].values()],
    "malformed": [
        *([], None, 1, "follow", float("nan"), [CLIENT["follow"]]),
        *({"type": "follow", "conversation": bad} for bad in [None, "", 7, "1", ID + "0", [ID], {"id": ID}]),
        *(
            {"type": "follow", "conversation": ID, "version": bad}
            for bad in [-1, "1", 1.0, True, 2**53, None]
        ),
        *({"type": "follow", "conversation": ID, "position": bad} for bad in [[], "x", 3, False]),
        *({"type": "ack", "chars": bad} for bad in [-1, "1", 0.5, True, 2**53, None]),
        {"type": "unfollow"},
    ],
}


@pytest.mark.parametrize(
    ("frame", "reason"), [(frame, reason) for reason, wrong in NONSENSE.items() for frame in wrong]
)
def test_any_other_frame_is_refused(frame: Any, reason: str) -> None:
    assert parse(json.dumps(frame)) == reason


@pytest.mark.parametrize(
    "text", ["", "\0", "{", "follow", "[" * MAX_FRAME_CHARS, '{"type":"ack","chars":1e999}']
)
def test_what_is_no_json_object_is_malformed(text: str) -> None:
    assert parse(text) == "malformed"


def test_a_frame_has_a_largest_size() -> None:
    frame = json.dumps(CLIENT["follow"])
    assert isinstance(parse(frame.ljust(MAX_FRAME_CHARS)), dict)
    assert parse(frame.ljust(MAX_FRAME_CHARS + 1)) == "too_large"
