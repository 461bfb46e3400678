"""“Usage”: who used what and what it cost, by user, group, bot, day or month; each table as CSV (M-093)."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb import auditing
from chatweb.models import Bot
from chatweb.usage.reading import Asked
from chatweb.usage.tables import KINDS, Row, table

from .audit_export import cell

MOST_SHOWN = 100
NAMES = {
    "user": _("User"),
    "group": _("Group"),
    "bot": _("Bot"),
    "day": _("Day"),
    "month": _("Month"),
}
COLUMNS = ("messages", "files", "input_tokens", "output_tokens", "tokens", "cost", "unpriced")


class UsageForm(forms.Form):
    """The filters, from the address."""

    by = forms.ChoiceField(label=_("By"), choices=[(kind, NAMES[kind]) for kind in KINDS], initial="bot")
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    user = forms.CharField(label=_("User"), required=False, max_length=150)
    group = forms.ModelChoiceField(Group.objects.order_by("name"), label=_("Group"), required=False)
    bot = forms.ModelChoiceField(Bot.objects.order_by("name"), label=_("Bot"), required=False)

    def clean_user(self) -> User | None:
        name = self.cleaned_data["user"].strip()
        if not name:
            return None
        found = User.objects.filter(username__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this user name."))
        return found


def usage(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # the admin's door let nobody else in
    if not request.user.has_perm("chatweb.view_turnfigures"):
        raise PermissionDenied
    typed = {"by": "bot", **request.GET.dict()}
    if not request.GET:
        typed["since"] = this_month().isoformat()
    form = UsageForm(typed)
    asked = Asked(**form.cleaned_data) if form.is_valid() else None
    found = table(asked) if asked else None
    rows = found.rows if found else []
    if asked and request.GET.get("format") == "csv":
        auditing.record(request.user, "usage.exported", after=request.GET.dict(), request=request)
        return as_csv(rows, asked)
    context = {
        **admin.site.each_context(request),
        "title": _("Usage"),
        "form": form,
        "rows": rows[:MOST_SHOWN],
        "left_out": max(0, len(rows) - MOST_SHOWN),
        "total": found.total if found else None,
        "kind": NAMES.get(typed["by"], ""),
        "currency": settings.CURRENCY,
        "csv_query": f"?{'&'.join(filter(None, [request.GET.urlencode(), 'format=csv']))}"
        if request.GET
        else f"?by=bot&since={typed['since']}&format=csv",
    }
    return TemplateResponse(request, "admin/chatweb/usage.html", context)


def this_month() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone()).replace(day=1)


def as_csv(rows: list[Row], asked: Asked) -> HttpResponse:
    page = io.StringIO()
    page.write("\ufeff")  # or a spreadsheet takes it for another encoding
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([asked.by, *COLUMNS[:-2], f"cost_{settings.CURRENCY.lower()}", COLUMNS[-1]])
    for row in rows:
        values: list[Any] = [row.label, *(getattr(row, name) for name in COLUMNS)]
        writer.writerow([cell(value) for value in values])
    answer = HttpResponse(page.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="usage-by-{asked.by}.csv"'
    return answer
