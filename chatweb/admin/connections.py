"""Connections: where bots live, the credentials for it, and a button that says whether they work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatweb.models import Connection
from chatweb.turns import commands

from .connection_form import SECRETS, ConnectionForm, stored
from .secrets import masked


def is_readable(request: HttpRequest, connection: Connection) -> bool:
    """Whether this site still has the key of the stored credentials; if not, the admin is told."""
    if all(stored(connection, name) is not None for name in SECRETS):
        return True
    sentence = _("%(connection)s: no key of this site opens the stored credentials. Give them again.")
    messages.error(request, sentence % {"connection": connection})
    return False


def test_connection(request: HttpRequest, connection: Connection) -> bool:
    """Ask the upstream who we are there, tell the admin what it said; whether it was good."""
    if not is_readable(request, connection):
        return False
    report = commands.test_connection(connection)
    parts = [f"{connection}: {report.sentence}"]
    if not report.is_ok and report.code:
        parts.append(_("Code %(code)s.") % {"code": report.code})
    if not report.is_ok and report.log_id:
        parts.append(_("Log id %(log_id)s.") % {"log_id": report.log_id})
    messages.add_message(request, messages.SUCCESS if report.is_ok else messages.ERROR, " ".join(parts))
    return report.is_ok


def import_bots(request: HttpRequest, connection: Connection) -> None:
    """Read the upstream's bots and tell the admin what changed. A broken connection explains itself first."""
    if not test_connection(request, connection):
        return
    try:
        report = commands.import_bots(connection)
    except commands.UpstreamError as error:
        messages.error(request, f"{connection}: {error}")
        return
    is_good = report.is_whole and (report.added or report.updated)
    level = messages.SUCCESS if is_good else messages.WARNING
    messages.add_message(request, level, f"{connection}: {report.sentence}")


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    form = ConnectionForm
    exclude = SECRETS
    list_display = ["name", "dialect", "base_url", "auth", "credential", "is_enabled", "bot_count"]
    list_filter = ["dialect", "auth", "is_enabled"]
    search_fields = ["name", "base_url", "oauth_app_id"]
    readonly_fields = ["stored_token", "stored_private_key", "created_at"]
    actions = ["test_connections", "import_all_bots"]
    save_on_top = False
    fieldsets = [
        (None, {"fields": ["name", "dialect", "base_url", "is_enabled"]}),
        (
            gettext_lazy("Credentials"),
            {
                "fields": ["auth", "stored_token", "token"],
                "description": gettext_lazy("Stored encrypted. Nobody can read them here again."),
            },
        ),
        (
            gettext_lazy("OAuth app (JWT)"),
            {"fields": ["oauth_app_id", "oauth_key_id", "stored_private_key", "oauth_private_key"]},
        ),
        (gettext_lazy("More"), {"fields": ["pushes_names", "keeps_files", "created_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        """Secrets are read one by one: a lost key must not take the whole list down with it."""
        rows = super().get_queryset(request).defer(*SECRETS)
        return rows.annotate(bots_there=Count("bots"))

    @admin.display(description=gettext_lazy("credentials"))
    def credential(self, connection: Connection) -> str:
        if connection.auth == Connection.Auth.OAUTH_JWT:
            return connection.oauth_app_id or "–"
        return self.stored_token(connection)

    @admin.display(description=gettext_lazy("stored token"))
    def stored_token(self, connection: Connection) -> str:
        secret = stored(connection, "token")
        return _("cannot be read: its key is gone") if secret is None else masked(secret) or "–"

    @admin.display(description=gettext_lazy("stored private key"))
    def stored_private_key(self, connection: Connection) -> str:
        secret = stored(connection, "oauth_private_key")
        if secret is None:
            return _("cannot be read: its key is gone")
        return _("stored") if secret else "–"

    @admin.display(description=gettext_lazy("bots"), ordering="bots_there")
    def bot_count(self, connection: Any) -> int:
        return connection.bots_there

    @admin.action(description=gettext_lazy("Test connection"), permissions=["change"])
    def test_connections(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        for connection in queryset:
            test_connection(request, connection)

    @admin.action(description=gettext_lazy("Import bots"), permissions=["change"])
    def import_all_bots(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        for connection in queryset:
            import_bots(request, connection)

    def get_urls(self) -> list[URLPattern]:
        def page(action: str) -> URLPattern:
            view = self.admin_site.admin_view(self.run_action)
            name = f"chatweb_connection_{action}"
            return path(f"<path:object_id>/{action}/", view, {"action": action}, name=name)

        return [page("test"), page("import"), *super().get_urls()]

    def run_action(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """The two buttons of a connection's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        connection = self.get_object(request, object_id)
        if connection is None:
            raise Http404
        if not self.has_change_permission(request, connection):
            raise PermissionDenied
        (test_connection if action == "test" else import_bots)(request, connection)
        return redirect("admin:chatweb_connection_change", connection.pk)

    def response_add(self, request: HttpRequest, obj: Connection, *args: Any) -> HttpResponse:
        return self._saved(request, obj) or super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: Connection) -> HttpResponse:
        return self._saved(request, obj) or super().response_change(request, obj)

    def _saved(self, request: HttpRequest, connection: Connection) -> HttpResponseRedirect | None:
        """`Save and test`: what an admin does next anyway."""
        if "_test" not in request.POST:
            return None
        test_connection(request, connection)
        return redirect("admin:chatweb_connection_change", connection.pk)
