"""Every write of an admin's request, caught where Django itself writes: no page can forget to record it.

Saves and many-to-many come by signals. `update`, `bulk_create` and deletions have none that would not slow
down every deletion of the site (a listener turns fast deletions into loading every row), so these three
methods of Django are wrapped; outside an admin's request the wrapper is one look at a context variable.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.deletion import Collector
from django.db.models.query import QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_save

from accounts.models import SignIn
from chatweb import auditing
from chatweb.models import AuditEntry, Passage, TurnFigures

from .scope import Change, Scope, Values, current
from .values import changed, clean, names_of, rows_of, told, values_of

MOST_ROWS = 500  # written at once that get an entry each; more get one together

Model = type[models.Model]


def watch() -> None:
    """Once, when the site starts."""
    pre_save.connect(before_save, dispatch_uid="watch_before_save")
    post_save.connect(after_save, dispatch_uid="watch_after_save")
    m2m_changed.connect(on_list, dispatch_uid="watch_lists")
    wrap(QuerySet, "update", update)
    wrap(QuerySet, "bulk_create", bulk_create)
    wrap(Collector, "delete", delete)


def wrap(owner: type, name: str, around: Callable[..., Any]) -> None:
    """Make `owner.name` go through `around(self, stock, *args)`, `stock` being the method as it was."""
    stock = getattr(owner, name)
    if hasattr(stock, "is_watched"):
        return

    @functools.wraps(stock)
    def watched(self: Any, *args: Any, **options: Any) -> Any:
        if current() is None:
            return stock(self, *args, **options)
        return around(self, functools.partial(stock, self), *args, **options)

    watched.is_watched = True  # type: ignore[attr-defined]
    setattr(owner, name, watched)


def scope_for(model: Model) -> Scope | None:
    """None where nobody watches, and for what the site writes about itself."""
    scope = current()
    silent = (AuditEntry, LogEntry, Session, SignIn, ContentType, Passage, TurnFigures)
    if scope is None or model._meta.auto_created or issubclass(model, silent):
        return None
    return scope


# --- one row ---------------------------------------------------------------------------------------


def before_save(sender: Model, instance: models.Model, raw: bool, **_signal: Any) -> None:
    if (scope := scope_for(sender)) is not None and not raw:
        row = None if instance._state.adding else rows_of(sender, [instance.pk]).get(instance.pk)
        scope.pending[id(instance)] = values_of(row) if row is not None else None


def after_save(sender: Model, instance: models.Model, raw: bool, **_signal: Any) -> None:
    if (scope := scope_for(sender)) is not None and not raw:
        before = scope.pending.pop(id(instance), None)
        for row in rows_of(sender, [instance.pk]).values():
            note(scope, row, before, values_of(row))


def on_list(sender: Model, instance: Any, action: str, reverse: bool, **_signal: Any) -> None:
    """A list of related rows: read before and after, whichever side it was changed from."""
    if (scope := scope_for(type(instance))) is None:
        return
    name = next(name for name, through in lists_of(instance, reverse) if through is sender)
    key = (id(instance), name)
    if action.startswith("pre_"):
        scope.pending[key] = names_of(getattr(instance, name).all())
    else:
        was, now = scope.pending.pop(key, []), names_of(getattr(instance, name).all())
        note(scope, instance, {name: was}, {name: now})


def lists_of(instance: models.Model, is_reverse: bool) -> list[tuple[str, Any]]:
    """Names of its many-to-many fields, or of those that point at it, with the tables between."""
    if not is_reverse:
        return [(field.name, field.remote_field.through) for field in instance._meta.many_to_many]
    rels = [rel for rel in instance._meta.related_objects if rel.many_to_many]
    return [(str(rel.get_accessor_name()), rel.through) for rel in rels]  # type: ignore[attr-defined]


# --- many rows -------------------------------------------------------------------------------------


def update(self: QuerySet[Any], stock: Any, **values: Any) -> int:
    scope = scope_for(self.model)
    if scope is None or self.query.is_sliced:
        return stock(**values)
    pks = list(self.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(pks) > MOST_ROWS:
        count = stock(**values)
        note_many(scope, self.model, "changed", count, sorted(values))
        return count
    before = {pk: values_of(row) for pk, row in rows_of(self.model, pks).items()}
    count = stock(**values)
    for pk, row in rows_of(self.model, before).items():
        note(scope, row, before[pk], values_of(row))
    return count


def bulk_create(self: QuerySet[Any], stock: Any, objs: Any, *args: Any, **options: Any) -> Any:
    made = stock(objs, *args, **options)
    if (scope := scope_for(self.model)) is not None:
        if len(made) > MOST_ROWS:
            note_many(scope, self.model, "added", len(made), [])
        else:
            for row in rows_of(self.model, [one.pk for one in made if one.pk is not None]).values():
                note(scope, row, None, values_of(row))
    return made


def delete(self: Collector, stock: Any) -> Any:
    """What was asked to be deleted gets an entry; what goes with it is counted in it."""
    origin: Any = self.origin
    one = isinstance(origin, models.Model)
    model: Any = type(origin) if one else getattr(origin, "model", None)
    scope = scope_for(model) if model is not None else None
    if scope is None:
        return stock()
    pks = [origin.pk] if one else list(origin.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
    is_each = len(pks) <= MOST_ROWS
    rows = [(row, values_of(row), str(row)) for row in rows_of(model, pks).values()] if is_each else []
    total, counts = stock()
    if not is_each:
        note_many(scope, model, "deleted", counts.get(model._meta.label, 0), [])
    also = {label: count for label, count in counts.items() if label != model._meta.label and count}
    for row, values, name in rows:
        gone = {**values, "also_deleted": also} if also and len(rows) == 1 else values
        note(scope, row, gone, None, name)
    return total, counts


# --- the entry -------------------------------------------------------------------------------------


def note(
    scope: Scope, row: models.Model, before: Values | None, after: Values | None, name: str | None = None
) -> None:
    """One entry a row and request, in the transaction of its write; a further write brings it up to date."""
    key = (row._meta.label, str(row.pk))
    change = scope.changes.setdefault(key, Change(before and dict(before), None))
    if change.before is not None and before is not None:
        change.before = {**before, **change.before}
    change.after = None if after is None else {**(change.after or {}), **after}
    kind, object_id = str(row._meta.model_name), auditing.id_of(row)
    mine = AuditEntry.objects.filter(pk=change.entry_pk or 0)
    if (kind, object_id) in scope.told or not changed(change.before, change.after):
        mine.delete()
        return
    verb = "added" if change.before is None else "deleted" if change.after is None else "changed"
    was, now = told(type(row), change.before, change.after)
    values: Any = {"action": f"{kind}.{verb}", "before": was or None, "after": now or None}
    if not mine.update(**values):
        entry = auditing.write(
            scope.actor, object_type=kind, object_id=object_id, object_name=clean(name or str(row)),
            subject_id=whose(row) if after is not None or not is_person(row) else None,
            request=scope.request, **values,
        )  # fmt: skip
        change.entry_pk = entry.pk


def note_many(scope: Scope, model: Model, verb: str, count: int, fields: list[str]) -> None:
    kind = str(model._meta.model_name)
    auditing.write(
        scope.actor, f"{kind}.{verb}", object_type=kind, object_name=f"{count} × {model._meta.verbose_name}",
        after={"rows": count, **({"fields": fields} if fields else {})}, request=scope.request,
    )  # fmt: skip


def is_person(row: models.Model) -> bool:
    return row._meta.label == "accounts.User"


def whose(row: models.Model) -> int | None:
    """The pk of the person whose thing it is."""
    return row.pk if is_person(row) else getattr(row, "user_id", None)
