"""The page that finds what was said (M-034), and what the command palette asks for (M-035)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from chatweb import rows
from chatweb.forms import clean_text
from chatweb.search.finding import by_name, find
from chatweb.search.query import DATES, MOST_CHARS, Problem, Query, parse
from chatweb.search.results import groups_of, shown_id
from chatweb.views.answers import SignedInRequest, signed_in
from chatweb.views.pages import uuid_of


@require_GET
@signed_in
@never_cache
@ensure_csrf_cookie
def search(request: SignedInRequest) -> HttpResponse:
    typed = typed_in(request)
    query = parse(typed)
    behind = uuid_of(request.GET.get("from", ""))
    hits, has_more = find(request.user, query, behind)
    context = {
        "typed": typed,
        "is_asked": not query.is_empty,
        "groups": groups_of(hits, query.words),
        "count": len([hit for hit in hits if hit.turn is not None]),
        "is_first": behind is None,
        "next": shown_id(hits[-1]) if has_more else None,
        "problems": problems_of(query),
    }
    return render(request, "search/page.html", context)


@require_GET
@signed_in
@never_cache
def places(request: SignedInRequest) -> HttpResponse:
    """Where the palette can lead: conversations by name, without one the newest; and all bots."""
    named = rows.conversation_rows(by_name(request.user, typed_in(request)), request.user)
    return JsonResponse({"conversations": named, "bots": rows.bots_of(request.user)})


def typed_in(request: HttpRequest) -> str:
    return clean_text(request.GET.get("q", ""))[:MOST_CHARS].strip()


def problems_of(query: Query) -> list[str]:
    return [sentence_of(problem) for problem in query.problems]


def sentence_of(problem: Problem) -> str:
    named = {"typed": f"{problem.prefix}:{problem.value}"}
    if problem.prefix in DATES:
        return gettext("“%(typed)s” names no day. Write a date like 2026-11-21 or 2026-11.") % named
    return gettext("“%(typed)s” is not understood and was left out.") % named
