"""The page of everything that waits for its reader, over all bots (M-064)."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from chatweb import rows
from chatweb.views.answers import SignedInRequest, signed_in, wants_json
from chatweb.views.pages import context_of


@require_GET
@signed_in
@never_cache
@ensure_csrf_cookie
def tasks(request: SignedInRequest) -> HttpResponse:
    listed = rows.tasks(request.user)
    if wants_json(request):
        return JsonResponse({"tasks": listed})
    context = context_of(request.user)
    page_state = {**context["page_state"], "tasks": listed}
    return render(request, "chat/tasks.html", {**context, "page_state": page_state, "tasks": listed})
