"""“Reconciling”: begin a comparison with the upstreams, and read what the last one found (M-093)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb import auditing
from chatweb.models import Reconciliation, Turn
from chatweb.turns import commands

COUNTS = ("looked_at_count", "filled_count", "differing_count", "problem_count", "silent_count")


class ReconcilingForm(forms.Form):
    since = forms.DateField(
        label=_("Questions since"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty: all of them."),
    )
    everything = forms.BooleanField(
        label=_("Compare everything"),
        required=False,
        help_text=_("Also what has a figure already: slow, one call for each chat and run."),
    )


def reconciling(request: HttpRequest) -> HttpResponse:
    """GET shows, POST begins one or stops the one that runs."""
    assert isinstance(request.user, User)  # the admin's door let nobody else in
    if not request.user.has_perm("chatweb.view_turnfigures"):
        raise PermissionDenied
    form = ReconcilingForm(request.POST if request.method == "POST" else None)
    may_begin = request.user.has_perm("chatweb.change_price")
    if request.method == "POST":
        if not may_begin:
            raise PermissionDenied
        if "stop" in request.POST:
            commands.stop_reconciling()
            return redirect("admin:chatweb_reconciling")
        if form.is_valid():
            _begin(request, request.user, form.cleaned_data)
            return redirect("admin:chatweb_reconciling")
    last = Reconciliation.objects.select_related("asked_by").first()
    context = {
        **admin.site.each_context(request),
        "title": _("Reconciling with the upstream"),
        "form": form,
        "may_begin": may_begin,
        "last": last,
        "is_running": last is not None and last.state == Reconciliation.State.RUNNING,
        "counts": _counts(last) if last else [],
        "found": _with_pages(last.found) if last else [],
    }
    return TemplateResponse(request, "admin/chatweb/reconciling.html", context)


def _counts(last: Reconciliation) -> list[tuple[Any, int]]:
    names = {field.name: field.verbose_name for field in Reconciliation._meta.concrete_fields}
    return [(names[name], getattr(last, name)) for name in COUNTS]


def _begin(request: HttpRequest, user: User, chosen: dict[str, Any]) -> None:
    if not commands.begin_reconciling(user, chosen["since"], everything=chosen["everything"]):
        messages.warning(request, gettext("One runs already."))
        return
    since = chosen["since"].isoformat() if chosen["since"] else None
    after = {"since": since, "everything": chosen["everything"]}
    auditing.record(user, "usage.reconciled", after=after, request=request)
    commands.wake()


def _with_pages(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with its turn's page, where there still is one."""
    turns = Turn.objects.filter(uuid__in=[row["turn"] for row in found])
    pages = {str(uuid): pk for uuid, pk in turns.values_list("uuid", "pk")}
    return [{**row, "turn_pk": pages.get(row["turn"])} for row in found]
