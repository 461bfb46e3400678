"""Where a person stands with the quota of a bot: fetched by the composer after the page is there."""

from __future__ import annotations

import math
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chatweb.usage.standing import limits_of, standings
from chatweb.usage.wording import most_urgent, refusal, warning
from chatweb.views.answers import SignedInRequest, signed_in
from chatweb.views.pages import usable_bot


@require_GET
@signed_in
@never_cache
def quota(request: SignedInRequest, bot_id: UUID) -> HttpResponse:
    """`holds`: whether there is any. `line`: what is to be said now, or null."""
    bot = usable_bot(request.user, bot_id)
    limits = limits_of(request.user, bot)
    told = most_urgent(standings(request.user, limits))
    line = None
    if told is not None:
        words = refusal(told, bot) if told.is_reached else warning(told, bot)
        left = math.ceil((told.resets_at - timezone.now()).total_seconds())
        line = {"sentence": words, "is_reached": told.is_reached, "resets_in_seconds": left}
    return JsonResponse({"holds": bool(limits), "line": line})
