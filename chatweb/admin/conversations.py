"""Conversations as a mapping: whose, with which bot, under which ids. Never what was said.

A name is made of the first question, so it is redacted for whoever may not read conversations as they are.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatweb.console.redaction import Redact, redact_name, redactor
from chatweb.models import Conversation, Turn

from .finding import conversations_known_as
from .read_only import ReadOnly, ReadOnlyAdmin, link


def _redactor_for(request: HttpRequest) -> Redact:
    return str if request.user.has_perm("chatweb.see_original") else redactor()


class TurnInline(ReadOnly, admin.TabularInline):
    model = Turn
    extra = 0
    readonly_fields = ["ordinal", "state", "error_code", "log_id", "created_at", "ended_at"]
    fields = [*readonly_fields]
    show_change_link = True


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ["heading", "person", "bot", "coze_user_id", "upstream_id", "last_asked_at"]
    list_filter = ["bot__connection", "bot", ("deleted_at", admin.EmptyFieldListFilter), "last_asked_at"]
    list_select_related = ["user", "bot", "identity"]
    search_fields = ["name", "user__username", "user__email", "user__full_name"]
    search_help_text = _(
        "Any id, whole: conversation, upstream conversation, Coze user_id, turn, chat, execution or log. "
        "Or a part of a name, a user name or an e-mail address."
    )
    ordering = ["-last_asked_at"]
    inlines = [TurnInline]
    fields = [
        "uuid", "name", "person", "bot", "identity", "upstream_id", "section",
        "branched_from", "created_at", "last_asked_at", "deleted_at",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        """An id finds what bears it; anything else is looked for in names."""
        found = conversations_known_as(search_term.strip()) if search_term.strip() else None
        if found is not None and found.exists():
            return queryset.filter(pk__in=found.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    # Nothing here is ever saved, so the names of the rows in hand can be other ones than those in the table.

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        shown = super().get_changelist_instance(request)
        redact = _redactor_for(request)
        for conversation in shown.result_list:
            conversation.name = redact_name(conversation.name, redact)
        return shown

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Conversation | None:
        conversation: Any = super().get_object(request, object_id, from_field)
        if conversation is not None:
            conversation.name = redact_name(conversation.name, _redactor_for(request))
        return conversation

    @admin.display(description=_("conversation"), ordering="name")
    def heading(self, conversation: Conversation) -> str:
        return conversation.name or str(conversation.uuid)[:8]

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, conversation: Conversation) -> SafeString | str:
        return link(conversation.user, conversation.user.username)

    @admin.display(description=_("Coze user_id"), ordering="identity__key")
    def coze_user_id(self, conversation: Conversation) -> SafeString | str:
        return link(conversation.identity)
