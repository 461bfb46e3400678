"""What a plot draws: columns of values over a period. The table, the CSV and the canvas all show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from chatweb.rollups.cells import NO_CODE

from .measures import MEASURES, MOST_CODES, PLOTS, Form, Measure, Plot, Unit, Value
from .totals import Totals, sum_of


@dataclass(frozen=True, slots=True)
class Series:
    """Totals of each step: of everything asked for, or of one of the bots or groups that are compared."""

    name: str
    steps: Sequence[Totals]
    log: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    values: Sequence[Value]
    log: Mapping[str, str]
    is_drawn: bool = True

    @property
    def log_query(self) -> str:
        return urlencode(self.log)


@dataclass(frozen=True, slots=True)
class Drawing:
    key: str
    title: str
    note: str
    form: Form
    unit: Unit
    columns: Sequence[Column]

    @property
    def is_empty(self) -> bool:
        return not any(value for column in self.columns for value in column.values)


def drawings_of(series: Sequence[Series], is_compared: bool) -> Iterator[Drawing]:
    """Ten plots; where series are compared one for each measure, with a line for each series."""
    for plot in PLOTS:
        if not is_compared:
            columns = list(columns_of(plot, series[0]))
            unit = MEASURES[plot.measures[0]].unit
            yield Drawing(plot.key, str(plot.title), str(plot.note), plot.form, unit, columns)
            continue
        for key in plot.compared:
            yield comparison(plot, MEASURES[key], series)


def columns_of(plot: Plot, one: Series) -> Iterator[Column]:
    for measure in (MEASURES[key] for key in plot.measures):
        values = [measure.value(step) for step in one.steps]
        yield Column(str(measure.label), values, measure.log, is_drawn=measure.key != "unrated")
    if plot.key == "errors":
        for code, _ in sum_of(one.steps).errors.most_common(MOST_CODES):
            values = [step.errors[code] / step.of("over") if step.of("over") else None for step in one.steps]
            yield Column(code, values, {"state": "failed"} if code == NO_CODE else {"error": code})


def comparison(plot: Plot, measure: Measure, series: Sequence[Series]) -> Drawing:
    is_alone = len(plot.compared) == 1
    return Drawing(
        key=plot.key if is_alone else f"{plot.key}-{measure.key}",
        title=str(plot.title) if is_alone else f"{plot.title}: {measure.label}",
        note=str(measure.label) if measure.key == "calls_share" else str(plot.note),
        form=Form.LINES,
        unit=measure.unit,
        columns=[
            Column(one.name, [measure.value(step) for step in one.steps], {**measure.log, **one.log})
            for one in series
        ],
    )
