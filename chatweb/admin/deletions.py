"""Accounts that are being deleted: how far each is, and the receipt to hand over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from chatweb.exports.receipt import removed_rows
from chatweb.lists import listed
from chatweb.models import Deletion

from .read_only import ReadOnlyAdmin, link


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    empty_words = _("Nobody deleted their account within the last 30 days.")
    list_display = ["begun", "person", "how_far", "calls_open", "receipt", "expires_at"]
    list_filter = [("carried_out_at", admin.EmptyFieldListFilter), "is_held"]
    list_select_related = ["user"]
    fields = [
        "begun", "person", "how_far", "rows_removed", "calls_open",
        "carried_out_at", "receipt", "expires_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deletion]:
        pending = Count("calls", filter=Q(calls__outcome=""))
        return super().get_queryset(request).annotate(calls_pending=pending, calls_made=Count("calls"))

    @admin.display(description=_("deletion asked"), ordering="asked_at")
    def begun(self, deletion: Deletion) -> datetime:
        return deletion.asked_at

    @admin.display(description=_("person"))
    def person(self, deletion: Deletion) -> SafeString | str:
        return link(deletion.user, deletion.user.username) if deletion.user else gettext("gone")

    @admin.display(description=_("how far"))
    def how_far(self, deletion: Deletion) -> str:
        if deletion.carried_out_at:
            return pgettext("done", "carried out")
        if not deletion.is_held:
            return gettext("under way")
        sentence = ngettext(
            "waits for a legal hold: %(n)d conversation stays",
            "waits for a legal hold: %(n)d conversations stay",
            deletion.held_count,
        )
        return sentence % {"n": deletion.held_count}

    @admin.display(description=_("rows removed"))
    def rows_removed(self, deletion: Deletion) -> str:
        return listed(f"{row['what']}: {row['count']}" for row in removed_rows(deletion)) or "–"

    @admin.display(description=_("calls upstream"))
    def calls_open(self, deletion: Any) -> str:
        counts = {"done": deletion.calls_made - deletion.calls_pending, "all": deletion.calls_made}
        return gettext("%(done)d of %(all)d over") % counts

    @admin.display(description=_("receipt"))
    def receipt(self, deletion: Deletion) -> SafeString:
        """For whoever had the account: the link is all it takes."""
        page = reverse("receipt", args=[deletion.token])
        return format_html('<a href="{}" rel="noreferrer">{}</a>', page, gettext("Receipt, to hand over"))
