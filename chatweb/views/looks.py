"""“Who looked”: people see when operators opened their conversations, where the site says so (M-098)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chatweb.models import Look
from chatweb.views.answers import SignedInRequest, signed_in
from chatweb.views.pages import uuid_of

PAGE_OF_LOOKS = 30


@require_GET
@signed_in
@never_cache
def looks(request: SignedInRequest) -> HttpResponse:
    if not settings.LOOKS_SHOWN_TO_USERS:
        raise Http404
    found = Look.objects.shown_to(request.user)
    behind = uuid_of(request.GET.get("before", ""))
    last = Look.objects.filter(person=request.user, uuid=behind).first() if behind else None
    if last is not None:
        found = found.earlier_than(last)
    page = list(found[: PAGE_OF_LOOKS + 1])
    context = {
        "looks": page[:PAGE_OF_LOOKS],
        "next": page[PAGE_OF_LOOKS - 1].uuid if len(page) > PAGE_OF_LOOKS else None,
        "names_operators": settings.LOOKS_NAME_OPERATORS,
    }
    return render(request, "looks/page.html", context)
