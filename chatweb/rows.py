"""What tabs show of conversations and turns, read from the database into the wire's objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from accounts.models import User
from chatweb import bot_frames, cards, frames
from chatweb.database.prepared import Prepared
from chatweb.models import (
    Action,
    Attachment,
    Bot,
    Conversation,
    Errand,
    Feedback,
    FeedbackReason,
    Leg,
    Message,
    StartParameters,
    Tool,
    Turn,
)
from chatweb.models.conversation import ConversationQuerySet
from chatweb.picture_links import link_to
from chatweb.turns.branching import memory_of
from chatweb.turns.sources import RECALL
from chatweb.turns.states import ANSWERABLE, LIVE, OVER, ActionState, TurnState

PAGE_OF_CONVERSATIONS = 40
PAGE_OF_TURNS = 30
MOST_TURNS = 300  # of a page that leads to a turn; the rest comes in further pages
TURNS_ABOVE = 3  # what was said just before it
# Of what a bot does beside answering, people see what it read; the rest is for operators.
SHOWN = Q(type__in=("question", "answer", "follow_up", "knowledge")) | Q(
    type="verbose", text__contains=RECALL
)


LATEST_CHANGES = Prepared(
    lambda user_pks: (
        Conversation.objects.filter(user__in=user_pks, deleted_at=None)
        .values_list("user")
        .annotate(count=Count("pk"), latest=Max("changed_at"))
        .order_by()
    )
)


def list_version(user_pk: int) -> str:
    """Changes whenever a row of the user's sidebar does."""
    return list_versions([user_pk])[user_pk]


def list_versions(user_pks: Iterable[int]) -> dict[int, str]:
    """`list_version` of many users in one query."""
    pks = list(user_pks)
    found = {user: _list_version(count, latest) for user, count, latest in LATEST_CHANGES(pks)}
    return {pk: found.get(pk, "0") for pk in pks}


def _list_version(count: int, latest: datetime | None) -> str:
    return f"{count}-{int(latest.timestamp() * 1_000_000) if latest else 0}"


def bots_of(user: User) -> list[frames.Json]:
    """The bots the user may ask, with what they gave each of them last; two queries."""
    kept = dict(StartParameters.objects.filter(user=user).values_list("bot", "values"))
    link = partial(link_to, user.pk)
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return [
        bot_frames.bot_object(bot, user.display_name, link, kept.get(bot.pk), memory_of(bot), language)
        for bot in Bot.objects.usable_by(user)
    ]


ASKABLE = Prepared(
    lambda user_pk: Bot.objects.usable_by(User(pk=user_pk)).order_by().values_list("pk", flat=True)
)


def askable_by(user: User) -> frozenset[int]:
    """The keys of the bots the user may ask."""
    return frozenset(ASKABLE(user.pk))


def _with_marks(pks: Sequence[int]) -> QuerySet[Conversation]:
    """What a row of the sidebar shows of each."""
    turns = Turn.objects.filter(conversation=OuterRef("pk"), is_withdrawn=False)
    ended = turns.filter(state__in=OVER).exclude(ended_at=None).order_by("-ended_at")
    conversations = Conversation.objects.filter(pk__in=pks)
    return conversations.select_related("bot", "branched_from__conversation").annotate(
        waiting=Coalesce(waiting_cards(), 0),
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


WITH_MARKS: Prepared[Any] = Prepared(_with_marks)


def conversation_rows(
    conversations: ConversationQuerySet, user: User, askable: frozenset[int] | None = None
) -> list[frames.Json]:
    """Sidebar rows of some of the user's conversations, in the queryset's order; at most three queries."""
    pks = list(conversations.values_list("pk", flat=True))
    found = {row.pk: row for row in WITH_MARKS(pks)}
    askable = askable_by(user) if askable is None else askable
    return [_row_object(found[pk], askable) for pk in pks if pk in found]


def conversation_row(conversation_pk: int, user: User) -> frames.Json:
    """The sidebar's row of one that is known to be the user's."""
    return _row_object(WITH_MARKS([conversation_pk])[0], askable_by(user))


def _row_object(row: Any, askable: frozenset[int]) -> frames.Json:
    return frames.conversation_row(
        row,
        mark=mark_of(row.live_state, row.last_state, row.last_ended_at, row.read_at),
        waiting=row.waiting,
        can_ask=row.bot_id in askable,
        is_clearing=row.is_clearing,
    )


def waiting_cards() -> Subquery:
    """How many cards of the outer conversation have no answer, or one that came back."""
    wanted = Q(state=ActionState.PENDING) | Q(state=ActionState.READY) & ~Q(refusal="")
    waiting = Action.objects.filter(
        wanted, turn__conversation=OuterRef("pk"), turn__state=TurnState.WAITING
    ).order_by()
    return Subquery(waiting.values("turn__conversation").annotate(count=Count("pk")).values("count"))


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
    """One page of the sidebar and the cursor of the next.

    Pinned rows and those that wait for the user come whole, with the first page.
    """
    mine = Conversation.objects.visible_to(user).filter(is_archived=is_archived)
    waits = Exists(Turn.objects.filter(conversation=OuterRef("pk"), state=TurnState.WAITING))
    is_first = Q(is_pinned=True) | Q(waits)
    askable = askable_by(user)
    pinned: list[frames.Json] = []
    if before is None:
        pinned = conversation_rows(mine.filter(is_first).order_by("-last_asked_at"), user, askable)
    others = mine.exclude(is_first).order_by("-last_asked_at")
    if before is not None:
        others = others.filter(last_asked_at__lt=before)
    page = conversation_rows(others[: PAGE_OF_CONVERSATIONS + 1], user, askable)
    has_more = len(page) > PAGE_OF_CONVERSATIONS
    page = page[:PAGE_OF_CONVERSATIONS]
    return pinned + page, page[-1]["last_asked_at"] if has_more else None


def turns_of(conversation: Conversation, **narrowed: object) -> list[frames.Json]:
    """Turn objects, oldest first, of what `narrowed` picks; a few queries whatever their number."""
    turns = Turn.objects.filter(conversation=conversation, **narrowed)
    return turns_by_pks(conversation, turns.order_by().values_list("pk", flat=True))


def newest_turns(
    conversation: Conversation, *, before: int | None = None, limit: int = PAGE_OF_TURNS
) -> tuple[list[frames.Json], bool]:
    """The newest turns (before an ordinal), oldest first, and whether there are older ones.

    A page has whole questions: the older versions of its first turn come with it.
    """
    turns = Turn.objects.filter(conversation=conversation, is_withdrawn=False).order_by("-ordinal", "-pk")
    if before is not None:
        turns = turns.filter(ordinal__lt=before)
    page = turns_by_pks(conversation, turns.values_list("pk", flat=True)[: limit + 1])
    if len(page) <= limit:
        return page, False
    if not page[-limit]["replaces"]:
        return page[-limit:], True
    first = Turn.objects.get(uuid=page[-limit]["id"])
    while first.replaces is not None:
        first = first.replaces
    page = turns_by_pks(conversation, turns.filter(ordinal__gte=first.ordinal).values_list("pk", flat=True))
    return page, turns.filter(ordinal__lt=first.ordinal).exists()


def without_replaced(turns: Sequence[frames.Json]) -> list[frames.Json]:
    """Turn objects as people read them one below the other: of each question its newest version."""
    replaced = {turn["replaces"] for turn in turns}
    return [turn for turn in turns if turn["id"] not in replaced]


def turns_down_to(conversation: Conversation, turn_id: UUID, *, before: int | None = None) -> int:
    """How many turns a page needs (`newest_turns`) to reach this one; an ordinary page's for a stranger's."""
    turns = Turn.objects.filter(conversation=conversation, is_withdrawn=False)
    wanted = turns.filter(uuid=turn_id).values_list("ordinal", flat=True).first()
    if wanted is None:
        return PAGE_OF_TURNS
    below = turns.filter(ordinal__gte=wanted)
    if before is not None:
        below = below.filter(ordinal__lt=before)
    return min(max(below.count() + TURNS_ABOVE, PAGE_OF_TURNS), MOST_TURNS)


def turn_by_pk(turn_pk: int) -> frames.Json:
    [conversation] = CONVERSATION_OF(turn_pk)
    return turns_by_pks(conversation, [turn_pk])[0]


CONVERSATION_OF = Prepared(
    lambda turn_pk: Conversation.objects.filter(turns=turn_pk).select_related("user").order_by()
)
TURNS = Prepared(
    lambda pks: Turn.objects.filter(pk__in=pks).select_related("replaces").order_by("ordinal", "pk")
)
MESSAGES = Prepared(lambda pks: Message.objects.filter(SHOWN, turn__in=pks))
ACTIONS = Prepared(lambda pks: Action.objects.filter(turn__in=pks).select_related("answered_by"))
FILES = Prepared(lambda pks: Attachment.objects.filter(turns__in=pks).annotate(asked_in=F("turns")))
FEEDBACK = Prepared(
    lambda pks, user_pk: (
        Feedback.objects.filter(message__turn__in=pks, user=user_pk)
        .exclude(rating="")
        .prefetch_related("reasons")
    )
)
# Those that began with another wording of a turn's question.
BRANCHES = Prepared(
    lambda pks: Conversation.objects.filter(branched_from__in=pks, deleted_at=None).order_by("pk")
)
DEBUG_URLS = Prepared(
    lambda pks: (
        Leg.objects.filter(turn__in=pks)
        .exclude(debug_url="")
        .order_by("ordinal")
        .values_list("turn", "debug_url")
    )
)


def turns_by_pks(conversation: Conversation, turn_pks: Iterable[int]) -> list[frames.Json]:
    """Turn objects, oldest first; as many queries for one as for a page."""
    pks = list(turn_pks)
    turns = TURNS(pks)  # first: one that ends meanwhile has its last words by the time that they are read
    messages, actions = _by("turn_id", MESSAGES(pks)), _by("turn_id", ACTIONS(pks))
    files, branches = _by("asked_in", FILES(pks)), _by("branched_from_id", BRANCHES(pks))
    names = cards.tool_names(action for asked in actions.values() for action in asked)
    tools = Tool.objects.rules(conversation.bot_id, names) if names else {}
    given = FEEDBACK(pks, conversation.user_id)
    feedback = {one.message_id: frames.feedback_object(one, one.reasons.all()) for one in given}
    # The upstream's page about each turn, the newest leg's.
    debug_urls = dict(DEBUG_URLS(pks)) if conversation.user.is_operator else {}
    return [
        frames.turn_object(
            turn,
            conversation.uuid,
            messages.get(turn.pk, []),
            cards.action_objects(actions.get(turn.pk, []), tools),
            debug_urls.get(turn.pk, ""),
            files.get(turn.pk, []),
            feedback,
            branches.get(turn.pk, []),
        )
        for turn in turns
    ]


def _by(name: str, found: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for one in found:
        grouped.setdefault(getattr(one, name), []).append(one)
    return grouped


def feedback_reasons() -> list[frames.Json]:
    """What people may choose from, in the admins' order."""
    return [frames.reason_object(reason) for reason in FeedbackReason.objects.filter(is_active=True)]


def tasks(user: User) -> list[frames.Json]:
    """Cards that wait for the user in all their conversations, oldest first."""
    waiting = Action.objects.visible_to(user).filter(state__in=ANSWERABLE, turn__state=TurnState.WAITING)
    turn_pks = set(waiting.values_list("turn", flat=True))
    turns = Turn.objects.filter(pk__in=turn_pks).select_related("conversation__user")
    listed = []
    for turn in turns:
        row = conversation_row(turn.conversation_id, user)
        told = turn_by_pk(turn.pk)
        for action in told["actions"]:
            if action["state"] in ANSWERABLE:
                listed.append(frames.task_object(row, told["id"], told["question"], action))
    return sorted(listed, key=lambda task: task["action"]["asked_at"])
