"""The harness must see every kind of damage, and none where there is none."""

import math

import pytest

from bench.tokens import Faults, Meter, faults, now_us, token

TAG, OTHER = 0x1F, 0x20


def text(*numbers: int, tag: int = TAG) -> str:
    return "".join(token(tag, number, 1000 + number) for number in numbers)


def test_a_whole_answer_has_no_faults():
    assert faults(text(*range(50)), TAG, 50) == Faults()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("", Faults(lost=4)),
        (text(0, 1, 3), Faults(lost=1)),
        (text(0, 1, 2), Faults(lost=1)),
        (text(0, 1, 1, 2, 3), Faults(doubled=1)),
        (text(0, 2, 1, 3), Faults(reordered=1)),
        (text(0, 1) + text(2, tag=OTHER) + text(2, 3), Faults(leaked=1)),
        (text(0, 1, 2, 3, 4), Faults(leaked=1)),
        (text(0, 1) + "1f-" + text(2, 3), Faults(garbled=3)),
        (text(0, 1) + text(2)[5:] + text(3), Faults(lost=1, garbled=len(text(2)) - 5)),
    ],
    ids=["nothing", "hole", "end", "double", "order", "stranger", "beyond", "characters", "torn"],
)
def test_damage_is_counted_by_kind(shown, expected):
    assert faults(shown, TAG, 4) == expected


def test_faults_add_up():
    assert (Faults(lost=1, leaked=2) + Faults(lost=3, garbled=1)) == Faults(lost=4, leaked=2, garbled=1)
    assert Faults(1, 2, 3, 4, 5).total == 15


def test_a_meter_counts_only_while_it_is_open():
    meter = Meter()
    meter.see(text(0))
    meter.open()
    meter.see(text(1, 2))
    meter.close()
    meter.see(text(3))
    assert meter.delivered == 2


def test_ages_survive_the_clock_wrapping_around():
    meter = Meter()
    meter.open()
    meter.see(token(TAG, 0, now_us() - 5_000_000))
    meter.see(token(TAG, 1, now_us() - 5_000_000 + 2**32))
    assert all(5_000_000 <= age < 60_000_000 for age in meter.ages_us)


def test_percentiles_are_of_what_was_seen():
    meter = Meter()
    assert math.isnan(meter.percentile_ms(99))
    meter.ages_us.extend(range(1000, 101_000, 1000))
    assert (meter.percentile_ms(50), meter.percentile_ms(99)) == (51.0, 100.0)
