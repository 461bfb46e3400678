"""The chosen filters in words, each with the address of the log without it; and addresses in general."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from .form import FilterForm

PLACES = ("after", "from")  # where a page begins: another filter begins at the beginning
SHORT = {
    "slower": gettext_lazy("Slowest answer from %(value)s s"),
    "faster": gettext_lazy("Slowest answer up to %(value)s s"),
    "more": gettext_lazy("Tokens from %(value)s"),
    "fewer": gettext_lazy("Tokens up to %(value)s"),
    "score_from": gettext_lazy("Score from %(value)s"),
    "score_to": gettext_lazy("Score up to %(value)s"),
    "since": gettext_lazy("From %(value)s"),
    "until": gettext_lazy("Until %(value)s"),
    "comment": gettext_lazy("With a comment"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    without: str


def query_of(asked: Mapping[str, str], **changes: str | None) -> str:
    """The query string of some filters, in the form's order; what is empty or no filter is left out."""
    wanted = {**asked, **changes}
    names = [*FilterForm.base_fields, *(name for name in (*PLACES, "view") if name in changes)]
    return urlencode({name: wanted[name] for name in names if wanted.get(name)})


def chips_of(form: FilterForm, asked: Mapping[str, str]) -> list[Chip]:
    return [
        Chip(words_for(form, name, value), query_of(asked, **{name: None}))
        for name, value in form.chosen.items()
        if name != "sort"
    ]


def words_for(form: FilterForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if name in SHORT:
        shown = date_format(value, "SHORT_DATE_FORMAT") if name in ("since", "until") else f"{value:g}"
        return str(SHORT[name]) % {"value": shown}
    choices = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    return gettext("%(filter)s: %(value)s") % {"filter": field.label, "value": choices.get(value, value)}
