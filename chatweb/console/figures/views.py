"""`/console/figures/`: plots with their tables, and each as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from chatweb.console.access import operator
from chatweb.console.navigation import page
from chatweb.models import Bot
from chatweb.spreadsheet_cells import safe

from .drawings import Drawing, drawings_of
from .measures import HEADLINE, MEASURES
from .printed import bare, heads_of, rows_of
from .reading import before, series_of, total_of
from .shown import shown, shown_change
from .totals import Totals
from .wanted import RANGES, wanted_in


@require_GET
@operator
def figures(request: HttpRequest) -> HttpResponse:
    wanted = wanted_in(request.GET)
    series = series_of(wanted)
    total, heads, query = total_of(wanted, series), heads_of(wanted), urlencode(wanted.query)
    context = {
        "wanted": wanted,
        "ranges": RANGES,
        "zone": timezone.get_current_timezone_name(),
        "bots": Bot.objects.all(),
        "groups": Group.objects.order_by("name"),
        "headline": list(headline_of(total, before(wanted))),
        "drawings": [
            shown_drawing(one, heads, query) for one in drawings_of(series, bool(wanted.split)) if one.columns
        ],
    }
    return page(request, "console/figures/page.html", context)


@require_GET
@operator
def table(request: HttpRequest, key: str) -> HttpResponse:
    """One plot as CSV: moments in ISO 8601, figures bare (milliseconds, shares of one)."""
    wanted = wanted_in(request.GET)
    found = [one for one in drawings_of(series_of(wanted), bool(wanted.split)) if one.key == key]
    if not found:
        raise Http404
    [drawing] = found
    name = f"{key}-{wanted.period.first}-{wanted.period.last}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    response.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    lines = csv.writer(response)
    lines.writerow(["from", *(safe(column.label) for column in drawing.columns)])
    for step, moment in enumerate(wanted.period.starts):
        lines.writerow([moment.isoformat(), *(bare(column.values[step]) for column in drawing.columns)])
    return response


def headline_of(now: Totals, earlier: Totals) -> Iterator[dict[str, object]]:
    for key, label in HEADLINE:
        measure = MEASURES[key]
        value, other = measure.value(now), measure.value(earlier)
        change = shown_change(value, other, measure.unit)
        is_rise = value is not None and other is not None and value > other
        is_moved = bool(change and measure.rises_are) and value != other
        yield {
            "label": label,
            "value": shown(value, measure.unit),
            "change": change,
            "tone": ("good" if is_rise == (measure.rises_are == "good") else "bad") if is_moved else "",
        }


def shown_drawing(drawing: Drawing, heads: list[SafeString], query: str) -> dict[str, object]:
    address = reverse("console_figure_table", args=[drawing.key])
    rows = rows_of(heads, drawing.columns, drawing.unit)
    return {"drawing": drawing, "rows": rows, "csv": f"{address}?{query}"}
