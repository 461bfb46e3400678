"""How long things are kept, what a dry run says of it, and legal holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chatweb import auditing
from chatweb.models import Deletion, LegalHold, RetentionRule
from chatweb.retention.counting import outlook, total
from chatweb.turns import commands

from .finding import conversations_known_as

LIMITS = ("conversation_days", "deleted_days", "file_days", "event_days")


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):
    empty_words = _("There is no rule: everything is kept.")
    list_display = ["__str__", "scope", *LIMITS]
    list_select_related = ["bot", "group"]
    autocomplete_fields = ["bot", "group"]
    change_list_template = "admin/chatweb/retentionrule/list.html"
    fieldsets = [
        (
            None,
            {
                "fields": ["bot", "group"],
                "description": _(
                    "A bot, or the people of a group, or neither: then it is for the whole site."
                ),
            },
        ),
        (
            _("Removed after"),
            {
                "fields": LIMITS,
                "description": _(
                    "In days; empty: this rule says nothing. Of the rules of a conversation's bot and of "
                    "its person's groups the shortest counts. The rule of the whole site counts where none "
                    "of them says anything. Nothing under a legal hold is removed."
                ),
            },
        ),
    ]

    @admin.display(description=_("for"))
    def scope(self, rule: RetentionRule) -> str:
        if rule.bot_id:
            return str(_("bot"))
        return str(_("people of a group")) if rule.group_id else str(_("everything else"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.dry_run)
        return [path("dry-run/", view, name="chatweb_retentionrule_dry_run"), *super().get_urls()]

    def dry_run(self, request: HttpRequest) -> HttpResponse:
        """What would go now, by rule. Removes nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = outlook()
        context = {
            **self.admin_site.each_context(request),
            "title": _("What would be removed now"),
            "opts": self.opts,
            "outlook": found,
            "total": total(found),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/chatweb/retentionrule/dry_run.html", context)


class HoldForm(forms.ModelForm):
    conversation_id = forms.CharField(
        label=_("conversation"),
        required=False,
        max_length=128,
        help_text=_("Any id it goes by: its own, the upstream's, a turn's, a chat's or a log's."),
    )

    class Meta:
        model = LegalHold
        fields = ["user", "bot", "group", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if wanted := (cleaned.get("conversation_id") or "").strip():
            found = list(conversations_known_as(wanted)[:2])
            if len(found) == 1:
                self.instance.conversation = found[0]
            else:
                self.add_error("conversation_id", _("This id is of no conversation, or of several."))
        # The row's own rule is not asked: it is about a field that this form does not have.
        chosen = [cleaned.get(name) for name in ("user", "bot", "group")] + [wanted]
        if sum(bool(one) for one in chosen) != 1:
            self.add_error(None, _("Choose one: a person, a bot, a group or a conversation."))
        return cleaned


@admin.register(LegalHold)
class LegalHoldAdmin(admin.ModelAdmin):
    form = HoldForm
    empty_words = _("Nothing is under a legal hold.")
    list_display = ["__str__", "kind", "in_force", "placed_by", "placed_at", "lifted_at"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter), "placed_at"]
    list_select_related = ["user", "bot", "group", "conversation", "placed_by"]
    search_fields = ["reason", "user__username", "bot__name", "group__name", "conversation__name"]
    autocomplete_fields = ["user", "bot", "group"]
    actions = ["lift"]
    add_fields = ["user", "bot", "group", "conversation_id", "reason"]
    # Of a page that nobody changes all of these are read only.
    shown = [
        "user", "bot", "group", "conversation", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else self.add_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A hold is placed and lifted, by the action; nobody rewrites its record."""
        return super().has_change_permission(request, obj) and obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is in force is lifted, not deleted: the record of it stays."""
        return super().has_delete_permission(request, obj) and (obj is not None and obj.lifted_at is not None)

    @admin.display(description=_("kind"))
    def kind(self, hold: LegalHold) -> str:
        names = {"user": _("person"), "bot": _("bot"), "group": _("group")}
        return str(
            next((name for key, name in names.items() if getattr(hold, f"{key}_id")), _("conversation"))
        )

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, hold: LegalHold) -> bool:
        return hold.lifted_at is None

    def save_model(self, request: Any, obj: LegalHold, form: Any, change: bool) -> None:
        if not change:
            obj.placed_by = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Lift: what was held follows the rules again"), permissions=["change"])
    def lift(self, request: Any, queryset: Any) -> None:
        held = list(queryset.filter(lifted_at=None))
        for hold in held:
            with transaction.atomic():
                LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(
                    lifted_at=timezone.now(), lifted_by=request.user
                )
                Deletion.look_again()
                auditing.record(
                    request.user,
                    "legalhold.lifted",
                    hold,
                    subject=hold.user,
                    before={"reason": hold.reason},
                    request=request,
                )
        commands.wake()
        sentence = ngettext("%(n)d hold lifted.", "%(n)d holds lifted.", len(held))
        messages.success(request, sentence % {"n": len(held)})
