"""All annotations as JSONL, a line each, written while it is sent.

No name and no personal data is in it, whatever the operator may see on the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from chatweb.auditing import record
from chatweb.console.access import operator
from chatweb.console.exporting.talks import masked
from chatweb.console.log.readers import readers_for
from chatweb.console.redaction import Redact
from chatweb.exports.streaming import download
from chatweb.models import Annotation
from chatweb.views.answers import SignedInRequest

from .telling import annotation_object, told_with

BATCH = 500


@require_POST
@operator
def export(request: SignedInRequest) -> StreamingHttpResponse:
    count = Annotation.objects.count()
    record(request.user, "annotations.exported", after={"count": count}, request=request)
    name = f"annotations-{timezone.localdate().isoformat()}.jsonl"
    return download(lines(request.user), name, "application/x-ndjson; charset=utf-8")


def lines(reader: User) -> Iterator[str]:
    """In the order they were made, some hundred at a time: constant memory however many there are."""
    behind = 0
    while page := list(exported(Annotation.objects.filter(pk__gt=behind).order_by("pk"))[:BATCH]):
        behind = page[-1].pk
        reads = readers_for([person_of(one) for one in page], masked)
        written = (line_of(one, reader, reads[person_of(one).pk]) for one in page)
        yield "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in written)


def exported(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    return told_with(annotations).select_related("message__conversation__user", "author")


def person_of(one: Annotation) -> User:
    return one.message.conversation.user


def line_of(one: Annotation, reader: User, read: Redact) -> dict[str, object]:
    """Operators' own words too: what they quote in a note is their person's."""
    shown = read(one.message.text)
    told = annotation_object(one, reader, shown, read)
    del told["is_mine"]
    told["labels"] = [label["title"] for label in told["labels"]]
    told["note"], told["better_answer"] = read(one.note), read(one.better_answer)
    told["message"] = {"id": told["message"], "type": one.message.type, "text": shown}
    return told
