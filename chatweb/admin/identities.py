"""The mapping: site user ↔ Coze user_id ↔ connection ↔ conversations ↔ their ids upstream (M-090)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Conversation, CozeIdentity

from . import identity_keys, identity_sheets, moving
from .finding import identities_known_as
from .identity_keys import may_map
from .read_only import ReadOnly, ReadOnlyAdmin, link

IDS_SHOWN = 3


def conversation_counts() -> Any:
    """Counted for the rows of a page only: a join would count those of everybody first."""
    held = Conversation.objects.filter(identity=OuterRef("pk")).order_by()
    counted = held.values("identity").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def newest_conversations(identities: list[CozeIdentity]) -> dict[int, list[Conversation]]:
    """The few newest that Coze knows, by identity, in one query for a whole page."""
    place = Window(RowNumber(), partition_by=F("identity"), order_by=F("pk").desc())
    known = Conversation.objects.filter(identity__in=identities).exclude(upstream_id="").annotate(place=place)
    found: dict[int, list[Conversation]] = {}
    for one in known.filter(place__lte=IDS_SHOWN).only("identity", "upstream_id").order_by("-pk"):
        found.setdefault(one.identity_id, []).append(one)
    return found


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "is_current__exact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", gettext("current")), ("0", gettext("old"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CozeIdentity]) -> QuerySet[CozeIdentity]:
        return queryset.filter(is_current=self.value() == "1") if self.value() in {"0", "1"} else queryset


class HoldingFilter(admin.SimpleListFilter):
    title = _("conversations")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("some", gettext("with conversations")), ("none", gettext("without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CozeIdentity]) -> QuerySet[CozeIdentity]:
        if self.value() in {"some", "none"}:
            held = Exists(Conversation.objects.filter(identity=OuterRef("pk")))
            return queryset.filter(held if self.value() == "some" else ~held)
        return queryset


@admin.register(CozeIdentity)
class CozeIdentityAdmin(ReadOnlyAdmin):
    list_display = ["person", "connection", "coze_user_id", "conversation_count", "upstream_ids", "changes"]
    list_display_links = None
    list_filter = ["connection", StandingFilter, HoldingFilter]
    list_select_related = ["user", "connection"]
    search_fields = ["user__username", "user__email", "user__full_name"]
    search_help_text = _(
        "Any id, whole: Coze user_id, conversation, upstream conversation, person, turn, chat, execution or "
        "log. Or a part of a name, a user name or an e-mail address."
    )
    ordering = ["user__username", "connection", "-is_current", "-pk"]
    actions = ["rotate_selected"]
    fields = ["key", "person", "connection", "standing", "conversation_count", "created_at", "uuid"]
    change_list_template = "admin/chatweb/cozeidentity/mapping.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CozeIdentity]:
        return super().get_queryset(request).annotate(conversations_held=conversation_counts())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CozeIdentity], search_term: str
    ) -> tuple[QuerySet[CozeIdentity], bool]:
        """An id finds what bears it; anything else is looked for in names."""
        term = search_term.strip()
        # Looked up once: the list asks for its rows and for their number.
        if term and (found := list(identities_known_as(term).values_list("pk", flat=True))):
            return queryset.filter(pk__in=found), False
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"title": gettext("Who is who at Coze"), "may_map": may_map(request)}
        context = {**told, **(extra_context or {})}
        response = super().changelist_view(request, context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            rows = list(shown["cl"].result_list)
            newest = newest_conversations(rows)
            for row in rows:
                row.newest = newest.get(row.pk, [])
                row.may_map = told["may_map"]
            shown["cl"].result_list = rows
        return response

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "key": identity_keys.set_key,
            "rotate": identity_keys.rotate,
            "move": moving.move,
            "export": identity_sheets.export,
            "import": identity_sheets.bring_in,
        }
        return [
            *(
                path(f"{name}/", self.admin_site.admin_view(view), name=f"chatweb_cozeidentity_{name}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def has_map_permission(self, request: HttpRequest) -> bool:
        return may_map(request)

    @admin.action(description=_("Rotate: a new random key for what comes"), permissions=["map"])
    def rotate_selected(self, request: HttpRequest, queryset: QuerySet[CozeIdentity]) -> HttpResponseRedirect:
        pks = ",".join(str(pk) for pk in queryset.order_by().values_list("pk", flat=True))
        return HttpResponseRedirect(reverse("admin:chatweb_cozeidentity_rotate") + f"?ids={pks}")

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, identity: CozeIdentity) -> SafeString | str:
        user = identity.user
        words = user.full_name or user.email
        return format_html('{}<div class="quiet">{}</div>', link(user, user.username), words)

    @admin.display(description=_("Coze user_id"), ordering="key")
    def coze_user_id(self, identity: CozeIdentity) -> SafeString:
        page = reverse("admin:chatweb_cozeidentity_change", args=[identity.pk])
        told = '<a class="id" href="{}">{}</a><div class="quiet">{}</div>'
        return format_html(told, page, identity.key, self.standing(identity))

    @admin.display(description=_("standing"))
    def standing(self, identity: CozeIdentity) -> str:
        return gettext("current") if identity.is_current else gettext("old")

    @admin.display(description=_("conversations"), ordering="conversations_held")
    def conversation_count(self, identity: Any) -> SafeString | str:
        if not identity.conversations_held:
            return "0"
        page = reverse("admin:chatweb_conversation_changelist") + f"?identity__id__exact={identity.pk}"
        return format_html('<a href="{}">{}</a>', page, identity.conversations_held)

    @admin.display(description=_("ids upstream"))
    def upstream_ids(self, identity: Any) -> SafeString | str:
        rows = [
            (reverse("admin:chatweb_conversation_change", args=[one.pk]), one.upstream_id)
            for one in identity.newest
        ]
        more = identity.conversations_held - len(rows)
        told = format_html_join("", '<div><a class="id" href="{}">{}</a></div>', rows)
        if rows and more > 0:
            words = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}
            told += format_html('<div class="quiet">{}</div>', words)
        return told or "–"

    @admin.display(description=_("change"))
    def changes(self, identity: Any) -> SafeString | str:
        """Of the person's keys the current one is changed; conversations move from whichever row."""
        if not identity.may_map:
            return "–"
        query = f"?user={identity.user_id}&connection={identity.connection_id}"
        doors = []
        if identity.is_current:
            rotate = reverse("admin:chatweb_cozeidentity_rotate") + f"?ids={identity.pk}"
            doors = [
                (reverse("admin:chatweb_cozeidentity_key") + query, gettext("Set")),
                (rotate, gettext("Rotate")),
            ]
        if identity.conversations_held:
            doors.append((reverse("admin:chatweb_cozeidentity_move") + query, gettext("Move")))
        return format_html_join(" · ", '<a href="{}">{}</a>', doors) or "–"


class IdentityInline(ReadOnly, admin.TabularInline):
    model = CozeIdentity
    extra = 0
    readonly_fields = ["connection", "key", "is_current", "created_at"]
    fields = [*readonly_fields]
    show_change_link = True
