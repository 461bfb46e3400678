"""What the table says of a figure."""

import pytest

from bench.table import Row, markdown


@pytest.mark.parametrize(
    ("value", "is_more_better", "verdict"),
    [(0.6, False, "aim"), (0.8, False, "must"), (0.91, False, "**missed**"), (6, True, "aim")],
)
def test_a_figure_is_held_against_must_and_aim(value, is_more_better, verdict):
    must, aim = (3, 5) if is_more_better else (0.9, 0.65)
    assert Row("ratio", value, "", must, aim, is_more_better).verdict == verdict


def test_a_figure_that_could_not_be_measured_is_missed():
    row = Row("latency", float("nan"), "ms", 10, 5)
    assert row.verdict == "**missed**"
    assert row.line().startswith("| latency | – ms |")


def test_the_table_is_markdown_with_every_row_complete():
    table = markdown([Row("CPU", 88.4, "µs"), Row("lost", 0, "", 0, 0, note="none")])
    lines = table.split("\n")
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {7}
    assert lines[2] == "| CPU | 88.4 µs |  |  |  |  |"
    assert lines[3] == "| lost | 0 | ≤ 0 | ≤ 0 | aim | none |"
