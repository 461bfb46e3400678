"""What the console plots: each measure a function of totals, each plot some measures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatweb.rollups.rolling import MICROS

from .totals import Totals

Value = float | None
CALL_COUNTS = ("calls_answered", "calls_declined", "calls_expired", "calls_failed", "calls_auto")


class Unit(StrEnum):
    COUNT = "count"
    MS = "ms"
    SHARE = "share"
    MONEY = "money"


class Form(StrEnum):
    LINES = "lines"
    BARS = "bars"  # stacked where there are several


@dataclass(frozen=True, slots=True)
class Measure:
    """`log`: the filters with which the conversation log shows what was counted."""

    key: str
    label: str | Promise
    unit: Unit
    value: Callable[[Totals], Value]
    log: Mapping[str, str] = field(default_factory=dict, hash=False)
    rises_are: str = ""  # good | bad; "": neither


@dataclass(frozen=True, slots=True)
class Plot:
    """`compared`: the measures drawn one by one when bots or groups are compared."""

    key: str
    title: str | Promise
    note: str | Promise
    form: Form
    measures: tuple[str, ...]
    compared: tuple[str, ...]


def count(name: str) -> Callable[[Totals], Value]:
    return lambda totals: totals.of(name)


def share(part: str, whole: str) -> Callable[[Totals], Value]:
    return lambda totals: totals.of(part) / totals.of(whole) if totals.of(whole) else None


def percentile(spread: str, part: float) -> Callable[[Totals], Value]:
    return lambda totals: totals.percentile(spread, part)


def unrated(totals: Totals) -> Value:
    turns = totals.of("turns")
    return (turns - totals.of("good") - totals.of("bad")) / turns if turns else None


def answered_calls(totals: Totals) -> Value:
    calls = sum(totals.of(name) for name in CALL_COUNTS)
    return (totals.of("calls_answered") + totals.of("calls_auto")) / calls if calls else None


MEDIAN, P95 = _("Median (p50)"), _("95th percentile (p95)")
MEASURES = {
    measure.key: measure
    for measure in (
        Measure("turns", _("Turns"), Unit.COUNT, count("turns")),
        Measure("conversations", _("Conversations"), Unit.COUNT, lambda totals: len(totals.conversations)),
        Measure("people", _("Active users"), Unit.COUNT, lambda totals: len(totals.people)),
        Measure("answer_p50", MEDIAN, Unit.MS, percentile("answer", 0.5), rises_are="bad"),
        Measure("answer_p95", P95, Unit.MS, percentile("answer", 0.95), rises_are="bad"),
        Measure("first_p50", MEDIAN, Unit.MS, percentile("first_token", 0.5), rises_are="bad"),
        Measure("first_p95", P95, Unit.MS, percentile("first_token", 0.95), rises_are="bad"),
        Measure("errors", _("All errors"), Unit.SHARE, share("failed", "over"), {"state": "failed"}, "bad"),
        Measure("good", _("Good"), Unit.SHARE, share("good", "turns"), {"rating": "good"}, "good"),
        Measure("bad", _("Bad"), Unit.SHARE, share("bad", "turns"), {"rating": "bad"}, "bad"),
        Measure("unrated", _("Not rated"), Unit.SHARE, unrated),
        Measure("calls_answered", _("Answered"), Unit.COUNT, count("calls_answered")),
        Measure("calls_declined", _("Declined"), Unit.COUNT, count("calls_declined")),
        Measure("calls_expired", _("Expired"), Unit.COUNT, count("calls_expired")),
        Measure("calls_failed", _("Failed"), Unit.COUNT, count("calls_failed")),
        Measure("calls_auto", _("By a rule"), Unit.COUNT, count("calls_auto")),
        Measure("calls_share", _("Answered, also by a rule"), Unit.SHARE, answered_calls, rises_are="good"),
        Measure("wait_p50", MEDIAN, Unit.MS, percentile("waited", 0.5), rises_are="bad"),
        Measure("wait_p95", P95, Unit.MS, percentile("waited", 0.95), rises_are="bad"),
        Measure("input_tokens", _("Input tokens"), Unit.COUNT, count("input_tokens")),
        Measure("output_tokens", _("Output tokens"), Unit.COUNT, count("output_tokens")),
        Measure("tokens", _("All tokens"), Unit.COUNT, count("tokens")),
        Measure("cost", _("Cost"), Unit.MONEY, lambda totals: totals.of("cost_micros") / MICROS),
    )
}
PLOTS = (
    Plot(
        "volume", _("Volume"), _("Questions, and conversations in which something was asked."),
        Form.LINES, ("turns", "conversations"), ("turns", "conversations"),
    ),
    Plot(
        "people", _("Active users"), _("Different people who asked something."),
        Form.BARS, ("people",), ("people",),
    ),
    Plot(
        "answer", _("Answer time"),
        _("From the question to the end of its answer, without waits for people."),
        Form.LINES, ("answer_p50", "answer_p95"), ("answer_p50", "answer_p95"),
    ),
    Plot(
        "first_token", _("Time to the first word"), _("From the question to the first text of its answer."),
        Form.LINES, ("first_p50", "first_p95"), ("first_p50", "first_p95"),
    ),
    Plot(
        "errors", _("Errors"), _("Share of the turns that ended, by error code; the most frequent codes."),
        Form.LINES, ("errors",), ("errors",),
    ),
    Plot(
        "ratings", _("Ratings"), _("Share of all turns."),
        Form.BARS, ("good", "bad", "unrated"), ("good", "bad"),
    ),
    Plot(
        "calls", _("Outcome of tool calls"), _("How calls that ask a person, or a rule, were decided."),
        Form.BARS, CALL_COUNTS, ("calls_share",),
    ),
    Plot(
        "waiting", _("Waiting time of cards"), _("From a card's appearance to a person's decision."),
        Form.LINES, ("wait_p50", "wait_p95"), ("wait_p50", "wait_p95"),
    ),
    Plot(
        "tokens", _("Tokens"), _("As the upstream counted them."),
        Form.BARS, ("input_tokens", "output_tokens"), ("tokens",),
    ),
    Plot(
        "cost", _("Cost"), _("At the prices of the price table; what has no price is not in it."),
        Form.BARS, ("cost",), ("cost",),
    ),
)  # fmt: skip
# The row of key figures: what it is called where no plot stands around it.
HEADLINE = (
    ("turns", _("Turns")),
    ("conversations", _("Conversations")),
    ("people", _("Active users")),
    ("answer_p50", _("Answer time, median")),
    ("answer_p95", _("Answer time, p95")),
    ("errors", _("Errors")),
    ("good", _("Good ratings")),
    ("bad", _("Bad ratings")),
    ("tokens", _("Tokens")),
    ("cost", _("Cost")),
)
MOST_CODES = 5
