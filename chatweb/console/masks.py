"""What an operator reads of a conversation: redacted, and the person in it without a name."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.models import User
from chatweb.models import Conversation, CozeIdentity

from . import names
from .redaction import Redact, redactor

ORIGINAL_SECONDS = names.REVEALED_SECONDS
SESSION_KEY = "original_conversations"  # {uuid: seconds since the epoch at which it is redacted again}
MASKED = "••••"


def sees_original(request: HttpRequest, conversation: Conversation) -> bool:
    """Asked for within the hour, by somebody who may still."""
    until = request.session.get(SESSION_KEY, {}).get(str(conversation.uuid), 0)
    return until > time.time() and may_see_original(request)


def may_see_original(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.has_perm("chatweb.see_original")


def show_original(request: HttpRequest, conversation: UUID) -> None:
    """No redaction of this conversation in this session for an hour. The caller writes it down."""
    now = time.time()
    kept = {uuid: until for uuid, until in request.session.get(SESSION_KEY, {}).items() if until > now}
    request.session[SESSION_KEY] = {**kept, str(conversation): now + ORIGINAL_SECONDS}


def redact_again(request: HttpRequest, conversation: UUID) -> None:
    kept = dict(request.session.get(SESSION_KEY, {}))
    kept.pop(str(conversation), None)
    request.session[SESSION_KEY] = kept


def reader_of(request: HttpRequest, conversation: Conversation) -> Redact:
    """Every text of the conversation goes through this before an operator reads it; two queries."""
    redact = (lambda text: text) if sees_original(request, conversation) else redactor()
    if names.is_revealed(request, conversation.user):
        return redact
    person = conversation.user
    keys = CozeIdentity.objects.filter(user=person).values_list("key", flat=True)
    unnamed = unnaming(person, keys, label=names.label_of(request, person))
    return lambda text: redact(unnamed(text))


def unnaming(person: User, keys: Iterable[str], label: str) -> Redact:
    """Without the name people chose, the e-mail address and the Coze user_ids. Pure.

    The user name alone stays: it is often a word of the language, and nobody tells it to a bot.
    """
    instead = {key.casefold(): gettext("[Coze user_id]") for key in keys}
    if person.email:
        instead[person.email.casefold()] = gettext("[mail]")
    name = person.full_name.strip()
    if len(name) > 1:
        instead[name.casefold()] = label
    if not instead:
        return lambda text: text
    longest_first = sorted(instead, key=len, reverse=True)
    # Between letters of a word a name is no name; Chinese writes without spaces.
    parts = [
        rf"\b{re.escape(one)}\b"
        if one.isascii() and one[0].isalnum() and one[-1].isalnum()
        else re.escape(one)
        for one in longest_first
    ]
    found = re.compile("|".join(parts), re.IGNORECASE)
    return lambda text: found.sub(lambda match: instead.get(match[0].casefold(), MASKED), text)
