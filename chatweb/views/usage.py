"""“Usage”: what a person used and where they stand with their quotas (M-092, M-093)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chatweb.models import Bot, Conversation, TurnFigures
from chatweb.usage.periods import begun
from chatweb.usage.standing import Standing, limits_of, standings
from chatweb.usage.wording import used_of, when
from chatweb.views.answers import SignedInRequest, signed_in
from chatweb.views.asking import turn_of

MOST_CONVERSATIONS = 20
SUMS: dict[str, Any] = {"messages": Count("pk"), "tokens": Sum("tokens"), "cost": Sum("cost")}


@require_GET
@signed_in
@never_cache
def my_usage(request: SignedInRequest) -> HttpResponse:
    month = begun("month", timezone.now(), timezone.get_default_timezone())
    mine = TurnFigures.objects.filter(user=request.user, asked_at__gte=month)
    limits = limits_of(request.user)
    told = standings(request.user, limits)
    limited = Bot.objects.filter(pk__in=[one.bot_pk for one in limits if one.bot_pk])
    bots = dict(limited.values_list("pk", "name"))
    by_bot = mine.order_by().values(name=F("bot__name")).annotate(**SUMS)
    context = {
        "quotas": [quota_row(one, bots) for one in told],
        "by_bot": list(by_bot.order_by("-tokens", "name")),
        "by_conversation": of_conversations(mine),
        "total": mine.aggregate(**SUMS),
        "has_costs": mine.exclude(cost=None).exists(),
        "currency": settings.CURRENCY,
    }
    return render(request, "usage/page.html", context)


def quota_row(standing: Standing, bots: dict[int, str]) -> dict[str, Any]:
    return {
        "bot": bots.get(standing.limit.bot_pk or 0, ""),
        "used": used_of(standing),
        "resets": when(standing.resets_at),
        "value": min(standing.used, standing.limit.most),
        "most": standing.limit.most,
        "is_reached": standing.is_reached,
        "is_near": standing.is_near,
    }


def of_conversations(mine: QuerySet[TurnFigures]) -> list[dict[str, Any]]:
    """Those of the month that used most and are not deleted."""
    shown = mine.filter(conversation__deleted_at=None).order_by().values("conversation").annotate(**SUMS)
    most = shown.order_by("-tokens", "conversation")[:MOST_CONVERSATIONS]
    rows: list[dict[str, Any]] = [dict(row) for row in most]
    known = Conversation.objects.in_bulk([row["conversation"] for row in rows])
    return [{**row, "conversation": known[row["conversation"]]} for row in rows]


@require_GET
@signed_in
@never_cache
def of_turn(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    """`rows`: pairs of a label and what the question and its answers used of it, in words."""
    turn = turn_of(request, conversation_id, turn_id)
    figures = TurnFigures.objects.filter(turn=turn).first()
    return JsonResponse({"rows": rows_of(figures) if figures else []})


def rows_of(figures: TurnFigures) -> list[tuple[str, str]]:
    rows = [
        (gettext("Tokens"), number_format(figures.tokens)),
        (gettext("of the question and what it knew"), number_format(figures.input_tokens)),
        (gettext("of the answer"), number_format(figures.output_tokens)),
    ]
    if figures.cost is not None:
        rows.append((gettext("Cost"), f"{number_format(figures.cost, 4)} {settings.CURRENCY}"))
    times = [
        (gettext("First word after"), figures.first_token_ms),
        (gettext("Whole answer after"), figures.answer_ms),
        (gettext("Waited for you"), figures.waited_ms or None),
    ]
    seconds = [(label, number_format(ms / 1000, 1)) for label, ms in times if ms is not None]
    return rows + [(label, gettext("%(seconds)s s") % {"seconds": value}) for label, value in seconds]
