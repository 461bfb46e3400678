"""Turns and legs: what was asked of the upstream and how it ended. Never what was said."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatweb.models import Leg, Turn

from .decisions import ActionInline
from .finding import conversations_known_as, turns_known_as
from .read_only import ReadOnly, ReadOnlyAdmin, link

ID_HELP = _(
    "Any id, whole: turn, chat, execution, log, conversation, upstream conversation or Coze user_id. "
    "Or a user name or an error code."
)


class LegInline(ReadOnly, admin.TabularInline):
    model = Leg
    extra = 0
    readonly_fields = [
        "ordinal",
        "kind",
        "chat_id",
        "execute_id",
        "log_id",
        "token_count",
        "started_at",
        "ended_at",
    ]
    fields = [*readonly_fields]
    show_change_link = True


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    list_display = ["begin_of_id", "state", "talk", "person", "bot", "error_code", "log_id", "created_at"]
    list_filter = ["state", "conversation__bot__connection", "error_reason", "created_at"]
    list_select_related = ["conversation__user", "conversation__bot"]
    search_fields = ["error_code", "conversation__user__username"]
    search_help_text = ID_HELP
    ordering = ["-created_at"]
    inlines = [ActionInline, LegInline]
    fields = [
        "uuid", "state", "talk", "person", "bot", "error_reason", "error_code", "error_message", "log_id",
        "stop_outcome", "replaces", "copied", "created_at", "started_at", "first_token_at", "ended_at",
        "owner", "epoch",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Turn], search_term: str
    ) -> tuple[QuerySet[Turn], bool]:
        """An id of a turn finds it, an id of a conversation all its turns."""
        term = search_term.strip()
        if term and (found := turns_known_as(term)).exists():
            return queryset.filter(pk__in=found.values("pk")), False
        if term and (talks := conversations_known_as(term)).exists():
            return queryset.filter(conversation__in=talks.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("turn"))
    def begin_of_id(self, turn: Turn) -> str:
        return str(turn.uuid)[:8]

    @admin.display(description=_("conversation"))
    def talk(self, turn: Turn) -> SafeString | str:
        return link(turn.conversation, turn.conversation.name or str(turn.conversation.uuid)[:8])

    @admin.display(description=_("user"), ordering="conversation__user__username")
    def person(self, turn: Turn) -> SafeString | str:
        return link(turn.conversation.user, turn.conversation.user.username)

    @admin.display(description=_("bot"), ordering="conversation__bot__name")
    def bot(self, turn: Turn) -> str:
        return turn.conversation.bot.name


@admin.register(Leg)
class LegAdmin(ReadOnlyAdmin):
    list_display = [
        "number",
        "chat_id",
        "kind",
        "turn_state",
        "its_turn",
        "log_id",
        "token_count",
        "started_at",
    ]
    list_filter = ["kind", "turn__state", "started_at"]
    list_select_related = ["turn"]
    search_fields = ["turn__conversation__user__username", "turn__error_code"]
    search_help_text = ID_HELP
    ordering = ["-started_at"]
    fields = [
        "its_turn", "turn_state", "ordinal", "kind", "upstream_conversation_id", "chat_id", "execute_id",
        "log_id", "debug_url", "token_count", "input_count", "output_count", "delta_count",
        "first_delta_at", "last_delta_at", "started_at", "ended_at",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Leg], search_term: str
    ) -> tuple[QuerySet[Leg], bool]:
        term = search_term.strip()
        if term and (found := turns_known_as(term)).exists():
            return queryset.filter(turn__in=found.values("pk")), False
        if term and (talks := conversations_known_as(term)).exists():
            return queryset.filter(turn__conversation__in=talks.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("leg"))
    def number(self, leg: Leg) -> str:
        return f"{str(leg.turn.uuid)[:8]}.{leg.ordinal}"

    @admin.display(description=_("turn"))
    def its_turn(self, leg: Leg) -> SafeString | str:
        return link(leg.turn, str(leg.turn.uuid)[:8])

    @admin.display(description=_("state"), ordering="turn__state")
    def turn_state(self, leg: Leg) -> str:
        return leg.turn.get_state_display()
