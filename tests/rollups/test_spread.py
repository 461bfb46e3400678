import math

from hypothesis import given
from hypothesis import strategies as st

from chatweb.rollups.spread import MOST_OFF, packed, percentile, spread_of, unpacked

durations = st.lists(st.integers(1, 2**32 - 1), max_size=60)


def nearest_rank(values, share):
    return sorted(values)[max(math.ceil(len(values) * share) - 1, 0)]


@given(durations, durations, st.sampled_from([0.5, 0.95]))
def test_spreads_add_up_and_tell_percentiles_within_the_bound(one, other, share):
    merged = spread_of(one) + spread_of(other)
    if not one and not other:
        assert percentile(merged, share) is None
        return
    true = nearest_rank([*one, *other], share)
    assert abs(percentile(merged, share) - true) <= true * MOST_OFF * 1.0001


@given(durations)
def test_a_spread_survives_its_row(values):
    spread = spread_of(values)
    assert unpacked(packed(spread)) == spread


def test_nothing_takes_no_room_and_an_hour_little():
    assert packed(spread_of([])) == b""
    assert len(packed(spread_of([900, 1500, 4000, 12_000]))) < 140


def test_durations_of_no_time_and_beyond_all_bounds_are_counted():
    assert percentile(spread_of([0]), 0.5) < 1.1
    assert percentile(spread_of([2**40]), 0.5) > 2**31
