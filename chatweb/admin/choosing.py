"""The page on which an admin sees what an import would bring and chooses from it (M-088)."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from chatweb.auditing import record
from chatweb.models import Bot, Connection
from chatweb.turns import commands
from chatweb.views.answers import SignedInRequest

from .adding import AddForm, add_bot
from .connection_test import test_connection

TEMPLATE = "admin/chatweb/connection/import.html"


def choose_import(request: SignedInRequest, connection: Connection) -> HttpResponse:
    """GET shows what is upstream beside what is known; POST takes what was ticked, if that is still so, or
    adds the one whose id was given."""
    if request.method == "POST" and "upstream_id" in request.POST:
        form = AddForm(connection, request.POST)
        return add_bot(request, connection, form) or adding_page(request, connection, form)
    chosen = request.POST.getlist("chosen") if request.method == "POST" else None
    if chosen is None and not test_connection(request, connection):
        return redirect("admin:chatweb_connection_change", connection.pk)
    try:
        if chosen is not None:
            report = commands.import_bots(connection, chosen=chosen, digest=request.POST.get("digest", ""))
            brought = {
                "added": report.added,
                "updated": report.updated,
                "no longer published": report.missing,
            }
            record(request.user, "connection.imported", connection, after=brought, request=request)
            level = messages.SUCCESS if report.is_whole else messages.WARNING
            messages.add_message(request, level, f"{connection}: {report.sentence}")
            return redirect("admin:chatweb_connection_change", connection.pk)
        return proposal_page(request, connection, commands.propose_import(connection))
    except commands.Changed:
        messages.warning(
            request, _("The upstream changed meanwhile. This is how it is now; nothing was imported.")
        )
        return proposal_page(request, connection, commands.propose_import(connection), chosen)
    except commands.UpstreamError as error:
        messages.error(request, f"{connection}: {error}")
        return redirect("admin:chatweb_connection_change", connection.pk)


def adding_page(request: HttpRequest, connection: Connection, form: AddForm) -> HttpResponse:
    """What was typed, with what is wrong about it."""
    try:
        proposal = commands.propose_import(connection)
    except commands.UpstreamError:
        proposal = commands.Proposal([], "", [])
    return proposal_page(request, connection, proposal, form=form)


def proposal_page(
    request: HttpRequest,
    connection: Connection,
    proposal: commands.Proposal,
    chosen: list[str] | None = None,
    form: AddForm | None = None,
) -> HttpResponse:
    """New and changed ones are ticked, or what was ticked before."""
    rows = [
        {
            "found": found,
            "kind": Bot.Kind(found.kind).label,
            "changes": [
                (getattr(Bot._meta.get_field(one.field), "verbose_name", one.field), one)
                for one in found.changes
            ],
            "is_chosen": found.standing in ("new", "changed") if chosen is None else found.key in chosen,
        }
        for found in proposal.found
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Import from %(connection)s") % {"connection": connection},
        "opts": Connection._meta,
        "original": connection,
        "rows": rows,
        "digest": proposal.digest,
        "warnings": proposal.warnings,
        "is_list": proposal.is_list,
        "form": form or AddForm(connection),
    }
    return TemplateResponse(request, TEMPLATE, context)
