"""Bots and who may use them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.lists import listed
from chatweb.models import Bot, BotGrant

from .bot_form import BotForm


class GrantInline(admin.TabularInline):
    """A bot's grants, or a person's, or a group's: the page it stands on decides one side."""

    model = BotGrant
    extra = 0
    autocomplete_fields = ["bot", "user", "group"]
    readonly_fields = ["created_at"]
    verbose_name = _("grant")
    verbose_name_plural = _("may use")


class BotGrantInline(GrantInline):
    fields = ["user", "group", "created_at"]
    verbose_name_plural = _("may be used by")


class PersonGrantInline(GrantInline):
    fields = ["bot", "created_at"]
    fk_name = "user"


class GroupGrantInline(GrantInline):
    fields = ["bot", "created_at"]
    fk_name = "group"


@admin.register(Bot)
class BotAdmin(admin.ModelAdmin):
    form = BotForm
    list_display = [
        "name",
        "standing",
        "connection",
        "kind",
        "upstream_id",
        "is_enabled",
        "grant_count",
        "synced_at",
    ]
    list_filter = ["connection", "kind", "is_enabled", ("unpublished_at", admin.EmptyFieldListFilter)]
    list_select_related = ["connection"]
    search_fields = ["name", "upstream_id", "uuid"]
    autocomplete_fields = ["connection"]
    readonly_fields = ["uuid", "synced_at", "unpublished_at", "created_at"]
    inlines = [BotGrantInline]
    actions = ["enable", "disable"]
    fieldsets = [
        (None, {"fields": ["name", "connection", "kind", "upstream_id", "is_enabled", "pushes_feedback"]}),
        (
            _("Chatflows and workflows"),
            {
                "fields": ["host_bot_id", "app_id", "parameters", "runs_in_background"],
                "description": _("Leave these empty for a bot or an assistant."),
            },
        ),
        (
            _("Files"),
            {
                "fields": ["file_kinds", "most_files"],
                "description": _(
                    "Bots, assistants, and chatflows of Coze Studio. No upstream says "
                    "which files a bot reads."
                ),
            },
        ),
        (
            _("Asked before a conversation"),
            {"fields": ["asked_parameters", "asked_variables"], "classes": ["collapse"]},
        ),
        (
            _("What the upstream says"),
            {
                "fields": ["description", "prologue", "suggested_questions", "shortcut_commands"],
                "classes": ["collapse"],
                "description": _("Read again by “Import bots”, which overwrites it."),
            },
        ),
        (
            _("Record"),
            {"fields": ["uuid", "synced_at", "unpublished_at", "created_at"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bot]:
        return super().get_queryset(request).annotate(grants_given=Count("grants"))

    @admin.display(description=_("grants"), ordering="grants_given")
    def grant_count(self, bot: Any) -> int:
        return bot.grants_given

    @admin.display(description=_("upstream"), ordering="unpublished_at")
    def standing(self, bot: Bot) -> SafeString | str:
        if bot.unpublished_at is None:
            return "–"
        day = date_format(timezone.localtime(bot.unpublished_at), "SHORT_DATE_FORMAT")
        words = gettext("not published since %(day)s") % {"day": day}
        return format_html('<span class="unpublished">{}</span>', words)

    @admin.action(description=_("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Bot]) -> None:
        self._switch(request, queryset, True)

    @admin.action(description=_("Switch off: reading goes on, asking does not"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Bot]) -> None:
        self._switch(request, queryset, False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Bot], is_enabled: bool) -> None:
        chosen = Bot.objects.filter(pk__in=queryset.values("pk"))
        placeless = chosen.filter(kind=Bot.Kind.CHATFLOW, host_bot_id="", app_id="") if is_enabled else None
        if placeless and (names := list(placeless.values_list("name", flat=True))):
            sentence = gettext("Not switched on, for want of a bot or an app to run in: %(names)s.")
            messages.warning(request, sentence % {"names": listed(names)})
            chosen = chosen.exclude(kind=Bot.Kind.CHATFLOW, host_bot_id="", app_id="")
        changed = chosen.update(is_enabled=is_enabled)
        sentence = ngettext("%(count)d bot changed.", "%(count)d bots changed.", changed)
        messages.success(request, sentence % {"count": changed})


@admin.register(BotGrant)
class BotGrantAdmin(admin.ModelAdmin):
    list_display = ["bot", "user", "group", "created_at"]
    list_filter = ["bot__connection", "group", "bot"]
    list_select_related = ["bot", "user", "group"]
    search_fields = ["bot__name", "user__username", "user__email", "user__full_name", "group__name"]
    autocomplete_fields = ["bot", "user", "group"]
    readonly_fields = ["created_at"]
