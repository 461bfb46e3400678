"""Secrets in forms and lists: written, never shown again."""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHOWN_CHARACTERS = 4
LONG_ENOUGH_TO_SHOW_ENDS = 16


def masked(secret: str) -> str:
    """`pat_…3f2a`: enough to tell two tokens apart, too little to use. Short secrets show nothing."""
    if not secret:
        return ""
    if len(secret) < LONG_ENOUGH_TO_SHOW_ENDS:
        return "…"
    return f"{secret[:SHOWN_CHARACTERS]}…{secret[-SHOWN_CHARACTERS:]}"


class SecretLine(forms.PasswordInput):
    """One line that never renders a value and that no browser should fill in."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password", "spellcheck": "false", "class": "vTextField"})


class SecretText(forms.Textarea):
    """Several lines that never render a value, not even the one just sent."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", "rows": 6, "class": "secret"})

    def format_value(self, value: Any) -> str:
        return ""


def rsa_private_key(text: str) -> str:
    """A PEM as it should be stored. Raise ValidationError unless it is an RSA private key without password.

    Keys copied out of JSON carry `\\n` in place of line ends; that is put right.
    """
    pem = text.replace("\\n", "\n").replace("\r\n", "\n").strip() + "\n"
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except TypeError as error:
        raise ValidationError(_("This key is locked with a password. Give one without.")) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValidationError(_("This is not a private key in PEM form.")) from error
    if not isinstance(key, RSAPrivateKey):
        raise ValidationError(_("Coze signs with RSA. This key is of another kind."))
    return pem
