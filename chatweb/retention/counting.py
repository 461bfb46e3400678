"""The dry run: how much each rule would remove now, and how much a legal hold keeps from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count
from django.utils import timezone

from chatweb.models import Attachment, Event, Message, RetentionRule

from .rules import KINDS

AT_ONCE = 900  # pks in one statement


@dataclass(slots=True)
class Outlook:
    """Of one rule: its limits in days by kind, and what would go. `held`: conversations that a hold keeps."""

    name: str
    rule_pk: int
    limits: dict[str, int] = field(default_factory=dict)
    conversations: int = 0
    messages: int = 0
    files: int = 0
    events: int = 0
    held: int = 0


def outlook(now: datetime | None = None) -> list[Outlook]:
    """One for each rule. A thing is counted once, under the rule that counts for it."""
    now = now or timezone.now()
    rules = RetentionRule.objects.select_related("bot", "group")
    found = {rule.pk: Outlook(str(rule), rule.pk) for rule in rules}
    going: set[int] = set()  # conversations; what is in them goes with them
    for name in ("conversation", "deleted"):
        kind, limits = KINDS[name], KINDS[name].limits()
        for limit in limits:
            one = found[limit.rule_pk]
            one.limits[name] = limit.days
            pks = set(kind.due(limit, limits, now).values_list("pk", flat=True)) - going
            going |= pks
            count_conversations(one, pks)
            one.held += kind.due(limit, limits, now, is_held=True).count()
    for name, counted, path in (("file", "files", "conversation"), ("event", "events", "turn__conversation")):
        kind, limits = KINDS[name], KINDS[name].limits()
        for limit in limits:
            one = found[limit.rule_pk]
            one.limits[name] = limit.days
            by_conversation = kind.due(limit, limits, now).order_by().values_list(path)
            counts = by_conversation.annotate(n=Count("pk"))
            setattr(one, counted, getattr(one, counted) + sum(n for pk, n in counts if pk not in going))
    return list(found.values())


def count_conversations(one: Outlook, pks: set[int]) -> None:
    one.conversations += len(pks)
    for some in portions(pks):
        one.messages += Message.objects.filter(conversation__in=some).count()
        one.files += Attachment.objects.filter(conversation__in=some).count()
        one.events += Event.objects.filter(turn__conversation__in=some).count()


def portions(pks: Iterable[int]) -> Iterator[list[int]]:
    left = iter(pks)
    while some := list(islice(left, AT_ONCE)):
        yield some


def total(outlooks: list[Outlook]) -> dict[str, Any]:
    names = ("conversations", "messages", "files", "events", "held")
    return {name: sum(getattr(one, name) for one in outlooks) for name in names}
