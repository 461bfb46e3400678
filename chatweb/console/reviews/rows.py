"""Rows of lists of items: whose turn, in which bot, what was asked. A fixed number of queries a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator

from chatweb.console.names import label_of
from chatweb.console.redaction import redactor
from chatweb.models import Mention, Message, ReviewItem

EXCERPT = 120


@dataclass(slots=True)
class Row:
    item: ReviewItem
    person: str
    bot: str
    asked: str


def item_rows(request: HttpRequest, items: QuerySet[ReviewItem]) -> list[Row]:
    """In the queryset's order; two queries."""
    page = list(
        items.select_related("conversation__user", "conversation__bot", "assignee", "queue", "ended_by")
    )
    asked = questions_of([item.turn_id for item in page])
    return [
        Row(
            item,
            label_of(request, item.conversation.user),
            item.conversation.bot.name,
            asked.get(item.turn_id, ""),
        )
        for item in page
    ]


def questions_of(turns: Sequence[int]) -> dict[int, str]:
    """The beginning of what was asked, by turn."""
    redact = redactor()
    found = Message.objects.filter(turn__in=turns, type="question").order_by("-ordinal")
    return {
        turn: Truncator(" ".join(redact(text).split())).chars(EXCERPT)
        for turn, text in found.values_list("turn", "text")
    }


def place_of(message: Message) -> str:
    path = reverse("console_conversation", args=[message.conversation.uuid])
    return f"{path}?turn={message.turn.uuid}#message-{message.uuid}"


def mentions_of(request: HttpRequest, mentions: QuerySet[Mention]) -> list[dict[str, object]]:
    """What colleagues wrote to the reader, with the review it was written in, else the conversation."""
    found = list(
        mentions.select_related(
            "annotation__author", "annotation__message__turn", "annotation__message__conversation"
        )
    )
    turns = [one.annotation.message.turn_id for one in found]
    items = {item.turn_id: item for item in ReviewItem.objects.filter(turn__in=turns)}
    return [
        {
            "mention": one,
            "author": author.display_name
            if (author := one.annotation.author)
            else one.annotation.author_name,
            "note": Truncator(one.annotation.note).chars(EXCERPT),
            "url": place_of(one.annotation.message),
            "item": items.get(one.annotation.message.turn_id),
        }
        for one in found
    ]
