"""The generator's tab keeps the rules of docs/protocol.md: it must neither hide damage nor invent it."""

import json

from bench.tab import ACK_EVERY_UNITS, Tab
from bench.tokens import Meter, faults, token

CONVERSATION, TURN, MESSAGE = "c", "t", "m"
TAG = 7


def tokens(*numbers: int) -> str:
    return "".join(token(TAG, number, 0) for number in numbers)


class Recording(Tab):
    """A tab whose socket only remembers what it was told to send."""

    def __init__(self):
        super().__init__(1, "", CONVERSATION, Meter())
        self.sent: list[dict] = []

    def send(self, frame):
        self.sent.append(frame)

    def hear(self, **frame):
        self.on_text(json.dumps(frame))


def turn(version=1, epoch=1, seq=0, text="", state="running", conversation=CONVERSATION):
    messages = [{"id": MESSAGE, "text": text}] if text else []
    return {
        "id": TURN,
        "conversation": conversation,
        "version": version,
        "epoch": epoch,
        "seq": seq,
        "state": state,
        "messages": messages,
    }


def append(start: int, text: str):
    return {"op": "append", "id": MESSAGE, "from": start, "text": text}


def following(**facts) -> Recording:
    tab = Recording()
    row = {"id": CONVERSATION, "version": 1}
    tab.hear(type="caught_up", conversation=row, turns=[turn(**facts)], is_reset=True, has_older=False)
    return tab


def delta(tab: Recording, seq: int, *ops, epoch=1):
    tab.hear(type="delta", turn=TURN, epoch=epoch, seq=seq, ops=list(ops))


def test_a_stream_from_the_first_frame_is_whole():
    tab = following()
    opened = {"op": "open", "message": {"id": MESSAGE, "text": ""}}
    delta(tab, 1, opened, append(0, tokens(0)))
    delta(tab, 2, append(len(tokens(0)), tokens(1)), append(len(tokens(0, 1)), tokens(2)))
    delta(tab, 3, {"op": "done", "id": MESSAGE, "reasoning_ms": None})
    assert faults(tab.text, TAG, 3).total == 0
    assert tab.sent == []


def test_a_frame_that_is_missing_is_a_gap_and_asks_again_from_where_the_tab_stands():
    tab = following(seq=4, text=tokens(0))
    delta(tab, 6, append(len(tokens(0)), tokens(1)))
    assert tab.text == tokens(0)
    position = {"turn": TURN, "epoch": 1, "seq": 4}
    assert tab.sent == [{"type": "follow", "conversation": CONVERSATION, "version": 1, "position": position}]


def test_a_frame_that_comes_twice_is_ignored():
    tab = following(seq=4, text=tokens(0))
    for _ in range(2):
        delta(tab, 5, append(len(tokens(0)), tokens(1)))
    assert faults(tab.text, TAG, 2).total == 0
    assert tab.counts["repeat"] == 1


def test_text_that_overlaps_keeps_what_is_new():
    tab = following(seq=4, text=tokens(0, 1))
    delta(tab, 5, append(len(tokens(0)), tokens(1, 2)))
    assert faults(tab.text, TAG, 3).total == 0


def test_text_beyond_the_end_is_a_gap():
    tab = following(seq=4, text=tokens(0))
    delta(tab, 5, append(len(tokens(0, 1)), tokens(2)))
    assert (tab.counts["gap"], tab.text) == (1, tokens(0))


def test_a_turn_replaces_the_copy_unless_it_is_older():
    tab = following(version=3, seq=4, text=tokens(0, 1))
    tab.hear(type="turn", turn=turn(version=2, epoch=9, seq=9, text=tokens(0)))
    assert tab.text == tokens(0, 1)
    tab.hear(type="turn", turn=turn(version=4, text=tokens(0, 1, 2), state="completed"))
    assert tab.text == tokens(0, 1, 2)
    assert tab.over.is_set()


def test_a_stranger_s_frames_count_as_leaks():
    tab = following()
    tab.hear(type="turn", turn=turn(conversation="another", text=tokens(0)))
    assert (tab.counts["stranger"], tab.text) == (1, "")


def test_only_live_text_has_an_age_and_a_snapshot_counts_what_it_adds():
    tab = following(seq=1, text=tokens(0, 1))
    tab.meter.open()
    delta(tab, 2, append(len(tokens(0, 1)), tokens(2)))
    tab.hear(type="turn", turn=turn(version=2, seq=2, text=tokens(0, 1, 2, 3)))
    assert tab.meter.delivered == 2
    tab.follow()
    row = {"id": CONVERSATION, "version": 3}
    now = turn(version=3, seq=3, text=tokens(0, 1, 2, 3, 4))
    tab.hear(type="caught_up", conversation=row, turns=[now], is_reset=False, has_older=False)
    assert tab.meter.delivered == 2
    assert faults(tab.text, TAG, 5).total == 0


def test_acks_count_utf16_units_of_whole_frames():
    tab = following()
    tab.sent.clear()
    frame = json.dumps({"type": "notice", "pad": "😀" * ACK_EVERY_UNITS}, ensure_ascii=False)
    before = tab.units
    tab.on_text(frame)
    [ack] = tab.sent
    assert ack == {"type": "ack", "chars": before + len(frame) + ACK_EVERY_UNITS}
