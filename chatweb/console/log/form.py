"""What the log can be narrowed down by: every filter is a part of the address, checked here."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from chatweb.forms import clean_text
from chatweb.models import Bot, ConversationMark, Label
from chatweb.search.query import MOST_CHARS
from chatweb.turns.states import TurnState

from .remarked import REMARKED, REVIEWED

MOST_CODES = 20
CODES = re.compile(r"[0-9a-f]{8}(,[0-9a-f]{8})*")  # of people, as `console/names.py: code_of` makes them
MARKS_SECONDS = 60
SORTS = {
    "newest": _("Newest question"),
    "slowest": _("Slowest answer"),
    "tokens": _("Most tokens"),
    "worst": _("Worst ratings"),
}
STATES = [
    *((str(state), state.label) for state in TurnState if state != TurnState.WAITING),
    (str(TurnState.WAITING), _("waiting for a person now")),
]


class TextField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").replace("\n", " ").strip()


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **options: Any) -> None:
        refused = _("“%(typed)s” is no day. Write it like 2026-11-21.")
        super().__init__(input_formats=["%Y-%m-%d"], required=False, **options)
        self.error_messages["invalid"] = refused

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as bad:
            sentence = self.error_messages["invalid"]
            raise forms.ValidationError(sentence, params={"typed": str(value)[:40]}) from bad


class SecondsField(forms.FloatField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=10**6, required=False, **options)


class FilterForm(forms.Form):
    """Unbound fields are as wide as the log. `after` and `from`, where a page begins, are no filters."""

    q = TextField(label=_("Words"), max_length=MOST_CHARS, required=False)
    bot = forms.ModelChoiceField(
        Bot.objects.order_by("name"),
        to_field_name="uuid",
        label=_("Bot"),
        required=False,
        empty_label=_("any"),
    )
    user = TextField(label=_("Person"), max_length=200, required=False)
    group = forms.ModelChoiceField(
        Group.objects.order_by("name"), label=_("Group"), required=False, empty_label=_("any")
    )
    days = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("any time")), ("1", _("today")), ("7", _("last 7 days")), ("30", _("last 30 days"))],
        required=False,
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    state = forms.ChoiceField(label=_("State"), choices=[("", _("any")), *STATES], required=False)
    error = TextField(label=_("Error code"), max_length=24, required=False)
    tool = TextField(label=_("Tool"), max_length=200, required=False)
    rating = forms.ChoiceField(
        label=_("Rating"),
        choices=[
            ("", _("any")),
            ("bad", _("with a bad one")),
            ("good", _("with a good one")),
            ("some", _("rated")),
            ("none", _("not rated")),
        ],
        required=False,
    )
    comment = forms.BooleanField(label=_("With a comment"), required=False)
    slower = forms.FloatField(
        label=_("Slowest answer from (s)"), min_value=0, max_value=10**6, required=False
    )
    faster = forms.FloatField(
        label=_("Slowest answer up to (s)"), min_value=0, max_value=10**6, required=False
    )
    more = forms.IntegerField(label=_("Tokens from"), min_value=0, max_value=10**12, required=False)
    fewer = forms.IntegerField(label=_("Tokens up to"), min_value=0, max_value=10**12, required=False)
    annotated = forms.ChoiceField(label=_("Annotations"), choices=REMARKED, required=False)
    label = forms.ModelChoiceField(
        Label.objects.all(), to_field_name="uuid", label=_("Label"), required=False, empty_label=_("any")
    )
    score_from = forms.IntegerField(label=_("Score from"), min_value=0, max_value=99, required=False)
    score_to = forms.IntegerField(label=_("Score up to"), min_value=0, max_value=99, required=False)
    review = forms.ChoiceField(label=_("Review"), choices=REVIEWED, required=False)
    deleted = forms.ChoiceField(
        label=_("Deleted"),
        choices=[("", _("shown too")), ("only", _("only deleted ones")), ("hide", _("not shown"))],
        required=False,
    )
    sort = forms.ChoiceField(label=_("Order"), choices=list(SORTS.items()), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        for name, kind in (("error", "error"), ("tool", "tool")):
            self.fields[name].widget.attrs["list"] = f"known_{kind}s"

    def clean_user(self) -> str:
        typed: str = self.cleaned_data["user"]
        codes = typed.lower().replace(" ", "")
        return ",".join(codes.split(",")[:MOST_CODES]) if CODES.fullmatch(codes) else typed

    @property
    def chosen(self) -> dict[str, Any]:
        """What is asked for and understood; the rest is shown with what is wrong with it."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}


def known_marks() -> dict[str, list[str]]:
    """Error codes and tools that occur, for the fields' suggestions; a minute old at most."""

    def look() -> dict[str, list[str]]:
        found = {}
        for kind in ConversationMark.Kind:
            marks = ConversationMark.objects.filter(kind=kind).order_by("word")
            found[str(kind)] = list(marks.values_list("word", flat=True).distinct()[:200])
        return found

    return cache.get_or_set("console-known-marks", look, MARKS_SECONDS) or {}
