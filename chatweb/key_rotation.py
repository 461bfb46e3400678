"""Secrets under the newest key: everything that FIELD_ENCRYPTION_KEYS encrypts, written anew with the first.

What the first key opens already is left alone, so a run that was killed is simply started again, and a
second run finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from chatweb.models.encrypted import EncryptedTextField

BATCH = 200
# What allauth hands to our adapter for encrypting, in an authenticator's JSON (accounts/second_factor.py).
SECRETS_OF_FACTORS = ("secret", "seed", "migrated_codes")


@dataclass(slots=True)
class Counts:
    rewritten: int = 0  # by an older key before, by the first now; with a dry run: still by an older one
    current: int = 0  # by the first key already
    closed: int = 0  # no key opens it: left as it is


class Keyring:
    def __init__(self, keys: list[str]) -> None:
        self._first = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def renewed(self, secret: str, counts: Counts) -> str:
        """The same under the first key; as it was when it is that already or no key opens it."""
        try:
            self._first.decrypt(secret.encode())
        except InvalidToken:
            return self._by_older_key(secret, counts)
        counts.current += 1
        return secret

    def _by_older_key(self, secret: str, counts: Counts) -> str:
        try:
            rewritten = self._all.rotate(secret.encode()).decode()
        except InvalidToken:
            counts.closed += 1
            return secret
        counts.rewritten += 1
        return rewritten


def rotate(*, dry_run: bool = False) -> Iterator[tuple[str, Counts]]:
    """By place ("Connection.token"): what was done there. A batch is a transaction."""
    keyring = Keyring(settings.FIELD_ENCRYPTION_KEYS)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                place = f"{model.__name__}.{field.name}"
                yield place, _walk(_Column(model, field.name), keyring, dry_run=dry_run)
    yield "Authenticator.data", _walk(_Factors(), keyring, dry_run=dry_run)


class _Column:
    """An encrypted column, read and written as the ciphertext it is."""

    def __init__(self, model: type[models.Model], name: str) -> None:
        self._name = name
        self._rows = model._base_manager.exclude(**{f"{name}__exact": ""}).annotate(
            stored=Cast(name, models.TextField())
        )

    def batch(self, after: int) -> list[tuple[int, Any]]:
        rows = self._rows.select_for_update().filter(pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", "stored")[:BATCH])

    def renewed(self, stored: Any, renew: Callable[[str], str]) -> Any:
        return renew(stored)

    def write(self, pk: int, stored: Any) -> None:
        self._rows.filter(pk=pk).update(**{self._name: models.Value(stored, models.TextField())})


class _Factors:
    """Secrets of authenticator apps and recovery codes, within JSON."""

    def batch(self, after: int) -> list[tuple[int, Any]]:
        rows = Authenticator.objects.select_for_update().filter(pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", "data")[:BATCH])

    def renewed(self, stored: Any, renew: Callable[[str], str]) -> Any:
        return {
            name: self._each(value, renew) if name in SECRETS_OF_FACTORS else value
            for name, value in stored.items()
        }

    def _each(self, value: Any, renew: Callable[[str], str]) -> Any:
        return [renew(one) for one in value] if isinstance(value, list) else renew(value)

    def write(self, pk: int, stored: Any) -> None:
        Authenticator.objects.filter(pk=pk).update(data=stored)


def _walk(place: _Column | _Factors, keyring: Keyring, *, dry_run: bool) -> Counts:
    counts, after = Counts(), 0
    while True:
        with transaction.atomic():
            batch = place.batch(after)
            for pk, stored in batch:
                renewed = place.renewed(stored, lambda secret: keyring.renewed(secret, counts))
                if renewed != stored and not dry_run:
                    place.write(pk, renewed)
                after = pk
        if len(batch) < BATCH:
            return counts
