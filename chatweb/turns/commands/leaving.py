"""An account is to be deleted: closed at once, and taken apart by the supervisor (turns/deletions.py)."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from accounts.models import User
from chatweb.models import Deletion, Turn
from chatweb.turns.crossing import end_user
from chatweb.turns.states import LIVE, TurnState

from .refusals import Refused
from .stopping import stop
from .waking import wake


def is_last_admin(user: User) -> bool:
    """Whether nobody would be left to look after the site."""
    others = User.objects.filter(is_superuser=True, is_active=True, is_approved=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def delete_account(user: User) -> Deletion:
    """Nobody signs in to it from now on, what streams is stopped, every socket closes. The same again gives
    the same receipt. Raises Refused("last_admin")."""
    if is_last_admin(user):
        raise Refused("last_admin")
    with transaction.atomic():
        deletion, _is_new = Deletion.objects.get_or_create(user=user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        turns = Turn.objects.filter(conversation__user=user)
        turns.filter(state=TurnState.QUEUED).update(is_held=True)
        for turn in turns.filter(state__in=LIVE).select_related("conversation__bot"):
            with suppress(Refused):  # it ended meanwhile
                stop(turn, {})
        transaction.on_commit(lambda: end_user(user.pk))
    wake()
    return deletion
