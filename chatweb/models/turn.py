"""A question and everything it causes: turns, their legs, messages and raw events."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.turns.states import LIVE, MessageState, TurnState, check_turn_move

from .conversation import Conversation
from .reckoning import reckon


class Copied(models.TextChoices):
    """A turn that a branch took along to be read: whether its conversation upstream began with it."""

    NO = "", _("no")
    REMEMBERED = "remembered", _("the bot remembers it")
    FORGOTTEN = "forgotten", _("the bot does not remember it")


class TurnQuerySet(models.QuerySet["Turn"]):
    def move(self, turn_pk: int, from_: str, to: str, **changes: object) -> bool:
        """Guarded update of a turn, if this queryset (owner, epoch …) has it. True if it won.

        Its figures follow: inside a transaction. Raises IllegalMove for a move that is in no table.
        """
        check_turn_move(from_, to)
        if self.filter(pk=turn_pk, state=from_).update(state=to, **changes) != 1:
            return False
        reckon(turn_pk)
        return True


class Turn(models.Model):
    """`owner` and `epoch` guard every write of the process that runs it; `seq` is the feed's position."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client_id = models.UUIDField()
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="turns", verbose_name=_("conversation")
    )
    ordinal = models.PositiveIntegerField(_("number"))
    section = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=12, choices=TurnState.choices, default=TurnState.QUEUED)
    version = models.PositiveBigIntegerField(default=1)

    owner = models.CharField(_("owner"), max_length=40, blank=True, default="")
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    seq = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)

    is_held = models.BooleanField(default=False)  # its queue stopped; "Send now" lets it go
    is_withdrawn = models.BooleanField(default=False)  # deleted from the queue; nobody sees it again
    not_before = models.DateTimeField(null=True, blank=True)
    busy_since = models.DateTimeField(null=True, blank=True)  # first 4016 of this question
    busy_count = models.PositiveSmallIntegerField(default=0)

    parameters = models.JSONField(default=dict, blank=True)  # a workflow was started with
    # The question is sent as this shortcut command, as the upstream wants it; null: in its own words.
    shortcut = models.JSONField(null=True, blank=True)
    files = models.ManyToManyField("chatweb.Attachment", related_name="turns", blank=True)  # asked with

    # Regenerated: the older version of the same question. One-to-one, so that two tabs make one of it.
    replaces = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("regenerates"),
    )
    sees_replaced = models.BooleanField(default=False)  # the upstream could not delete it: the bot sees both
    copied = models.CharField(_("copied"), max_length=12, choices=Copied.choices, blank=True, default="")

    stop_asked_at = models.DateTimeField(null=True, blank=True)
    stop_shown = models.JSONField(null=True, blank=True)  # message uuid -> UTF-16 units on screen
    # forgotten | remembered | was_done | local | dropped (a workflow may go on unseen)
    stop_outcome = models.CharField(_("stop outcome"), max_length=12, blank=True, default="")

    # a key of chatweb/sentences.py
    error_reason = models.CharField(_("error reason"), max_length=24, blank=True, default="")
    error_code = models.CharField(_("error code"), max_length=24, blank=True, default="")
    error_message = models.TextField(_("error message"), blank=True, default="")
    log_id = models.CharField(_("log id"), max_length=128, blank=True, default="")

    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    first_token_at = models.DateTimeField(_("first token"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="turn_once_a_client_id"),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_turn_a_conversation",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "ordinal"], name="turn_order"),
            # An id from somebody's log or browser leads here (admin/finding.py).
            models.Index(fields=["log_id"], name="turn_of_a_log"),
            models.Index(fields=["client_id"], name="turn_of_a_client_id"),
            # The supervisor's sweep: what is queued or alive.
            models.Index(
                fields=["state", "not_before"],
                name="turn_unfinished",
                condition=Q(state__in=[TurnState.QUEUED, *sorted(LIVE)]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Leg(models.Model):
    """One request to the upstream: a chat, submitted outputs, or a resume."""

    class Kind(models.TextChoices):
        CHAT = "chat", _("chat")
        SUBMIT = "submit", _("submitted outputs")
        RESUME = "resume", _("resume")

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="legs", verbose_name=_("turn"))
    ordinal = models.PositiveSmallIntegerField(_("number"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CHAT)
    upstream_conversation_id = models.CharField(
        _("conversation id upstream"), max_length=64, blank=True, default=""
    )
    chat_id = models.CharField(_("chat id"), max_length=64, blank=True, default="", db_index=True)
    execute_id = models.CharField(_("execute id"), max_length=64, blank=True, default="")
    question_id = models.CharField(max_length=64, blank=True, default="")
    log_id = models.CharField(_("log id"), max_length=128, blank=True, default="")
    debug_url = models.TextField(_("debug URL"), blank=True, default="")
    token_count = models.PositiveIntegerField(_("tokens"), null=True, blank=True)
    input_count = models.PositiveIntegerField(_("input tokens"), null=True, blank=True)
    output_count = models.PositiveIntegerField(_("output tokens"), null=True, blank=True)
    delta_count = models.PositiveIntegerField(_("deltas"), default=0)
    first_delta_at = models.DateTimeField(_("first delta"), null=True, blank=True)
    last_delta_at = models.DateTimeField(_("last delta"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("leg")
        verbose_name_plural = _("legs")
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["turn", "ordinal"], name="leg_order")]
        # An id from somebody's log or from Coze's console leads here (admin/finding.py).
        indexes = [
            models.Index(fields=["upstream_conversation_id"], name="leg_of_a_conversation"),
            models.Index(fields=["execute_id"], name="leg_of_a_run"),
            models.Index(fields=["log_id"], name="leg_of_a_log"),
        ]

    def __str__(self) -> str:
        return f"#{self.ordinal}"


class MessageQuerySet(models.QuerySet["Message"]):
    def answers_to(self, user: User) -> MessageQuerySet:
        """What a view may find by its id: answers in conversations of the user's own, not deleted."""
        mine = self.filter(conversation__user=user, conversation__deleted_at=None)
        return mine.filter(type="answer")


class Message(models.Model):
    """One question, answer, function_call, tool_response, follow_up, knowledge or verbose of a turn."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="messages", verbose_name=_("turn"))
    leg = models.ForeignKey(Leg, models.CASCADE, null=True, blank=True, related_name="messages")
    ordinal = models.PositiveIntegerField(default=0)
    upstream_id = models.CharField(_("id upstream"), max_length=128, blank=True, default="")
    type = models.CharField(_("type"), max_length=24)
    content_type = models.CharField(_("content type"), max_length=24, default="text")
    title = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(_("text"), blank=True, default="")
    reasoning = models.TextField(_("reasoning"), blank=True, default="")
    reasoning_ms = models.PositiveIntegerField(_("thinking time (ms)"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=MessageState.choices, default=MessageState.COMPLETED
    )
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "upstream_id"],
                condition=~Q(upstream_id=""),
                name="message_once_a_conversation",
            )
        ]
        indexes = [models.Index(fields=["turn", "ordinal"], name="message_order")]

    def __str__(self) -> str:
        return f"{self.type} {self.uuid}"


class Event(models.Model):
    """A raw upstream event as it came, deltas excepted: the operators' log (K11)."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="events")
    leg = models.ForeignKey(Leg, models.CASCADE, null=True, blank=True, related_name="events")
    name = models.CharField(max_length=80)
    data = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
