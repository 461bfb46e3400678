"""The audit log: who did what to what, with before and after. Read, filtered, exported; changed by nobody."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from chatweb import auditing
from chatweb.lists import listed
from chatweb.models import AuditEntry

from . import audit_export
from .audit_reading import hidden_from, reading
from .audit_words import action_words, field_words, kind_words, page_of
from .bounded import BoundedPaginator, values_there
from .differences import differences
from .finding import as_uuid
from .read_only import ReadOnlyAdmin, link

MOST_PEOPLE = 100


class ActionFilter(admin.SimpleListFilter):
    title = pgettext_lazy("audit log", "action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(one, action_words(one)) for one in values_there(AuditEntry, "action")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(one, kind_words(one)) for one in values_there(AuditEntry, "object_type")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class WhoFilter(admin.SimpleListFilter):
    """Those who have something to do here; anybody else by the search."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        roles = Q(is_staff=True) | Q(is_superuser=True) | Q(is_operator=True)
        people = User.objects.filter(roles).order_by("username")[:MOST_PEOPLE]
        return [(str(user.pk), user.username) for user in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        value = self.value() or ""
        return queryset.filter(actor=int(value)) if value.isdigit() else queryset


class WhoseFilter(admin.SimpleListFilter):
    """Whose things were touched: from a person's page or an entry's, not from a list of everybody."""

    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        chosen = request.GET.get("whose", "")
        user = User.objects.filter(pk=chosen).first() if chosen.isdigit() else None
        return [(chosen, user.username)] if user else []

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        value = self.value() or ""
        return queryset.filter(subject=int(value)) if value.isdigit() else queryset


class ThingFilter(WhoseFilter):
    """One thing's history: `thing=bot:<id>`, where the “History” of every page leads to."""

    title = _("history of")
    parameter_name = "thing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        kind, _colon, object_id = request.GET.get("thing", "").partition(":")
        return [(f"{kind}:{object_id}", f"{kind_words(kind)} {object_id[:8]}")] if object_id else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        kind, _colon, object_id = (self.value() or "").partition(":")
        return queryset.filter(object_type=kind, object_id=object_id) if object_id else queryset


class EntryList(ChangeList):
    """As its reader may see it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        read = reading(user_of(request))
        self.result_list = [read(entry) for entry in self.result_list]


def user_of(request: HttpRequest) -> User:
    """Whoever is in the admin is signed in."""
    return cast(User, request.user)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "doer", "what", "thing", "subject_name", "fields_changed", "reason"]
    list_filter = [ThingFilter, WhoseFilter, "created_at", WhoFilter, ActionFilter, KindFilter]
    list_select_related = ["subject"]
    search_fields = ["object_name"]  # and what `get_search_results` looks for first
    search_help_text = _("A whole id; or a part of the name of a person or of the thing.")
    ordering = ["-created_at", "-pk"]
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER  # they would count every row of every filter
    change_list_template = "admin/chatweb/auditentry/list.html"
    change_form_template = "admin/chatweb/auditentry/entry.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        uuid = as_uuid(term)
        if uuid is not None or term.isdigit():
            return queryset.filter(object_id=str(uuid or term)), False
        people = User.objects.filter(
            Q(username__icontains=term) | Q(email__icontains=term) | Q(full_name__icontains=term)
        )
        theirs = [*people.values_list("pk", flat=True)[:MOST_PEOPLE]]
        named = Q(object_name__icontains=term)
        if hidden := hidden_from(user_of(request)):
            named &= ~Q(object_type__in=hidden)  # nobody guesses at names they may not see
        return queryset.filter(Q(actor__in=theirs) | Q(subject__in=theirs) | named), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EntryList

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AuditEntry | None:
        entry = super().get_object(request, object_id, from_field)
        return entry and reading(user_of(request))(entry)

    @admin.display(description=_("who"))
    def doer(self, entry: AuditEntry) -> str:
        return entry.actor_name or "–"

    @admin.display(description=pgettext_lazy("audit log", "action"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return action_words(entry.action)

    @admin.display(description=_("thing"))
    def thing(self, entry: AuditEntry) -> SafeString | str:
        name = entry.object_name or entry.object_id
        if not entry.object_id:
            return name or "–"
        page = reverse("admin:chatweb_auditentry_thing", args=[entry.pk])
        return format_html('<a href="{}">{}</a>', page, name)

    @admin.display(description=_("whose"))
    def subject_name(self, entry: AuditEntry) -> SafeString | str:
        return link(entry.subject, entry.subject.username) if entry.subject else "–"

    @admin.display(description=_("fields"))
    def fields_changed(self, entry: AuditEntry) -> str:
        names = dict.fromkeys([*(entry.before or {}), *(entry.after or {})])
        return listed(field_words(entry.object_type, name) for name in names) or "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("export/", view(self.export), name="chatweb_auditentry_export"),
            path("<int:pk>/thing/", view(self.show_thing), name="chatweb_auditentry_thing"),
            *super().get_urls(),
        ]

    def export(self, request: Any) -> Any:
        """What the list's filters and search show, all pages of it. Itself recorded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        kind = (asked.pop("format", None) or [""])[-1]
        if kind not in audit_export.FORMATS:
            raise Http404
        request.GET = asked  # the list must not take it for a filter
        entries = self.get_changelist_instance(request).get_queryset(request)
        # Not its own line: that would be an export that never ends on a busy day.
        entries = entries.filter(created_at__lte=timezone.now())
        chosen = {"format": kind, "filters": urlencode(asked, doseq=True)}
        auditing.record(request.user, "auditentry.exported", after=chosen, request=request)
        read = reading(user_of(request))
        return audit_export.exported(entries, kind, read, timezone.localdate().isoformat())

    def show_thing(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page of what an entry is about; the entry itself where there is none any more."""
        entry = self.get_object(request, str(pk))
        if entry is None:
            raise Http404
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        return redirect(page_of(entry) or reverse("admin:chatweb_auditentry_change", args=[entry.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if entry is not None:
            context |= {
                "entry": entry,
                "action_words": action_words(entry.action),
                "kind_words": kind_words(entry.object_type),
                "thing_page": page_of(entry),
                "history": f"{entry.object_type}:{entry.object_id}" if entry.object_id else "",
                "differences": [
                    (field_words(entry.object_type, one.field), one)
                    for one in differences(entry.before, entry.after)
                ],
                "title": action_words(entry.action),
                "subtitle": None,
            }
        return super().change_view(request, object_id, form_url, context)


def to_audit_log(
    self: admin.ModelAdmin, request: HttpRequest, object_id: str, extra_context: Any = None
) -> HttpResponse:
    """“History” of any page: what the audit log has of it, in place of Django's own short one."""
    record = self.get_object(request, object_id)
    if record is None:
        raise Http404
    if not self.has_view_or_change_permission(request, record):
        raise PermissionDenied
    thing = f"{record._meta.model_name}:{auditing.id_of(record)}"
    query = urlencode({"thing": thing})
    return HttpResponseRedirect(f"{reverse('admin:chatweb_auditentry_changelist')}?{query}")


admin.ModelAdmin.history_view = to_audit_log  # type: ignore[method-assign]
