"""Which rule counts for what, as querysets: what is removed and what a dry run counts are the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from chatweb.models import Attachment, Conversation, Event, RetentionRule, Turn
from chatweb.models.retention import held_conversation, held_person
from chatweb.turns.states import LIVE, TurnState


@dataclass(frozen=True, slots=True)
class Limit:
    """What one rule says of one kind of thing. Neither bot nor group: the whole site."""

    rule_pk: int
    name: str
    bot_pk: int | None
    group_pk: int | None
    days: int

    def covers(self, bot: str, user: str) -> Q:
        """Rows it is about, by the paths that lead to their bot and person."""
        if self.bot_pk is not None:
            return Q(**{bot: self.bot_pk})
        if self.group_pk is not None:
            members = User.groups.through.objects.filter(group=self.group_pk)
            return Q(**{f"{user}__in": members.values("user")})
        return Q()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that rules limit: `name` and `name_days` of a rule."""

    name: str
    rows: Callable[[datetime], QuerySet[Any]]  # those older than a moment, whoever's they are
    held: Callable[[], Any]
    bot: str
    user: str

    def limits(self) -> list[Limit]:
        """Strictest first, the whole site's last: the first that covers a row is the one that counts."""
        rules = RetentionRule.objects.select_related("bot", "group").exclude(**{f"{self.name}_days": None})
        found = [
            Limit(rule.pk, str(rule), rule.bot_id, rule.group_id, getattr(rule, f"{self.name}_days"))
            for rule in rules
        ]
        return sorted(found, key=lambda one: (is_of_site(one), one.days, one.rule_pk))

    def due(
        self, limit: Limit, limits: list[Limit], now: datetime, *, is_held: bool = False
    ) -> QuerySet[Any]:
        """Rows that `limit` says are too old, as no stricter one covers them; or those a hold keeps."""
        found = self.rows(now - timedelta(days=limit.days)).filter(limit.covers(self.bot, self.user))
        for stricter in limits[: limits.index(limit)]:
            covered = stricter.covers(self.bot, self.user)
            found = found.exclude(covered)
        return found.filter(self.held() if is_held else ~self.held())


def is_of_site(limit: Limit) -> bool:
    return limit.bot_pk is None and limit.group_pk is None


def unfinished(conversation: str) -> Exists:
    """A turn that runs, waits or will run by itself. What a person holds back in a queue is none."""
    waits = Q(state__in=LIVE) | Q(state=TurnState.QUEUED, is_held=False)
    return Exists(Turn.objects.filter(waits, conversation=OuterRef(conversation)))


def old_conversations(moment: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(~unfinished("pk"), last_asked_at__lt=moment)


def deleted_conversations(moment: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(~unfinished("pk"), deleted_at__lt=moment)


def old_files(moment: datetime) -> QuerySet[Attachment]:
    """With a copy here, or never asked with."""
    there = ~Q(copy="") | Q(conversation=None)
    return Attachment.objects.filter(there, ~unfinished("conversation"), created_at__lt=moment)


def old_events(moment: datetime) -> QuerySet[Event]:
    is_over = ~Q(turn__state__in=[*sorted(LIVE), TurnState.QUEUED])
    return Event.objects.filter(is_over, received_at__lt=moment)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("conversation", old_conversations, held_conversation, "bot", "user"),
        Kind("deleted", deleted_conversations, held_conversation, "bot", "user"),
        Kind(
            "file",
            old_files,
            lambda: held_conversation("conversation", "conversation__bot", "user") | held_person("user"),
            "conversation__bot",
            "user",
        ),
        Kind(
            "event",
            old_events,
            lambda: held_conversation(
                "turn__conversation", "turn__conversation__bot", "turn__conversation__user"
            ),
            "turn__conversation__bot",
            "turn__conversation__user",
        ),
    )
}
