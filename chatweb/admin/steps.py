"""Changes in two steps: a form, then a page that says in plain words what will happen, then it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatweb.auditing import record
from chatweb.turns.commands.identities import Note

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """What a page shows. `sentences`: what will happen, before it does; empty while the form is filled in.

    While they are confirmed the form goes along hidden, unless `still_asks`.
    """

    title: Words
    place: Words  # the page it belongs to
    back_url: str
    button: Words
    form: forms.Form | None = None
    sentences: Sequence[Words] = ()
    intro: Sequence[Words] = ()
    warning: Words = ""
    hidden: Sequence[tuple[str, object]] = ()
    still_asks: bool = False


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=_("Goes into the audit log."),
    )


class Autocomplete(AutocompleteSelect):
    """Django's own, of a foreign key's field; nonsense in the address is nobody rather than an error."""

    def __init__(self, field: Any) -> None:
        super().__init__(field, admin.site)

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if str(one).isdigit()], attr)


def page(request: HttpRequest, step: Step, status: int = 200) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "step": step,
        "title": step.title,
        "is_confirming": bool(step.sentences),
        "is_asking": step.still_asks or not step.sentences,
        "media": step.form.media if step.form else "",
    }
    return TemplateResponse(request, "admin/step.html", context, status=status)


def is_confirmed(request: HttpRequest) -> bool:
    return request.method == "POST" and "confirmed" in request.POST


def note_of(request: HttpRequest, reason: str = "") -> Note:
    """The audit log, knowing who asks and why."""
    actor = request.user if request.user.is_authenticated else None
    return partial(record, actor, reason=reason, request=request)
