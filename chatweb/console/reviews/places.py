"""Where a part of a message stands: in its source, and in what an operator reads of it. Pure.

An operator reads the source with personal data replaced, so places move. They count characters here.
"""

from __future__ import annotations

from bisect import bisect_right

ANCHOR = 12  # as many characters in a row are no accident
FAR = 4_000  # what is replaced is shorter
Blocks = list[tuple[int, int, int]]  # (where in one, where in the other, how many characters are the same)


def same_blocks(source: str, shown: str) -> Blocks:
    """What `shown` left as it was, where it only put [words] in the place of others. One walk along both."""
    found: Blocks = []
    i = j = 0
    while i < len(source) and j < len(shown):
        length = _common(source, i, shown, j)
        if length:
            found.append((i, j, length))
            i, j = i + length, j + length
            continue
        i, j = _same_again(source, i, shown, j)
    return found


def _same_again(source: str, i: int, shown: str, j: int) -> tuple[int, int]:
    """Where both go on alike behind something that was replaced; their ends where they never do."""
    for there in range(j, min(len(shown), j + FAR)):
        anchor = shown[there : there + ANCHOR]
        if len(anchor) < ANCHOR:
            here = len(source) - len(anchor) if source.endswith(anchor) else -1
        else:
            here = source.find(anchor, i, i + FAR)
        if here >= i:
            return here, there
    return len(source), len(shown)


def _common(source: str, i: int, shown: str, j: int) -> int:
    length = 0
    most = min(len(source) - i, len(shown) - j)
    while length < most and source[i + length] == shown[j + length]:
        length += 1
    return length


def to_shown(source: str, shown: str, place: int) -> int:
    """A place in the source (characters) as a place in what is shown."""
    if source == shown:
        return place
    return _moved(same_blocks(source, shown), place, len(source), len(shown))


def to_source(source: str, shown: str, place: int) -> int:
    """The other way round."""
    if source == shown:
        return place
    turned = [(theirs, mine, length) for mine, theirs, length in same_blocks(source, shown)]
    return _moved(turned, place, len(shown), len(source))


def _moved(blocks: Blocks, place: int, last: int, longest: int) -> int:
    """Inside what was replaced, the end of what stood before it."""
    if place >= last:
        return longest
    index = bisect_right(blocks, (place, last, longest)) - 1
    if index < 0:
        return 0
    mine, theirs, length = blocks[index]
    return min(theirs + min(place - mine, length), longest)
