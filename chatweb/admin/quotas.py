"""Quotas: how much a person, a group or everybody may use of a bot or of all (M-092)."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Quota
from chatweb.usage.wording import number


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):
    empty_words = _("There is no quota: everybody may ask as much as they like.")
    list_display = ["for_whom", "at_bot", "most", "unit", "period", "created_at"]
    list_filter = ["unit", "period", "group", ("bot", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["bot", "user", "group"]
    search_fields = ["user__username", "user__email", "user__full_name", "group__name", "bot__name"]
    ordering = ["bot__name", "unit", "period", "pk"]
    autocomplete_fields = ["bot", "user", "group"]
    readonly_fields = ["created_at"]
    fieldsets = [
        (
            _("For whom"),
            {
                "fields": ["user", "group"],
                "description": _(
                    "Neither: everybody. A person's own row takes the place of those of their groups, and a "
                    "group's that of everybody's, for the same bot, unit and period; of several groups the "
                    "tightest counts."
                ),
            },
        ),
        (
            _("How much"),
            {
                "fields": ["bot", "limit", "unit", "period", "created_at"],
                "description": _("Without a bot, all bots are counted together."),
            },
        ),
    ]

    @admin.display(description=_("for whom"), ordering="user__username")
    def for_whom(self, quota: Quota) -> str:
        if quota.user:
            return quota.user.username
        if quota.group:
            return gettext("group %(name)s") % {"name": quota.group.name}
        return gettext("everybody")

    @admin.display(description=_("bot"), ordering="bot__name")
    def at_bot(self, quota: Quota) -> str:
        return quota.bot.name if quota.bot else gettext("all bots")

    @admin.display(description=_("limit"), ordering="limit")
    def most(self, quota: Quota) -> str:
        return gettext("no limit") if quota.limit is None else number(quota.limit)
