"""Who gets into the console. Every page of it stands behind `operator`."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from chatweb.views.answers import SignedInRequest, View, error, signed_in, wants_json


def operator(view: View) -> View:
    """Signed in and an operator; anybody else is told so (403), whatever they ask for."""

    @wraps(view)
    @signed_in
    @never_cache
    @ensure_csrf_cookie
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_operator:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return error("not_operator", 403)
        raise PermissionDenied

    return guarded
