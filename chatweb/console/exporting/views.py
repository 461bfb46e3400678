"""Asking for an export, watching it being made, fetching it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_POST

from chatweb.auditing import record
from chatweb.console.access import operator
from chatweb.console.log.chips import query_of
from chatweb.console.log.form import CODES
from chatweb.console.masks import may_see_original
from chatweb.console.navigation import page
from chatweb.exports.streaming import download as streamed
from chatweb.models import LogExport
from chatweb.models.saved_view import LONGEST_QUERY
from chatweb.turns.commands.waking import wake
from chatweb.views.answers import SeeOther, SignedInRequest

from . import files, making
from .formats import FORMATS

SALT = "chatweb.console.exporting"
MOST_SHOWN = 50


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=LogExport.Format.choices)
    with_names = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=LONGEST_QUERY)

    def clean_query(self) -> str:
        """Fixed: "the last 7 days" are those of now, also when it is made later."""
        asked = dict(parse_qsl(self.cleaned_data["query"]))
        if asked.get("user") and not CODES.fullmatch(asked["user"]):
            asked.pop("user")
        days = asked.pop("days", "")
        if days.isdecimal() and 0 < int(days) <= 30:
            first = (timezone.localdate() - timedelta(days=int(days) - 1)).isoformat()
            asked["since"] = max(asked.get("since", ""), first)
        return query_of(asked)


@require_POST
@operator
def ask(request: SignedInRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return list_of(request, status=422, is_refused=True)
    export = LogExport(
        owner=request.user,
        format=form.cleaned_data["format"],
        query=form.cleaned_data["query"],
        with_names=form.cleaned_data["with_names"] and may_see_original(request),
        language=translation.get_language() or "en",
        time_zone=timezone.get_current_timezone_name(),
    )
    export.total = making.conversations_of(export).order_by().count()
    export.save()
    asked = {"query": export.query, "format": export.format, "with_names": export.with_names}
    record(
        request.user, "export.asked", export, after={**asked, "conversations": export.total}, request=request
    )
    wake()
    return SeeOther(reverse("console_exports"))


@require_GET
@operator
def exports(request: SignedInRequest) -> HttpResponse:
    return list_of(request)


def list_of(request: SignedInRequest, status: int = 200, is_refused: bool = False) -> HttpResponse:
    found = LogExport.objects.visible_to(request.user)[:MOST_SHOWN]
    rows = [{"export": one, "link": link_of(one) if is_there(one) else ""} for one in found]
    context: dict[str, object] = {
        "rows": rows,
        "is_moving": any(one["export"].state == LogExport.State.MAKING for one in rows),  # type: ignore[attr-defined]
        "hours": settings.EXPORT_HOURS,
        "is_refused": is_refused,
    }
    return page(request, "console/exporting/page.html", context, status=status)


def is_there(export: LogExport) -> bool:
    is_valid = export.expires_at is not None and export.expires_at > timezone.now()
    return export.state == LogExport.State.DONE and is_valid


def link_of(export: LogExport) -> str:
    """For its owner, until it expires."""
    key = signing.dumps([str(export.uuid), export.owner_id], salt=SALT)
    return f"{reverse('console_export_file', args=[export.uuid])}?key={key}"


@require_GET
@operator
def fetch(request: SignedInRequest, export_id: UUID) -> HttpResponseBase:
    try:
        named = signing.loads(
            request.GET.get("key", ""), salt=SALT, max_age=timedelta(hours=settings.EXPORT_HOURS)
        )
    except signing.BadSignature as bad:
        raise Http404 from bad
    export = get_object_or_404(LogExport.objects.visible_to(request.user), uuid=export_id)
    if named != [str(export.uuid), request.user.pk] or not is_there(export):
        raise Http404
    record(request.user, "export.downloaded", export, after={"query": export.query}, request=request)
    chosen = FORMATS[LogExport.Format(export.format)]
    name = f"conversations {timezone.localdate(export.created_at).isoformat()}.{chosen.suffix}"
    return streamed(files.pieces_of(export), name, chosen.content_type)


@require_POST
@operator
def delete(request: SignedInRequest, export_id: UUID) -> HttpResponse:
    get_object_or_404(LogExport.objects.visible_to(request.user), uuid=export_id).delete()
    return SeeOther(reverse("console_exports"))
