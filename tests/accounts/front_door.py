"""Signing in and up as a browser does it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

PASSWORD = "correct horse battery"


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    """`extra`: next, remember, or anything the WSGI environment takes (REMOTE_ADDR, HTTP_X_FORWARDED_FOR)."""
    fields = {name: extra.pop(name) for name in ("next", "remember") if name in extra}
    return client.post("/accounts/login/", {"login": login, "password": password, **fields}, **extra)


def sign_up(client: Client, username: str, email: str, password: str = PASSWORD) -> HttpResponse:
    fields = {"username": username, "email": email, "password1": password, "password2": password}
    return client.post("/accounts/signup/", fields)


def is_signed_in(client: Client) -> bool:
    """Whether the server shows this browser its own settings."""
    return client.get("/settings/").status_code == 200
