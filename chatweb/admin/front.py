"""The start page of the administration: what waits, ways to pages that are no table, what one did last."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatweb.models import AuditEntry, Tool
from chatweb.turns.expiring import soon

from .audit_words import action_words

RECENT = 8
# Name, page and the permission it takes.
WAYS = (
    (_("Usage and cost"), "admin:chatweb_usage", "chatweb.view_turnfigures"),
    (_("Reconciling with the upstream"), "admin:chatweb_reconciling", "chatweb.view_turnfigures"),
    (_("Who can use which bot, and why"), "admin:accounts_user_why", "accounts.view_user"),
    (_("Who is who at Coze"), "admin:chatweb_cozeidentity_changelist", "chatweb.view_cozeidentity"),
    (
        _("What retention would remove now"),
        "admin:chatweb_retentionrule_dry_run",
        "chatweb.view_retentionrule",
    ),
)


def told(request: HttpRequest) -> dict[str, Any]:
    """The context of its own, by what the admin may see."""
    may = request.user.has_perm
    context: dict[str, Any] = {"ways": [(name, reverse(page)) for name, page, needed in WAYS if may(needed)]}
    if may("chatweb.view_tool"):
        context["unregistered_tools"] = Tool.objects.filter(is_registered=False).count()
    if may("chatweb.view_connection"):
        context["ending_connections"] = soon(timezone.now())
    if may("chatweb.view_auditentry"):
        mine = AuditEntry.objects.filter(actor=request.user.pk).exclude(action__startswith="session.")
        context["recent"] = [(entry, action_words(entry.action)) for entry in mine[:RECENT]]
    return context
