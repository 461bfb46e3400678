"""Who decided what about a call or a question, when and from which device (M-063). Outputs only as hashes."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Action, Attachment, Decision

from .finding import conversations_known_as, turns_known_as
from .read_only import ReadOnly, ReadOnlyAdmin, link

SHOWN_HASH = 12
LONG = 160


def shown_text(text: str) -> SafeString | str:
    """What a model wrote, as text; long ones folded."""
    if not text:
        return "–"
    if len(text) <= LONG and "\n" not in text:
        return format_html("<code>{}</code>", text)
    return format_html("<details><summary><code>{}…</code></summary><pre>{}</pre></details>", text[:80], text)


def who(decision: Decision) -> str:
    return decision.user.username if decision.user else gettext("a rule")


class ActionInline(ReadOnly, admin.TabularInline):
    """On a turn's page: each card with everything that was decided about it."""

    model = Action
    extra = 0
    readonly_fields = ["round", "kind", "name", "state", "asked_with", "decided", "expires_at"]
    fields = [*readonly_fields]
    verbose_name_plural = _("actions and decisions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        return super().get_queryset(request).prefetch_related("decisions__user")

    @admin.display(description=_("arguments"))
    def asked_with(self, action: Action) -> SafeString | str:
        return shown_text(action.arguments)

    @admin.display(description=_("decisions"))
    def decided(self, action: Action) -> SafeString | str:
        lines = [
            (
                decision.get_decision_display(),
                who(decision),
                localize(localtime(decision.created_at)),
                decision.device or "–",
                decision.output_sha256,
                decision.output_sha256[:SHOWN_HASH],
            )
            for decision in action.decisions.all()
        ]
        line = '<div>{}: {}, {}, {}, <code title="{}">{}</code></div>'
        return format_html_join("", line, lines) or "–"


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    empty_words = _("Nobody has decided about a call of a tool yet.")
    list_display = [
        "created_at",
        "decision",
        "decided_by",
        "action_name",
        "turn",
        "arguments",
        "device",
        "hash",
    ]
    list_filter = ["decision", "action__kind", "created_at", "action__turn__conversation__bot"]
    list_select_related = ["user", "action__turn__conversation__user", "action__turn__conversation__bot"]
    search_fields = ["action__name", "user__username", "device"]
    search_help_text = _(
        "Any id, whole: turn, chat, execution, log, conversation or Coze user_id; the hash of an output. "
        "Or the name of a tool, a user name or a device."
    )
    ordering = ["-created_at"]
    fields = [
        "created_at", "decision", "decided_by", "device", "action_name", "turn", "conversation", "bot",
        "arguments", "arguments_sha256", "output_sha256",
    ]  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Decision], search_term: str
    ) -> tuple[QuerySet[Decision], bool]:
        term = search_term.strip()
        if term and (found := turns_known_as(term)).exists():
            return queryset.filter(action__turn__in=found.values("pk")), False
        if term and (talks := conversations_known_as(term)).exists():
            return queryset.filter(action__turn__conversation__in=talks.values("pk")), False
        if term and (same := queryset.filter(output_sha256=term)).exists():
            return same, False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("decided by"), ordering="user__username")
    def decided_by(self, decision: Decision) -> SafeString | str:
        return link(decision.user, decision.user.username) if decision.user else who(decision)

    @admin.display(description=_("tool"), ordering="action__name")
    def action_name(self, decision: Decision) -> str:
        return decision.action.name or decision.action.get_kind_display()

    @admin.display(description=_("turn"))
    def turn(self, decision: Decision) -> SafeString | str:
        return link(decision.action.turn, str(decision.action.turn.uuid)[:8])

    @admin.display(description=_("conversation"))
    def conversation(self, decision: Decision) -> SafeString | str:
        return link(decision.action.turn.conversation)

    @admin.display(description=_("bot"))
    def bot(self, decision: Decision) -> SafeString | str:
        return link(decision.action.turn.conversation.bot)

    @admin.display(description=_("arguments shown"))
    def arguments(self, decision: Decision) -> SafeString | str:
        return shown_text(decision.action.arguments)

    @admin.display(description=_("hash of the output"))
    def hash(self, decision: Decision) -> SafeString:
        return format_html(
            '<code title="{}">{}</code>', decision.output_sha256, decision.output_sha256[:SHOWN_HASH]
        )


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Files put into cards and questions: what they are called and where they went, never what is in them."""

    empty_words = _("Nobody has attached a file yet.")
    list_display = ["name", "mime", "size_bytes", "conversation_link", "person", "upstream_id", "created_at"]
    list_filter = ["mime", "created_at"]
    list_select_related = ["conversation", "user"]
    search_fields = ["name", "upstream_id", "user__username"]
    ordering = ["-created_at"]
    fields = [
        "uuid", "name", "mime", "size_bytes", "upstream_id", "conversation_link", "person", "created_at",
    ]  # fmt: skip

    @admin.display(description=_("conversation"))
    def conversation_link(self, attachment: Attachment) -> SafeString | str:
        return link(attachment.conversation)

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, attachment: Attachment) -> SafeString | str:
        return link(attachment.user, attachment.user.username)
