"""People an operator types by name or address: found, written down, and from there on a code."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Length

from accounts.models import User
from chatweb.auditing import record
from chatweb.console.names import code_of
from chatweb.views.answers import SignedInRequest

from .form import MOST_CODES

NOBODY = "00000000"  # a code that nobody has: the log is empty and says so


def codes_for(request: SignedInRequest, typed: str) -> str:
    """Codes of those who go by that name, user name or e-mail; that they were asked for is recorded."""
    whole = Q(username__iexact=typed) | Q(email__iexact=typed) | Q(full_name__iexact=typed)
    found = list(User.objects.filter(whole)[: MOST_CODES + 1])
    if not found:
        part = Q(username__icontains=typed) | Q(email__icontains=typed) | Q(full_name__icontains=typed)
        found = list(User.objects.filter(part).order_by(Length("username"), "username")[:MOST_CODES])
    codes = [code_of(person.uuid) for person in found]
    record(
        request.user,
        "person.searched",
        found[0] if len(found) == 1 else None,
        subject=found[0] if len(found) == 1 else None,
        after={"typed": typed, "people": codes},
        request=request,
    )
    return ",".join(codes) or NOBODY
