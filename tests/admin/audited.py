"""Pages of the admins sent back with a change, and what the audit log then says."""

from __future__ import annotations

import json

from chatweb.models import AuditEntry, Bot

from .test_people import form_of


def entries(action: str = "") -> list[AuditEntry]:
    found = AuditEntry.objects.order_by("pk")
    return list(found.filter(action=action) if action else found)


def only(action: str) -> AuditEntry:
    [entry] = entries(action)
    return entry


def post(client, path: str, **fields: object):
    """A change page sent back with some fields changed; what the form says is wrong fails the test."""
    values = {name: value for name, value in {**form_of(client, path), **fields}.items() if value != ""}
    answer = client.post(path, values, REMOTE_ADDR="203.0.113.9")
    errors = answer.context["adminform"].form.errors if answer.status_code == 200 else {}
    assert answer.status_code == 302, errors
    return answer


def bot_page(bot: Bot) -> str:
    return f"/admin/chatweb/bot/{bot.pk}/change/"


def dump(value: object) -> str:
    return json.dumps(value)


def bot_fields(**fields: object) -> dict[str, object]:
    lists = {"suggested_questions": "[]", "shortcut_commands": "[]", "file_kinds": ["image"]}
    return {**lists, **fields}
