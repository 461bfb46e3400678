"""The registry of client-side tools, and the inbox of those that bots called before."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Allowance, Bot, Tool

from .durations import spoken
from .read_only import link
from .tool_form import CHECKED_LIVE, NEEDED_BY, ToolForm, title_from


def unregistered() -> QuerySet[Tool]:
    return Tool.objects.filter(is_registered=False)


def absorb(tool: Tool) -> None:
    """An entry for all bots takes those of its name out of the inbox and keeps their counts."""
    same = unregistered().filter(name=tool.name).exclude(pk=tool.pk) if tool.bot_id is None else None
    for seen in same or []:
        newest = max(filter(None, [tool.last_seen_at, seen.last_seen_at]), default=None)
        Tool.objects.filter(pk=tool.pk).update(
            seen_count=F("seen_count") + seen.seen_count, last_seen_at=newest
        )
        tool.last_seen_at = newest
        seen.delete()


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        waiting = gettext("seen, not registered (%(n)d)") % {"n": unregistered().count()}
        return [("seen", waiting), ("registered", gettext("registered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Tool]) -> QuerySet[Tool]:
        if self.value() in {"seen", "registered"}:
            return queryset.filter(is_registered=self.value() == "registered")
        return queryset


@admin.register(Tool)
class ToolAdmin(admin.ModelAdmin):
    form = ToolForm
    list_display = [
        "name",
        "standing",
        "for_bot",
        "titles",
        "how",
        "time_limit",
        "seen_count",
        "last_seen_at",
    ]
    list_filter = [StandingFilter, "mode", ("bot", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["bot"]
    search_fields = ["name", "title_en", "title_zh", "bot__name"]
    ordering = ["is_registered", "name", "pk"]  # the inbox first
    autocomplete_fields = ["bot"]
    readonly_fields = ["rules", "seen_count", "last_seen_at", "arguments", "created_at"]
    actions = ["register"]
    fieldsets = [
        (None, {"fields": ["name", "bot", "rules"]}),
        (_("Card"), {"fields": ["title_en", "title_zh", "icon"]}),
        (_("Answer"), {"fields": ["mode", *NEEDED_BY]}),
        (_("Calls seen"), {"fields": ["seen_count", "last_seen_at", "arguments", "created_at"]}),
    ]

    class Media:
        js = [Script("js/admin/tool-form.js", type="module")]

    @admin.display(description=_("standing"), ordering="is_registered")
    def standing(self, tool: Tool) -> SafeString | str:
        if tool.is_registered:
            return gettext("registered")
        page = reverse("admin:chatweb_tool_change", args=[tool.pk])
        return format_html('<a class="button" href="{}">{}</a>', page, gettext("Register"))

    @admin.display(description=_("bot"), ordering="bot__name")
    def for_bot(self, tool: Tool) -> str:
        return tool.bot.name if tool.bot else gettext("all bots")

    @admin.display(description=_("title"), ordering="title_en")
    def titles(self, tool: Tool) -> str:
        return f"{tool.icon} {tool.title_en or tool.title_zh}".strip() or "–"

    @admin.display(description=_("mode"), ordering="mode")
    def how(self, tool: Tool) -> str:
        return tool.get_mode_display() if tool.is_registered else "–"

    @admin.display(description=_("time limit"), ordering="time_limit_seconds")
    def time_limit(self, tool: Tool) -> str:
        return spoken(tool.time_limit_seconds) or "–"

    @admin.display(description=_("arguments seen last"))
    def arguments(self, tool: Tool) -> SafeString | str:
        return format_html("<pre>{}</pre>", tool.sample_arguments) if tool.sample_arguments else "–"

    @admin.display(description=_("what holds"))
    def rules(self, tool: Tool) -> SafeString | str:
        """Which entry answers, for each bot with one of its own and for all others."""
        entries = Tool.objects.filter(name=tool.name, is_registered=True).select_related("bot")
        bots: list[Bot | None] = [entry.bot for entry in entries if entry.bot]
        if any(entry.bot is None for entry in entries):
            bots.append(None)
        lines = [
            gettext("%(bot)s: %(rule)s")
            % {"bot": bot.name if bot else gettext("all other bots"), "rule": _verdict(bot, tool)}
            for bot in bots
        ]
        told = format_html_join("", "<div>{}</div>", [(line,) for line in lines])
        return told or gettext("nobody has registered it")

    @admin.action(description=_("Register: people fill in the output"), permissions=["change"])
    def register(self, request: HttpRequest, queryset: QuerySet[Tool]) -> None:
        tools = list(queryset.filter(is_registered=False))
        for tool in tools:
            tool.is_registered = True
            tool.title_en = tool.title_en or title_from(tool.name)
            tool.save(update_fields=["is_registered", "title_en"])
            self.log_change(request, tool, gettext("Registered."))
        sentence = ngettext("%(n)d tool registered.", "%(n)d tools registered.", len(tools))
        level = messages.SUCCESS if tools else messages.WARNING
        messages.add_message(request, level, sentence % {"n": len(tools)})

    def save_model(self, request: HttpRequest, obj: Tool, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            absorb(obj)

    def get_urls(self) -> list[URLPattern]:
        check = path("check/", self.admin_site.admin_view(self.check_form), name="chatweb_tool_check")
        return [check, *super().get_urls()]

    def check_form(self, request: HttpRequest) -> HttpResponse:
        """What is wrong with a form half filled in, and what its time limit comes to. Saves nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        form = ToolForm(request.POST)
        errors = {name: list(form.errors.get(name, [])) for name in CHECKED_LIVE}
        limit = form.cleaned_data.get("time_limit_seconds")
        return JsonResponse({"errors": errors, "time_limit": spoken(limit)})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"needed_by": NEEDED_BY, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)


def _verdict(bot: Bot | None, tool: Tool) -> str:
    """`refused at once (entry for all bots)`. A bot that has no entry of its own is asked for as pk 0."""
    rule = Tool.objects.rules(bot.pk if bot else 0, [tool.name])[tool.name]
    whose = gettext("this entry") if rule.pk == tool.pk else gettext("another entry")
    if rule.bot_id is None and bot is not None:
        whose = gettext("the entry for all bots")
    return f"{rule.get_mode_display()} ({whose})"


@admin.register(Allowance)
class AllowanceAdmin(admin.ModelAdmin):
    """What users allowed for a conversation; deleting one means that the next call asks again."""

    empty_words = _("Nobody has allowed a tool for good yet.")
    list_display = ["name", "conversation_link", "person", "created_at"]
    list_filter = ["conversation__bot", "created_at"]
    list_select_related = ["conversation__user", "conversation__bot"]
    search_fields = ["name", "conversation__user__username"]
    ordering = ["-created_at"]
    readonly_fields = ["name", "conversation_link", "person", "created_at"]
    fields = [*readonly_fields]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Allowance | None = None) -> bool:
        return False

    @admin.display(description=_("conversation"))
    def conversation_link(self, allowance: Allowance) -> SafeString | str:
        return link(allowance.conversation)

    @admin.display(description=_("user"), ordering="conversation__user__username")
    def person(self, allowance: Allowance) -> SafeString | str:
        return link(allowance.conversation.user, allowance.conversation.user.username)
