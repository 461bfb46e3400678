"""How durations are spread, as one whole number, so that adding two of them merges them. Pure.

32 bits for each of 256 buckets that grow by the eighth root of two: from 1 ms to 49 days. What is read back
(the middle of a bucket) is at most `MOST_OFF` away from the true value; four thousand million durations fit.
"""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

A_DOUBLING = 8  # buckets
BUCKETS = 256
BITS = 32
BYTES = BITS // 8
# A share of the true value, for 1 ms to 49 days.
MOST_OFF = 2 ** (1 / (2 * A_DOUBLING)) - 1
LANES = "I"  # an array's code of 32 bits without a sign
assert array(LANES).itemsize == BYTES


def bucket_of(ms: int) -> int:
    return min(int(math.log2(ms) * A_DOUBLING), BUCKETS - 1) if ms > 1 else 0


def middle_of(bucket: int) -> float:
    """In ms; geometric, so that it is equally far from both ends."""
    return 2.0 ** ((bucket + 0.5) / A_DOUBLING)


def spread_of(durations_ms: Iterable[int]) -> int:
    counts: dict[int, int] = {}
    for ms in durations_ms:
        bucket = bucket_of(ms)
        counts[bucket] = counts.get(bucket, 0) + 1
    return sum(count << (BITS * bucket) for bucket, count in counts.items())


def percentile(spread: int, share: float) -> float | None:
    """The duration (ms) that `share` of them do not exceed, by nearest rank; None where there are none."""
    if not spread:
        return None
    sums = list(accumulate(lanes_of(spread)))
    return middle_of(bisect_left(sums, math.ceil(sums[-1] * share)))


def lanes_of(spread: int) -> array[int]:
    counts = array(LANES)
    counts.frombytes(spread.to_bytes(BUCKETS * BYTES, "little"))
    if sys.byteorder == "big":
        counts.byteswap()
    return counts


def packed(spread: int) -> bytes:
    """For a row: its lowest bucket, then the counts from there on. Nothing is b""."""
    if not spread:
        return b""
    first = ((spread & -spread).bit_length() - 1) // BITS
    rest = spread >> (BITS * first)
    return bytes([first]) + rest.to_bytes((rest.bit_length() + 7) // 8, "little")


def unpacked(row: bytes) -> int:
    return int.from_bytes(row[1:], "little") << (BITS * row[0]) if row else 0
