"""The part of a text that a hit is shown by, with the words marked. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .fold import MARKS, fold_with_places

BEFORE, AFTER = 48, 152  # characters around the first hit
WORD = 16  # so much a cut moves for the sake of a whole word

Piece = tuple[str, bool]  # text, and whether it is a hit


def snippet(text: str, words: Iterable[str]) -> list[Piece]:
    """
    >>> snippet("So **much** rain", ["much rain"])
    [('So ', False), ('much rain', True)]
    """
    hits = hits_of(text, words)
    first = hits[0][0] if hits else 0
    start, end = around(text, first)
    pieces: list[Piece] = []
    place = start
    for begin, stop in hits:
        if begin >= end:
            break
        pieces += [(plain(text[place:begin]), False), (plain(text[begin : min(stop, end)]), True)]
        place = min(stop, end)
    pieces.append((plain(text[place:end]), False))
    lead, tail = ("… " if start else ""), (" …" if end < len(text.rstrip()) else "")
    return [piece for piece in [(lead, False), *pieces, (tail, False)] if piece[0]]


def hits_of(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where folded words stand in the text, in order, without overlaps."""
    folded, places = fold_with_places(text)
    found = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for begin, stop in sorted(found):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def around(text: str, first: int) -> tuple[int, int]:
    """From a little before the first hit to some lines behind it, at whole words where there are any."""
    start = max(0, first - BEFORE)
    end = min(len(text), first + AFTER)
    if start:
        space = text.find(" ", start, min(start + WORD, first))
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", end - WORD, end)
        end = space if space >= 0 else end
    return start, end


def plain(text: str) -> str:
    """Without Markdown's marks, on one line; spaces at the edges stay for the neighbours' sake."""
    bare = "".join(character for character in text if character not in MARKS)
    words = " ".join(bare.split())
    if not words:
        return " " if bare else ""
    return (" " if bare[0].isspace() else "") + words + (" " if bare[-1].isspace() else "")
