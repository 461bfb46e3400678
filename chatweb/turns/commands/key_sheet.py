"""Many keys at once, from a spreadsheet: first what each line would do, then all of it or nothing (M-090)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext

from accounts.models import User
from chatweb.identity_sheet import Line
from chatweb.models import Connection, CozeIdentity, DeletionCall
from chatweb.models.bots import is_identity_key

from .identities import Note, changed_meanwhile, set_key

BATCH = 500
NOTHING, CREATE, CHANGE, RETURN, ERROR = "nothing", "create", "change", "return", "error"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a line would do. `error`: why it cannot be done, in words."""

    line: Line
    does: str
    before: str = ""
    error: str = ""
    user: User | None = None
    connection: Connection | None = None
    current: CozeIdentity | None = None


def plan_keys(lines: Sequence[Line]) -> list[Planned]:
    """In the order of the lines; a handful of queries for every five hundred of them."""
    planner = _Planner(lines)
    return [planner.plan(line) for line in lines]


def digest_of(plan: Iterable[Planned]) -> str:
    """The same for plans that do the same: what was confirmed must be what is done."""
    told = "\n".join(f"{one.line} {one.does} {one.before}" for one in plan)
    return hashlib.sha256(told.encode()).hexdigest()


def set_keys(lines: Sequence[Line], digest: str, note: Note) -> int:
    """Do what was confirmed, in one transaction; how many keys changed.

    Raises Refused("changed_meanwhile") when the lines would do something else by now, and does nothing then.
    """
    with transaction.atomic():
        plan = plan_keys(lines)
        if digest_of(plan) != digest or any(one.does == ERROR for one in plan):
            raise changed_meanwhile()
        changes = [one for one in plan if one.does != NOTHING]
        for one in changes:
            assert one.user is not None and one.connection is not None
            set_key(one.user, one.connection, one.current, one.line.key, note)
    return len(changes)


class _Planner:
    """Everything the lines name, read at once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.connections = {one.name: one for one in Connection.objects.all()}
        self.users: dict[str, list[User]] = {}
        for names in _batches({line.user.lower() for line in lines}):
            for field in ("username", "email"):
                found: Any = User.objects.annotate(named=Lower(field)).filter(named__in=names)
                for user in found:
                    self._add(user.named, user)
        self.current: dict[tuple[int, int], CozeIdentity] = {}
        for pks in _batches({user.pk for users in self.users.values() for user in users}):
            for one in CozeIdentity.objects.filter(user__in=pks, is_current=True):
                self.current[one.user_id, one.connection_id] = one
        self.held: dict[str, tuple[int, int]] = {}
        self.gone: set[str] = set()
        for keys in _batches({line.key for line in lines}):
            for one in CozeIdentity.objects.filter(key__in=keys):
                self.held[one.key] = (one.user_id, one.connection_id)
            self.gone |= set(
                DeletionCall.objects.filter(identity_key__in=keys).values_list("identity_key", flat=True)
            )
        self.keys_seen: dict[str, int] = {}
        self.people_seen: dict[tuple[int, int], int] = {}

    def _add(self, name: str, user: User) -> None:
        known = self.users.setdefault(name, [])
        if user not in known:
            known.append(user)

    def plan(self, line: Line) -> Planned:
        users = self.users.get(line.user.lower(), []) if line.user else []
        connection = self.connections.get(line.connection)
        if error := self._unknown(line, users, connection):
            return Planned(line, ERROR, error=error)
        [user] = users
        assert connection is not None
        place = (user.pk, connection.pk)
        current = self.current.get(place)
        before = current.key if current else ""
        if error := self._collision(line, place):
            return Planned(line, ERROR, before, error)
        if before == line.key:
            does = NOTHING
        elif line.key in self.held:
            does = RETURN
        else:
            does = CHANGE if current else CREATE
        return Planned(line, does, before, "", user, connection, current)

    def _unknown(self, line: Line, users: list[User], connection: Connection | None) -> str:
        if not users:
            return gettext("Nobody has this user name or address.")
        if len(users) > 1:
            return gettext("Several people have this address: give the user name.")
        if connection is None:
            return gettext("There is no connection with this name.")
        try:
            is_identity_key(line.key)
        except ValidationError as bad:
            return str(bad.messages[0])
        return ""

    def _collision(self, line: Line, place: tuple[int, int]) -> str:
        first = self.keys_seen.setdefault(line.key, line.number)
        if first != line.number:
            return gettext("Line %(n)d has the same key.") % {"n": first}
        first = self.people_seen.setdefault(place, line.number)
        if first != line.number:
            return gettext("Line %(n)d is about the same person and connection.") % {"n": first}
        if line.key in self.gone or self.held.get(line.key, place) != place:
            return gettext("That key belongs to somebody, or did: a key is nobody else's ever.")
        return ""


def _batches(things: set[Any]) -> Iterable[list[Any]]:
    found = list(things)
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))
