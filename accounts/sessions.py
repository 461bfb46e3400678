"""Ending sessions: of one person, on every device."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_sessions(user_pk: int) -> int:
    """How many there were. Sessions name their person only inside: all that are kept are read."""
    theirs = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == str(user_pk)
    ]
    return Session.objects.filter(session_key__in=theirs).delete()[0]
