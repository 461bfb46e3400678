"""What tabs show of conversations and turns, read from the database into the wire's objects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import User
from chatweb import frames
from chatweb.models import Action, Bot, Conversation, Errand, Message, Turn
from chatweb.models.conversation import ConversationQuerySet
from chatweb.turns.states import LIVE, OVER, TurnState

PAGE_OF_CONVERSATIONS = 40
PAGE_OF_TURNS = 30
SHOWN_TYPES = ("question", "answer", "follow_up")


def list_version(user_pk: int) -> str:
    """Changes whenever a row of the user's sidebar does."""
    return list_versions([user_pk])[user_pk]


def list_versions(user_pks: Iterable[int]) -> dict[int, str]:
    """`list_version` of many users in one query."""
    pks = list(user_pks)
    found = {
        row["user"]: _list_version(row["count"], row["latest"])
        for row in Conversation.objects.filter(user__in=pks, deleted_at=None)
        .values("user")
        .annotate(count=Count("pk"), latest=Max("changed_at"))
        .order_by()
    }
    return {pk: found.get(pk, "0") for pk in pks}


def _list_version(count: int, latest: datetime | None) -> str:
    return f"{count}-{int(latest.timestamp() * 1_000_000) if latest else 0}"


def conversation_rows(conversations: ConversationQuerySet, user: User) -> list[frames.Json]:
    """Sidebar rows of some of the user's conversations, in the queryset's order; two queries."""
    turns = Turn.objects.filter(conversation=OuterRef("pk"), is_withdrawn=False)
    ended = turns.filter(state__in=OVER).exclude(ended_at=None).order_by("-ended_at")
    annotated = conversations.select_related("bot").annotate(
        live_state=Subquery(turns.filter(state__in=LIVE).values("state")[:1]),
        last_state=Subquery(ended.values("state")[:1]),
        last_ended_at=Subquery(ended.values("ended_at")[:1]),
        is_clearing=Exists(
            Errand.objects.filter(
                conversation=OuterRef("pk"), kind=Errand.Kind.CLEAR, done_at=None, gave_up_at=None
            )
        ),
        read_at=F("read_mark__read_at"),
    )
    askable = set(Bot.objects.usable_by(user).values_list("pk", flat=True))
    return [
        frames.conversation_row(
            row,
            mark=mark_of(row.live_state, row.last_state, row.last_ended_at, row.read_at),
            can_ask=row.bot_id in askable,
            is_clearing=row.is_clearing,
        )
        for row in annotated
    ]


def mark_of(
    live_state: str | None, last_state: str | None, last_ended_at: datetime | None, read_at: datetime | None
) -> str:
    """The one mark of a sidebar row: what goes on counts more than what is unread."""
    if live_state:
        return "waiting" if live_state == TurnState.WAITING else "streaming"
    is_unread = last_ended_at is not None and (read_at is None or last_ended_at > read_at)
    if not is_unread or last_state == TurnState.CANCELED:
        return ""
    return "failed" if last_state in (TurnState.FAILED, TurnState.LOST) else "unread"


def sidebar(
    user: User, *, before: datetime | None = None, is_archived: bool = False
) -> tuple[list[frames.Json], str | None]:
    """One page of the sidebar and the cursor of the next. Pinned rows come whole, with the first page."""
    mine = Conversation.objects.visible_to(user).filter(is_archived=is_archived)
    pinned: list[frames.Json] = []
    if before is None:
        pinned = conversation_rows(mine.filter(is_pinned=True).order_by("-last_asked_at"), user)
    others = mine.filter(is_pinned=False).order_by("-last_asked_at")
    if before is not None:
        others = others.filter(last_asked_at__lt=before)
    page = conversation_rows(others[: PAGE_OF_CONVERSATIONS + 1], user)
    has_more = len(page) > PAGE_OF_CONVERSATIONS
    page = page[:PAGE_OF_CONVERSATIONS]
    return pinned + page, page[-1]["last_asked_at"] if has_more else None


def turns_of(conversation: Conversation, **narrowed: object) -> list[frames.Json]:
    """Turn objects, oldest first, of what `narrowed` picks; three queries whatever their number."""
    return _objects(Turn.objects.filter(conversation=conversation, **narrowed), conversation.uuid)


def newest_turns(
    conversation: Conversation, *, before: int | None = None, limit: int = PAGE_OF_TURNS
) -> tuple[list[frames.Json], bool]:
    """The newest turns (before an ordinal), oldest first, and whether there are older ones."""
    turns = Turn.objects.filter(conversation=conversation, is_withdrawn=False).order_by("-ordinal", "-pk")
    if before is not None:
        turns = turns.filter(ordinal__lt=before)
    page = _objects(turns[: limit + 1], conversation.uuid)
    return page[-limit:], len(page) > limit


def turn_by_pk(turn_pk: int) -> frames.Json:
    turn = Turn.objects.select_related("conversation").get(pk=turn_pk)
    return _objects(Turn.objects.filter(pk=turn_pk), turn.conversation.uuid)[0]


def _objects(turns: QuerySet[Turn], conversation_uuid: object) -> list[frames.Json]:
    rows = turns.prefetch_related(
        Prefetch("messages", Message.objects.filter(type__in=SHOWN_TYPES), to_attr="shown"),
        Prefetch("actions", Action.objects.order_by("leg__ordinal", "ordinal"), to_attr="asked"),
    )
    ordered = sorted(rows, key=lambda turn: (turn.ordinal, turn.pk))
    return [frames.turn_object(turn, conversation_uuid, turn.shown, turn.asked) for turn in ordered]
