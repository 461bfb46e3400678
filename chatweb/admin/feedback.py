"""What people say of answers, whether the upstream knows, and the reasons to choose from (M-041, M-042)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Feedback, FeedbackReason
from chatweb.turns import commands

from .finding import conversations_known_as, turns_known_as
from .read_only import ReadOnlyAdmin, link

SHORT_COMMENT = 80


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    empty_words = _("Nobody has rated an answer yet.")
    list_display = [
        "changed_at", "said", "sync_state", "bot", "person", "given_reasons", "short_comment", "conversation",
    ]  # fmt: skip
    list_filter = [
        "rating",
        "sync_state",
        ("reasons", admin.RelatedOnlyFieldListFilter),
        "changed_at",
        ("message__conversation__bot", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["user", "message__turn", "message__conversation__bot"]
    search_fields = ["comment", "user__username"]
    search_help_text = _(
        "Any id, whole: message, turn, chat, log, conversation or Coze user_id. "
        "Or a user name, or words of the comment."
    )
    ordering = ["-changed_at"]
    actions = ["send_again"]
    fields = [
        "said", "given_reasons", "comment", "person", "bot", "conversation", "turn", "upstream_id",
        "created_at", "changed_at", "sync_state", "attempts", "last_error", "told_at", "synced_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        return super().get_queryset(request).prefetch_related("reasons")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Feedback], search_term: str
    ) -> tuple[QuerySet[Feedback], bool]:
        term = search_term.strip()
        if term and (found := turns_known_as(term)).exists():
            return queryset.filter(message__turn__in=found.values("pk")), False
        if term and (talks := conversations_known_as(term)).exists():
            return queryset.filter(message__conversation__in=talks.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatweb.change_feedback")

    @admin.action(description=_("Send to the upstream again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        chosen = list(queryset.select_related("message__conversation__bot__connection"))
        sent = sum(commands.send_feedback_again(feedback) for feedback in chosen)
        sentence = ngettext("%(n)d rating is sent now.", "%(n)d ratings are sent now.", sent)
        if sent:
            messages.success(request, sentence % {"n": sent})
        if kept := len(chosen) - sent:
            sentence = ngettext(
                "%(n)d rating is kept here only: the upstream or the bot's settings do not want it.",
                "%(n)d ratings are kept here only: the upstream or the bot's settings do not want them.",
                kept,
            )
            messages.warning(request, sentence % {"n": kept})

    @admin.display(description=_("rating"), ordering="rating")
    def said(self, feedback: Feedback) -> str:
        return feedback.get_rating_display() if feedback.rating else gettext("taken back")

    @admin.display(description=_("reasons"))
    def given_reasons(self, feedback: Feedback) -> str:
        return ", ".join(reason.title for reason in feedback.reasons.all()) or "–"

    @admin.display(description=_("comment"))
    def short_comment(self, feedback: Feedback) -> str:
        return Truncator(" ".join(feedback.comment.split())).chars(SHORT_COMMENT) or "–"

    @admin.display(description=_("bot"), ordering="message__conversation__bot__name")
    def bot(self, feedback: Feedback) -> SafeString | str:
        return link(feedback.message.conversation.bot)

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, feedback: Feedback) -> SafeString | str:
        return link(feedback.user, feedback.user.username)

    @admin.display(description=_("conversation"))
    def conversation(self, feedback: Feedback) -> SafeString | str:
        talk = feedback.message.conversation
        return link(talk, talk.name or str(talk.uuid)[:8])

    @admin.display(description=_("turn"))
    def turn(self, feedback: Feedback) -> SafeString | str:
        return link(feedback.message.turn, str(feedback.message.turn.uuid)[:8])

    @admin.display(description=_("answer, id upstream"))
    def upstream_id(self, feedback: Feedback) -> str:
        return feedback.message.upstream_id or "–"


@admin.register(FeedbackReason)
class FeedbackReasonAdmin(admin.ModelAdmin):
    """One that was given cannot be deleted; switched off it is offered to nobody any more."""

    list_display = ["ordinal", "title_en", "title_zh", "offered_for", "is_active", "times_given"]
    list_display_links = ["title_en", "title_zh"]
    list_editable = ["ordinal", "offered_for", "is_active"]
    list_filter = ["offered_for", "is_active"]
    search_fields = ["title_en", "title_zh"]
    ordering = ["ordinal", "pk"]
    fields = ["title_en", "title_zh", "offered_for", "is_active", "ordinal"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeedbackReason]:
        return super().get_queryset(request).annotate(feedback_count=Count("given"))

    @admin.display(description=_("given"), ordering="feedback_count")
    def times_given(self, reason: Any) -> int:
        return reason.feedback_count
