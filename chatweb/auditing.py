"""The one writer of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from accounts.models import User
from accounts.place import address_of
from chatweb.models import AuditEntry, Conversation
from chatweb.watching.scope import current


def record(
    actor: User | None,
    action: str,
    target: Model | None = None,
    *,
    subject: User | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Write down what `actor` did, in the caller's transaction: what fails is not recorded as done.

    `action` is "kind.verb" in the past ("bot.changed"). `before` and `after` hold JSON values of what changed
    and never a secret. `subject`: whose things they are. `request` gives the address it came from.
    """
    entry = write(
        actor,
        action,
        object_type=str(target._meta.model_name) if target is not None else "",
        object_id=id_of(target) if target is not None else "",
        object_name=str(target) if target is not None else "",
        subject_id=subject.pk if subject is not None else None,
        before=before,
        after=after,
        reason=reason,
        request=request,
    )
    if target is not None and (before or after):
        _instead_of_the_watched(target)
    return entry


def write(
    actor: User | None,
    action: str,
    *,
    object_type: str = "",
    object_id: str = "",
    object_name: str = "",
    subject_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
) -> AuditEntry:
    """The same about something that is known by its kind, id and name only.

    Whoever sees the site as somebody else (viewing.py) does what they do under their own name.
    """
    actor = getattr(request, "viewer", None) or actor
    return AuditEntry.objects.create(
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        action=action,
        object_type=object_type,
        object_id=object_id,
        object_name=object_name[:200],
        subject_id=subject_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
        address=address_of(request) if request is not None else None,
    )


def id_of(row: Model) -> str:
    """What an entry calls it: the id that is in addresses, or the key of a row that has none."""
    return str(getattr(row, "uuid", None) or row.pk)


def _instead_of_the_watched(target: Model) -> None:
    """An admin's writes are recorded anyway (`watching`): what is told in words stands alone."""
    if (scope := current()) is not None:
        scope.told.add((str(target._meta.model_name), id_of(target)))
        change = scope.changes.get((target._meta.label, str(target.pk)))
        if change is not None and change.entry_pk is not None:
            AuditEntry.objects.filter(pk=change.entry_pk).delete()


def forget_person(user: User) -> None:
    """Before the account's row goes: entries stay, the person's name and addresses do not.

    What they did keeps a name that nobody can read but that is the same everywhere.
    """
    nobody = f"deleted-{user.uuid.hex[:8]}"
    about = AuditEntry.objects.filter(object_type="user", object_id=str(user.uuid))
    about.update(object_name=nobody, before=None, after=None)
    AuditEntry.objects.filter(subject=user).update(object_name=nobody, before=None, after=None, reason="")
    done = AuditEntry.objects.filter(actor=user)
    done.filter(action__startswith="session.").delete()
    done.update(actor_name=nobody, address=None)


def forget_conversation(conversation: Conversation) -> None:
    """Its name was its person's words."""
    entries = AuditEntry.objects.filter(object_type="conversation", object_id=str(conversation.uuid))
    entries.update(object_name="", before=None, after=None)
