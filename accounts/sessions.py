"""Where people are signed in: a row for each session that says whose it is, since when and from where."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .models import SignIn, User
from .place import address_of
from .signals import sessions_ended

NOTED_EVERY = timedelta(minutes=1)


def began(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Listens to `user_logged_in`: every way of signing in sends it, also the one of the tests."""
    if request is not None and hasattr(request, "session"):
        if not request.session.session_key:
            request.session.save()
        note_use(request, user)


def note_use(request: HttpRequest, user: User) -> None:
    """Remember when and from where the session was used last; once a minute, so reading writes little."""
    key = request.session.session_key
    if not key or not cache.add(f"session-noted:{key}", 1, NOTED_EVERY.total_seconds()):
        return
    now = {
        "last_used_at": timezone.now(),
        "address": address_of(request),
        "agent": request.META.get("HTTP_USER_AGENT", "")[: SignIn.MAX_AGENT_CHARS],
    }
    if SignIn.objects.filter(session_id=key, user=user).update(**now):
        return
    # The session may end in this very moment: then there is nothing to note.
    with suppress(IntegrityError), transaction.atomic():
        SignIn.objects.update_or_create(session_id=key, defaults={"user": user, **now})


def forget_use(session_key: str) -> None:
    """The next request of the session is noted, however soon it comes."""
    cache.delete(f"session-noted:{session_key}")


def sign_ins_of(user: User) -> QuerySet[SignIn]:
    """Those that still hold, the one used last first."""
    return user.sign_ins.filter(session__expire_date__gt=timezone.now()).order_by("-last_used_at", "-pk")


def end(sign_ins: QuerySet[SignIn]) -> int:
    """Sign them out; how many there were."""
    return _delete(list(sign_ins.values_list("session_id", flat=True)))


def end_sessions(user_pk: int, but: str = "") -> int:
    """Sign a person out everywhere but in the session with the key `but`; how many there were."""
    known = set(SignIn.objects.filter(user_id=user_pk).values_list("session_id", flat=True))
    return _delete(sorted(known - {but}))


def _delete(keys: list[str]) -> int:
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        transaction.on_commit(lambda: sessions_ended.send(sender=SignIn, session_keys=keys))
    return len(keys)


def end_others(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Listens to changed passwords: whoever knew the old one is out, not only with the next request."""
    here = request.session.session_key if request.user == user else None
    end_sessions(user.pk, but=here or "")
