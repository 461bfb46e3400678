"""The audit log as a file: a line an entry, written while it is sent."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from chatweb.exports.streaming import download
from chatweb.models import AuditEntry
from chatweb.spreadsheet_cells import safe

from .audit_reading import Read

COLUMNS = [
    "when", "who", "action", "kind", "id", "name", "whose", "before", "after", "reason", "address", "entry",
]  # fmt: skip
LINES_A_PIECE = 500


def fields_of(entry: AuditEntry) -> dict[str, Any]:
    """Times ISO 8601 in UTC; `whose` is the user name."""
    return {
        "when": entry.created_at.isoformat(),
        "who": entry.actor_name,
        "action": entry.action,
        "kind": entry.object_type,
        "id": entry.object_id,
        "name": entry.object_name,
        "whose": entry.subject.get_username() if entry.subject else "",
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "address": entry.address,
        "entry": str(entry.uuid),
    }


def cell(value: Any) -> str:
    """A text that no spreadsheet runs as a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return safe(text)


def as_csv(entries: list[AuditEntry], is_first: bool) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    if is_first:
        page.write("\ufeff")  # or a spreadsheet takes it for another encoding
        writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in fields_of(entry).values()] for entry in entries)
    return page.getvalue()


def as_jsonl(entries: list[AuditEntry], is_first: bool) -> str:
    return "".join(json.dumps(fields_of(entry), ensure_ascii=False) + "\n" for entry in entries)


FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_jsonl, "application/jsonl")}


def pieces(entries: QuerySet[AuditEntry], kind: str, read: Read) -> Iterator[str]:
    """Newest first, a page after the other by key: no cursor is held open while the socket is slow."""
    write, _type = FORMATS[kind]
    rows = entries.select_related("subject").order_by("-created_at", "-pk")
    last: AuditEntry | None = None
    while True:
        page = rows
        if last is not None:
            page = rows.filter(created_at__lte=last.created_at).exclude(
                created_at=last.created_at, pk__gte=last.pk
            )
        found = [read(entry) for entry in page[:LINES_A_PIECE]]
        if found or last is None:
            yield write(found, last is None)
        if len(found) < LINES_A_PIECE:
            return
        last = found[-1]


def exported(entries: QuerySet[AuditEntry], kind: str, read: Read, day: str) -> Any:
    return download(pieces(entries, kind, read), f"audit log {day}.{kind}", FORMATS[kind][1])
