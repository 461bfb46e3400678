"""How a command answers: JSON to a script, 303 to a page without one; one shape for every error."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.models import User
from chatweb.sentences import SENTENCES
from chatweb.turns.commands import Refused

T = TypeVar("T")
View = Callable[..., HttpResponseBase]
MAX_BODY_BYTES = 2_000_000
STATUS = {
    "signed_out": 401,
    "no_grant": 403,
    "only_looking": 403,
    "not_while_viewing": 403,
    "not_found": 404,
    "not_queued": 409,
    "not_last": 409,
    "not_waiting": 409,
    "not_over": 409,
    "not_yours": 409,
    "expired": 409,
    "file_expired": 409,
    "no_copy": 409,
    "last_admin": 409,
    "too_large": 413,
    "quota_reached": 429,
    "too_often": 429,
}


class SignedInRequest(HttpRequest):
    """What a view sees behind `signed_in`."""

    user: User


class SeeOther(HttpResponseRedirect):
    status_code = 303


def wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def error(reason: str, status: int | None = None, *, sentence: str = "", **extra: object) -> JsonResponse:
    told = SENTENCES.get(reason, SENTENCES["malformed"])
    body = {"reason": reason, "sentence": sentence or str(told.sentence), "advice": str(told.advice), **extra}
    return JsonResponse({"error": body}, status=status or STATUS.get(reason, 400))


def refused_page(request: HttpRequest, reason: str, sentence: str = "") -> HttpResponse:
    """The same for a browser without scripts; going back brings what was typed."""
    told = SENTENCES.get(reason, SENTENCES["malformed"])
    context = {"sentence": sentence or told.sentence, "advice": told.advice}
    return render(request, "refused.html", context, status=STATUS.get(reason, 400))


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The fields of a command, from JSON or a form. Raises Refused("malformed")."""
    try:
        if request.content_type != "application/json":
            return request.POST.dict()
        content = request.body
    except RequestDataTooBig as bad:
        raise Refused("too_large") from bad
    if len(content) > MAX_BODY_BYTES:
        raise Refused("too_large")
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as bad:
        raise Refused("malformed") from bad
    if not isinstance(body, dict):
        raise Refused("malformed")
    return body


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The form's clean values. Raises Refused with the first error's reason."""
    if form.is_valid():
        return form.cleaned_data
    reasons = [str(message) for messages in form.errors.values() for message in messages]
    known = [reason for reason in reasons if reason in SENTENCES]
    raise Refused(known[0] if known else "malformed")


def found_or_404(found: Sequence[T]) -> T:
    """The one row that was looked for."""
    if not found:
        raise Http404
    return found[0]


def signed_in(view: View) -> View:
    """A script gets 401 and keeps what was typed; a page is sent to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return error("signed_out")
        return redirect_to_login(request.get_full_path())

    return guarded


def command(view: View) -> View:
    """A POST by a signed-in person; refusals become the one error shape, or a page that says why."""

    @wraps(view)
    @require_POST
    @signed_in
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if wants_json(request):
                return error(refused.reason, sentence=refused.sentence)
            return refused_page(request, refused.reason, refused.sentence)
        except Http404:
            if wants_json(request):
                return error("not_found")
            raise

    return guarded


def done(request: HttpRequest, body: dict[str, Any], page: str, status: int = 200) -> HttpResponse:
    """JSON for a script, the page itself for a browser without one."""
    return JsonResponse(body, status=status) if wants_json(request) else SeeOther(page)
