"""What databases refuse never leaves the library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatweb.upstreams.text import Halves, clean

KEY = ("1", "")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\0b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ("\ud83dx", "\ufffdx"),
        ("x\ude00\0", "x\ufffd\ufffd"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("عربى 😀\u2028", "عربى 😀\u2028"),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


def test_a_character_cut_in_two_is_joined_per_message():
    halves = Halves()
    assert halves.join(("1", ""), "a\ud83d") == "a"
    assert halves.join(("2", ""), "b") == "b"
    assert halves.join(("1", ""), "") == ""
    assert halves.join(("1", ""), "\ude00c") == "😀c"
    assert halves.rest() == []


def test_a_half_that_stays_alone_is_told_at_the_end():
    halves = Halves()
    halves.join(KEY, "\ud83d")
    assert halves.rest() == [KEY]
    assert halves.rest() == []


@given(st.text(alphabet=st.sampled_from("a\0é☃\ud83d\ude00"), max_size=30), st.data())
def test_wherever_it_is_cut_the_joined_text_is_the_cleaned_whole(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    halves = Halves()
    pieces = [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]
    joined = "".join(halves.join(KEY, piece) for piece in pieces) + "\ufffd" * len(halves.rest())
    assert joined == clean(text)
    joined.encode()
    assert "\0" not in joined
