"""When operators opened conversations, and why (M-098). The console writes it, nobody changes it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatweb.models import Look

from .read_only import ReadOnlyAdmin, link


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    empty_words = _("No operator has opened a conversation yet.")
    list_display = ["at", "operator_name", "whose", "which", "reason", "uncovered"]
    list_filter = ["at", ("operator", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["person", "conversation"]
    search_fields = ["operator_name", "person__username", "reason", "=conversation_uuid"]
    search_help_text = _("A user name, the whole id of a conversation, or words of the reason.")
    ordering = ["-at"]
    fields = ["at", "operator_name", "whose", "which", "conversation_uuid", "reason", "uncovered"]

    @admin.display(description=_("whose"), ordering="person__username")
    def whose(self, look: Look) -> SafeString | str:
        return link(look.person, look.person.username)

    @admin.display(description=_("conversation"))
    def which(self, look: Look) -> SafeString | str:
        return link(look.conversation, str(look.conversation_uuid)[:8])

    @admin.display(description=_("uncovered"))
    def uncovered(self, look: Look) -> str:
        return ", ".join(str(Look.Revealed(what).label) for what in look.revealed) or "–"
