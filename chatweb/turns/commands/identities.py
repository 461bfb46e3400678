"""Who somebody is at Coze: a key an admin chose, or a new random one (M-090).

A key is never changed in place: conversations upstream belong to the key they began under. Another key is
another identity, which is the current one from then on; the old one stays with its conversations, and turns
that run go on under it.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from chatweb.models import Connection, CozeIdentity, DeletionCall
from chatweb.models.bots import new_identity_key

from .refusals import Refused


class Note(Protocol):
    """`auditing.record`, knowing already who does it, from where and why."""

    def __call__(self, action: str, target: Any, /, **what: Any) -> Any: ...


def set_key(
    user: User, connection: Connection, seen: CozeIdentity | None, key: str, note: Note
) -> CozeIdentity:
    """What the person's new conversations at the connection begin under from now on.

    `seen`: the identity that was current when the admin decided, None for none. A key the person had before
    becomes the current one again. Raises Refused: "key_taken", "changed_meanwhile".
    """
    if is_taken(key, user, connection):
        raise key_taken()
    return _succeed(user, connection, seen, key, "identity.key_set", note)


def rotate(identity: CozeIdentity, note: Note) -> CozeIdentity:
    """A new random key for what comes. Raises Refused("changed_meanwhile") if it is current no longer."""
    key = new_identity_key()
    return _succeed(identity.user, identity.connection, identity, key, "identity.rotated", note)


def is_taken(key: str, user: User, connection: Connection) -> bool:
    """Whether anybody else has or had it, also somebody whose account is being taken apart upstream."""
    held = CozeIdentity.objects.filter(key=key).first()
    if held is not None:
        return (held.user_id, held.connection_id) != (user.pk, connection.pk)
    return DeletionCall.objects.filter(identity_key=key).exists()


def key_taken() -> Refused:
    return Refused("key_taken", gettext("That key belongs to somebody, or did: a key is nobody else's ever."))


def changed_meanwhile() -> Refused:
    return Refused("changed_meanwhile", gettext("Somebody changed this meanwhile. Look again."))


def _succeed(
    user: User, connection: Connection, seen: CozeIdentity | None, key: str, action: str, note: Note
) -> CozeIdentity:
    theirs = CozeIdentity.objects.filter(user=user, connection=connection)
    current = theirs.filter(is_current=True)
    try:
        with transaction.atomic():
            if not (current.filter(pk=seen.pk).update(is_current=False) if seen else not current.exists()):
                raise changed_meanwhile()
            if not theirs.filter(key=key, is_current=False).update(is_current=True):
                CozeIdentity.objects.create(user=user, connection=connection, key=key)
            fresh = theirs.get(key=key)
            after = {"key": key, "connection": connection.name}
            note(action, fresh, subject=user, before={"key": seen.key} if seen else None, after=after)
    except IntegrityError as bad:
        is_held = CozeIdentity.objects.filter(key=key).exists()
        raise (key_taken() if is_held else changed_meanwhile()) from bad
    return fresh
