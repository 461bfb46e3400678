"""A row as plain values, and what of it may be written into a log: no secret, nothing endless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import translation

from chatweb.models.encrypted import EncryptedTextField, Undecipherable

from .scope import Values

LONGEST_TEXT = 800  # characters of a value that are kept
AROUND = 60  # of what two long texts share, on either side of where they differ
MOST_NAMES = 300  # rows of a list that are named

SECRET_NAME = re.compile(
    r"passw|passphrase|secret|session_?key|private_?key|credential|recovery|(^|_)(api|access)_?key|(^|_)(token|seed|totp)$",
    re.I,
)
# What a secret looks like wherever somebody put it.
SECRET_TEXT = re.compile(
    r"-----BEGIN[^-]*PRIVATE KEY-----.*?(-----END[^-]*-----|\Z)|\b(pat|sat|cztei|czp)_[A-Za-z0-9]{8,}", re.S
)
MASK = "•••"
# Of a person's second factor everything is a secret, whatever it is called.
SECRET_FIELDS = {("authenticator", "data")}
# Moved by the site itself beside whatever else changes.
BOOKKEEPING = {"version", "changed_at", "last_login", "uuid"}


def is_secret(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, EncryptedTextField) or (field.model._meta.model_name, field.name) in SECRET_FIELDS:
        return True
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField | models.BinaryField)
    return is_text and SECRET_NAME.search(field.name) is not None


def logged_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in BOOKKEEPING
        and not getattr(field, "auto_now", False)
        and not getattr(field, "auto_now_add", False)
    ]


def rows_of(model: type[models.Model], pks: Iterable[Any]) -> dict[Any, models.Model]:
    """As the database has them. Encrypted columns are read one by one: a lost key must not hide the rest."""
    found = model._base_manager.filter(pk__in=list(pks))
    hidden = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    return {row.pk: row for row in (found.defer(*hidden) if hidden else found)}


def values_of(row: models.Model) -> Values:
    """For comparing, inside one request; secrets are still in it."""
    values: Values = {}
    for field in logged_fields(type(row)):
        try:
            value = getattr(row, field.attname)
        except Undecipherable:
            value = Undecipherable
        values[field.name] = value.name if isinstance(field, models.FileField) else value
    return values


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def changed(before: Values | None, after: Values | None) -> list[str]:
    """Names of what differs; of a row that came or went, what is not empty."""
    if before is None or after is None:
        return [name for name, value in (before or after or {}).items() if not is_empty(value)]
    names = dict.fromkeys([*before, *after])
    return [name for name in names if before.get(name) != after.get(name)]


def told(model: type[models.Model], before: Values | None, after: Values | None) -> tuple[Values, Values]:
    """What of a change goes into the log, as JSON values: {field: value} before and after."""
    fields = {field.name: field for field in logged_fields(model)}
    was: Values = {}
    now: Values = {}
    for name in changed(before, after):
        old, new = (before or {}).get(name), (after or {}).get(name)
        field = fields.get(name)
        if field is not None and is_secret(field):
            now[name] = {"secret": secret_change(old, new)}
            continue
        old, new = (spoken(field, one) if field is not None else one for one in (old, new))
        old, new = shortened(old, new)
        if before is not None:
            was[name] = old
        if after is not None:
            now[name] = new
    return was, now


def secret_change(old: Any, new: Any) -> str:
    if is_empty(old):
        return "set"
    return "removed" if is_empty(new) else "changed"


def spoken(field: models.Field[Any, Any], value: Any) -> Any:
    """A JSON value; related rows and choices as {"id", "name"}, in English whatever the admin reads."""
    if value is None:
        return None
    with translation.override("en"):
        if field.is_relation:
            return {"id": str(value), "name": name_of(field.related_model, value)}
        if field.choices and (label := dict(field.flatchoices).get(value)) is not None:
            return {"id": value, "name": str(label)}
    return masked(json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str)))


def name_of(model: Any, pk: Any) -> str:
    row = rows_of(model, [pk]).get(pk)
    return clean(str(row))[:200] if row is not None else ""


def names_of(rows: models.QuerySet[Any]) -> list[Any]:
    """A many-to-many as a list of {"id", "name"}."""
    with translation.override("en"):
        if rows.model._meta.label == "auth.Permission":
            rows = rows.select_related("content_type")
        found = [{"id": str(row.pk), "name": clean(str(row))[:200]} for row in rows[: MOST_NAMES + 1]]
    return sorted(found, key=lambda one: one["name"])


def clean(text: str) -> str:
    return SECRET_TEXT.sub(MASK, text)


def masked(value: Any, name: str = "") -> Any:
    """JSON without what bears a secret's name or looks like one, however deep."""
    if name and SECRET_NAME.search(name) and not isinstance(value, bool | int | float | None):
        return MASK if value else value
    if isinstance(value, dict):
        return {key: masked(one, str(key)) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one) for one in value]
    return clean(value) if isinstance(value, str) else value


def shortened(old: Any, new: Any) -> tuple[Any, Any]:
    """Long texts cut in the middle; of two long ones, what they share is cut first.

    >>> old, new = shortened("a" * 5000 + "x", "a" * 5000 + "y")
    >>> len(old) < 900, old[-1], new[-1]
    (True, 'x', 'y')
    """
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > LONGEST_TEXT:
        old, new = without_shared(old, new)
    return cut(old), cut(new)


def without_shared(old: str, new: str) -> tuple[str, str]:
    """Two texts from a little before where they begin to differ to a little behind where they end to."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    start, end = max(0, head - AROUND), max(0, tail - AROUND)
    front, back = "…" if start else "", "…" if end else ""
    return tuple(front + text[start : len(text) - end] + back for text in (old, new))  # type: ignore[return-value]


def cut(value: Any) -> Any:
    """A text, or JSON that is too long and becomes one."""
    if not isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict | list) else ""
        if len(text) <= 8 * LONGEST_TEXT:
            return value
        value = text
    if len(value) <= LONGEST_TEXT + 2 * AROUND:
        return value
    half = LONGEST_TEXT // 2
    return f"{value[:half]} … [{len(value) - 2 * half}] … {value[-half:]}"
