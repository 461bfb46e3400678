"""429 for whoever asks too often: one place for every URL, counted in the cache that all processes share."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from chatweb.rates import BY_ADDRESS, rate_of
from chatweb.views.answers import error, refused_page, wants_json

logger = logging.getLogger(__name__)

REASON = "too_often"
ACCOUNT_SECONDS = 60  # allauth's refusals name no time; its windows are a minute, but for failed passwords


def seconds_to_wait(name: str, who: str) -> int:
    """Count one more of `name` by `who`; 0 while it is within the rate, else when the next period begins."""
    rate = settings.RATE_LIMITS[name]
    if not rate.most:
        return 0
    now = time.time()
    period = int(now // rate.seconds)
    key = f"rate:{name}:{who}:{period}"
    try:
        cache.add(key, 0, rate.seconds + 1)
        count = cache.incr(key)
    except ValueError:  # it has just been thrown out: whoever counts is at the period's end
        return 0
    except RedisError as broken:
        logger.warning("rates are not counted: %s", type(broken).__name__)
        return 0
    return 0 if count <= rate.most else max(1, int((period + 1) * rate.seconds - now) + 1)


class RateLimitMiddleware:
    """After those who know who asks and in which language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429 and request.path.startswith("/accounts/"):
            response.headers.setdefault("Retry-After", str(ACCOUNT_SECONDS))
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        person = getattr(request, "viewer", None) or request.user
        name = rate_of(match.view_name if match else "", request.method or "", is_signed_in=bool(person.pk))
        if not name:
            return None
        who = f"at:{get_ip(request)}" if name in BY_ADDRESS else f"by:{person.pk}"
        wait = seconds_to_wait(name, who)
        return too_often(request, wait) if wait else None


def limited_by_address(name: str, view: Callable[[HttpRequest], HttpResponse]) -> Any:
    """A view that stands before every middleware, and so knows neither person nor language."""

    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        wait = seconds_to_wait(name, f"at:{get_ip(request)}")
        if not wait:
            return view(request)
        headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
        return HttpResponse("too often\n", status=429, content_type="text/plain", headers=headers)

    return counted


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """As every refusal: JSON with a sentence, or a page that says why. Nothing was done."""
    sentence = ngettext(
        "That was too often. Try again in %(n)d second.", "That was too often. Try again in %(n)d seconds.",
        seconds,
    ) % {"n": seconds}  # fmt: skip
    answer = (
        error(REASON, sentence=sentence) if wants_json(request) else refused_page(request, REASON, sentence)
    )
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer
