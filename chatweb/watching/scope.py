"""Which admin's request is being answered: everything written meanwhile is a change of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User

Values = dict[str, Any]


@dataclass(slots=True)
class Change:
    """What one request did to one row, so far. None: the row was not, or is no more."""

    before: Values | None
    after: Values | None
    entry_pk: int | None = None


@dataclass(slots=True)
class Scope:
    actor: User
    request: HttpRequest | None = None
    changes: dict[tuple[str, str], Change] = field(default_factory=dict)  # by model label and pk
    # What a row was, between the two signals of a write.
    pending: dict[Any, Any] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)  # kind and id of what the code itself recorded


# One a request, in whatever thread answers it. The loop's and the writer's tasks begin in an empty context.
SCOPE: ContextVar[Scope | None] = ContextVar("admin_scope", default=None)


def current() -> Scope | None:
    return SCOPE.get()


@contextmanager
def writes_of(actor: User, request: HttpRequest | None = None) -> Iterator[Scope]:
    """Record what is written in this block as `actor`'s doing."""
    scope = Scope(actor, request)
    token = SCOPE.set(scope)
    try:
        yield scope
    finally:
        SCOPE.reset(token)


class AdminChangesMiddleware:
    """After AuthenticationMiddleware. By the path, so that no page of the admin can be left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_admin = request.path_info.startswith(reverse("admin:index"))
        if not is_admin or not request.user.is_authenticated:
            return self.get_response(request)
        with writes_of(request.user, request):
            return self.get_response(request)
