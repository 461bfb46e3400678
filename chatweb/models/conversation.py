"""A user's talk with one bot, and how far they have read it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bots import Bot, CozeIdentity


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> ConversationQuerySet:
        """The only way a view or a consumer finds a conversation: the user's own, not deleted."""
        return self.filter(user=user, deleted_at=None).select_related("bot__connection", "identity")

    def reviewable_by(self, user: User) -> ConversationQuerySet:
        """The only way the console finds a conversation: an operator reads all, deleted ones too."""
        found = self if user.is_operator else self.none()
        return found.select_related("user", "bot__connection", "identity")

    def touch(self, **changes: object) -> int:
        """Update rows and move their versions, so that every follower and list notices."""
        return self.update(version=F("version") + 1, changed_at=timezone.now(), **changes)


class Conversation(models.Model):
    """`version` and `changed_at` move with every change a tab must show, not with text in flight."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client_id = models.UUIDField(_("client id"), default=uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="conversations", verbose_name=_("user"))
    bot = models.ForeignKey(Bot, models.PROTECT, related_name="conversations", verbose_name=_("bot"))
    identity = models.ForeignKey(
        CozeIdentity, models.PROTECT, related_name="conversations", verbose_name=_("Coze identity")
    )
    upstream_id = models.CharField(_("id upstream"), max_length=64, blank=True, default="", db_index=True)
    name = models.CharField(_("name"), max_length=100, blank=True, default="")
    is_named_by_user = models.BooleanField(default=False)
    # The question that was changed to begin this one; its conversation is left as it was.
    branched_from = models.ForeignKey(
        "chatweb.Turn",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("branch of"),
    )
    section = models.PositiveIntegerField(_("section"), default=0)
    # What its user was asked before the first question: {"parameters", "variables"}, sent with every chat.
    asked_values = models.JSONField(default=dict, blank=True)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    last_asked_at = models.DateTimeField(_("last question"), default=timezone.now)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["user", "client_id"], name="conversation_once_a_client_id")
        ]
        indexes = [
            # The sidebar: a user's conversations, newest question first.
            models.Index(
                fields=["user", "is_pinned", "last_asked_at"],
                name="conversation_sidebar",
                condition=Q(deleted_at=None),
            ),
            # The operators' log knows the few that are deleted from all others.
            models.Index(fields=["deleted_at"], name="conversation_deleted", condition=~Q(deleted_at=None)),
        ]

    def __str__(self) -> str:
        return self.name or str(self.uuid)


class ReadMark(models.Model):
    """How far a user has read: turns that ended after it are unread. Only a visible tab moves it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="read_marks")
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="read_mark")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")

    def __str__(self) -> str:
        return f"{self.conversation_id} read until {self.read_at}"
