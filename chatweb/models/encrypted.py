"""A text column that is ciphertext at rest. Keys rotate: the first encrypts, all of them decrypt."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: secrets cannot be stored or read.")
    return MultiFernet([Fernet(key) for key in keys])


class Undecipherable(ValueError):
    """No key in FIELD_ENCRYPTION_KEYS opens this secret."""


def encrypt(plain: str) -> str:
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(plain.encode()).decode()


def decrypt(secret: str) -> str:
    """Raise Undecipherable when no key fits."""
    try:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(secret.encode()).decode()
    except InvalidToken as error:
        raise Undecipherable("no key in FIELD_ENCRYPTION_KEYS opens this secret") from error


class EncryptedTextField(models.TextField):
    """Plain text in Python, Fernet in the database. Cannot be searched, on purpose."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value) if value else ""
