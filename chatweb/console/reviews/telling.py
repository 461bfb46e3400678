"""Annotations as the pages and the export tell them: places and quotes as the operator reads the message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from chatweb.console.redaction import Redact
from chatweb.frames import utf16_cut, utf16_units
from chatweb.models import Annotation, Label, Message, ReviewQueue
from chatweb.turns.commands import Refused

from .places import to_shown, to_source

Json = dict[str, Any]
Scale = tuple[int, int]


def site_scale() -> Scale:
    least, most = settings.REVIEW_SCALE
    return least, most


def scale_of(queue: ReviewQueue | None) -> Scale:
    return (queue.score_from, queue.score_to) if queue else site_scale()


def told_with(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """With all that `annotation_object` reads; three queries."""
    return annotations.select_related("message", "author").prefetch_related(
        Prefetch("labels", Label.objects.all())
    )


def annotation_objects(annotations: Iterable[Annotation], reader: User, redact: Redact) -> list[Json]:
    """`redact`: what stands between the reader and the conversation (`masks.reader_of`)."""
    shown: dict[int, str] = {}
    found = []
    for one in annotations:
        if one.message_id not in shown:
            shown[one.message_id] = redact(one.message.text)
        found.append(annotation_object(one, reader, shown[one.message_id], redact))
    return found


def annotation_object(one: Annotation, reader: User, shown: str, redact: Redact) -> Json:
    """`start` and `end` count UTF-16 units of the message as it is shown."""
    start, end = shown_place(one, shown)
    return {
        "id": str(one.uuid),
        "message": str(one.message.uuid),
        "author": one.author.display_name if one.author else one.author_name,
        "is_mine": one.author_id == reader.pk,
        "quote": redact(one.quote),
        "start": start,
        "end": end,
        "labels": [label_object(label) for label in one.labels.all()],
        "score": one.score,
        "better_answer": one.better_answer,
        "note": one.note,
        "created_at": one.created_at.isoformat(),
        "changed_at": one.changed_at.isoformat(),
    }


def label_object(label: Label) -> Json:
    return {"id": str(label.uuid), "title": label.title, "colour": label.colour}


def shown_place(one: Annotation, shown: str) -> tuple[int | None, int | None]:
    if one.start is None or one.end is None:
        return None, None
    source = one.message.text
    places = (to_shown(source, shown, len(utf16_cut(source, units))) for units in (one.start, one.end))
    start, end = (utf16_units(shown[:place]) for place in places)
    return start, end


def in_source(message: Message, fields: Json, redact: Redact) -> Json:
    """What an operator chose on the screen, as it stands in the source. Without a part nothing changes.

    Raises Refused.
    """
    if not fields["quote"]:
        return fields
    source, shown = message.text, redact(message.text)
    chosen = (len(utf16_cut(shown, units)) for units in (fields["start"], fields["end"]))
    start, end = (to_source(source, shown, place) for place in chosen)
    if end <= start:
        raise Refused("malformed", gettext("That part of the message could not be found. Choose it again."))
    place = {"start": utf16_units(source[:start]), "end": utf16_units(source[:end])}
    return {**fields, **place, "quote": source[start:end]}
