"""Connections: where bots live, the credentials for it, and a button that says whether they work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from chatweb.auditing import record
from chatweb.models import Connection
from chatweb.turns import commands
from chatweb.turns.expiring import REMINDERS, days_left, readable_end
from chatweb.views.answers import SignedInRequest

from .choosing import choose_import
from .connection_form import SECRETS, ConnectionForm, stored
from .connection_test import is_readable, test_connection
from .secrets import masked

Work = Callable[[Any, Connection], object]


def shown(secret: str | None) -> str:
    return _("cannot be read: its key is gone") if secret is None else masked(secret) or "–"


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


def change_over(request: SignedInRequest, connection: Connection) -> None:
    """The next token takes over, once the upstream has taken it."""
    if not is_readable(request, connection):
        return
    trial = Connection.objects.get(pk=connection.pk)
    trial.token = trial.next_token
    if not trial.token:
        messages.error(request, _("%(connection)s has no next token.") % {"connection": connection})
    elif test_connection(request, trial) and commands.change_over(connection):
        record(request.user, "connection.token_changed", connection, request=request)
        messages.success(request, _("The next token took over. The old one can be deleted at the upstream."))


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    form = ConnectionForm
    exclude = SECRETS
    list_display = [
        "name",
        "dialect",
        "base_url",
        "auth",
        "credential",
        "time_left",
        "is_enabled",
        "bot_count",
    ]
    list_filter = ["dialect", "auth", "is_enabled"]
    search_fields = ["name", "base_url", "oauth_app_id"]
    readonly_fields = ["stored_token", "stored_next_token", "stored_private_key", "created_at"]
    actions = ["test_connections", "import_all_bots"]
    save_on_top = False
    fieldsets = [
        (None, {"fields": ["name", "dialect", "beta", "base_url", "is_enabled"]}),
        (
            gettext_lazy("Credentials"),
            {
                "fields": ["auth", "stored_token", "token", "token_expires_at"],
                "description": gettext_lazy("Stored encrypted. Nobody can read them here again."),
            },
        ),
        (
            gettext_lazy("Next access token"),
            {"fields": ["stored_next_token", "next_token", "next_token_expires_at"], "classes": ["collapse"]},
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
        return shown(stored(connection, "token"))

    @admin.display(description=gettext_lazy("stored next token"))
    def stored_next_token(self, connection: Connection) -> str:
        return shown(stored(connection, "next_token"))

    @admin.display(description=gettext_lazy("token ends"), ordering="token_expires_at")
    def time_left(self, connection: Connection) -> SafeString | str:
        end = readable_end(connection)
        if end is None:
            return "–"
        days = days_left(end, timezone.now())
        words = (
            ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
            if days
            else _("it is over")
        )
        return format_html(
            '<span class="ends{}">{}</span>', " ends--soon" if days <= REMINDERS[0] else "", words
        )

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
        """The buttons of a connection's page."""

        def button(name: str, work: Work) -> URLPattern:
            view = self.admin_site.admin_view(require_POST(self.working(work)))
            return path(
                f"<path:object_id>/{name}/", view, name=f"chatweb_connection_{name.replace('-', '_')}"
            )

        choose = self.admin_site.admin_view(self.working(choose_import))
        return [
            button("test", test_connection),
            button("change-over", change_over),
            path("<path:object_id>/import/", choose, name="chatweb_connection_import"),
            *super().get_urls(),
        ]

    def working(self, work: Work) -> Callable[..., HttpResponse]:
        """`work` with a connection that this admin may change; without a page of its own back to the form."""

        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            connection = self.get_object(request, object_id)
            if connection is None:
                raise Http404
            if not self.has_change_permission(request, connection):
                raise PermissionDenied
            page = work(request, connection)
            if isinstance(page, HttpResponse):
                return page
            return redirect("admin:chatweb_connection_change", connection.pk)

        return view

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        connection = self.get_object(request, object_id) if object_id else None
        has_next = connection is not None and bool(stored(connection, "next_token"))
        context = {"has_next_token": has_next, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

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
