"""Signed links to remote pictures: for one person, for a day. The site fetches only what it signed itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

from django.core import signing
from django.urls import reverse

STEP_SECONDS = 6 * 3600
VALID_SECONDS = 24 * 3600
# What may stand behind an address: it must not be the beginning of a longer one, at another host perhaps.
END = r"(?=[\s)>\"'\]}|<*`]|$)"


class _SteadySigner(signing.TimestampSigner):
    """The same link for some hours, so that browsers keep the picture."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) // STEP_SECONDS * STEP_SECONDS)


_signer = _SteadySigner(salt="chatweb.pictures")


def link_to(user_pk: int, url: str) -> str:
    """The path of a remote picture at this site, for that person; "" for no picture."""
    return reverse("picture", args=[_signer.sign_object([user_pk, url])]) if url else ""


def url_in(token: str, user_pk: int) -> str | None:
    """The address that was signed; None when the token is no token, too old, or another person's."""
    try:
        owner, url = _signer.unsign_object(token, max_age=VALID_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return url if owner == user_pk else None


def named_in(text: str, addresses: Iterable[str]) -> list[str]:
    """The addresses that stand in a text, however Markdown or JSON wrote them: escaped, encoded."""
    plain = _plain(text)
    webs = [one for one in addresses if one.lower().startswith(("https://", "http://"))]
    return [one for one in webs if re.search(re.escape(_plain(one)) + END, plain)]


def _plain(text: str) -> str:
    return unquote(unescape(text).replace("\\", ""))
