"""Somebody who leaves the site: made by a shell, signed in, and looked for in every table afterwards."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.database import open_database
from tests.process import Site
from tests.visitor import Visitor

POLL_SECONDS = 0.05
PASSWORD = "a long passphrase"


def new_person(site: Site, name: str) -> Visitor:
    """Signed in; may use every bot."""
    site.shell(
        "from accounts.models import User\nfrom django.contrib.auth.models import Group\n"
        f"user = User.objects.create_user({name!r}, '{name}@example.com', {PASSWORD!r})\n"
        "user.groups.set(Group.objects.all())",
    )
    return Visitor(site.url, name, PASSWORD)


def post_form(visitor: Visitor, path: str, **fields: str) -> httpx.Response:
    """As a browser without scripts does; redirects are not followed."""
    data = {**fields, "csrfmiddlewaretoken": visitor.http.cookies["csrftoken"]}
    return visitor.http.post(path, data=data, headers={"Accept": "text/html"})


def leave(visitor: Visitor) -> str:
    """Delete the account; the path of the receipt."""
    answer = post_form(visitor, "/settings/my-data/delete/", password=PASSWORD)
    assert answer.status_code == 303, answer.text[-2000:]
    return answer.headers["location"]


def finished(url: str, path: str, seconds: float = 30) -> dict[str, Any]:
    """The receipt, once nothing of it is pending."""
    deadline = time.monotonic() + seconds
    while True:
        receipt = httpx.get(f"{url}{path}?format=json", trust_env=False, timeout=30).raise_for_status().json()
        is_pending = any(call["outcome"] == "pending" for call in receipt["calls"])
        if receipt["carried_out_at"] and not is_pending:
            return dict(receipt)
        assert time.monotonic() < deadline, f"not within {seconds} s: {receipt}"
        time.sleep(POLL_SECONDS)


def tables_with(site: Site, *marks: str) -> dict[str, list[str]]:
    """Tables of the site's database in which one of the words is found anywhere, and which."""
    found: dict[str, list[str]] = {}
    with open_database(site) as database:
        for name in database.tables():
            text = repr(database.rows(f'SELECT * FROM "{name}"'))
            if seen := [mark for mark in marks if mark in text]:
                found[name] = seen
    return found
