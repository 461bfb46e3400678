"""Making, changing and deleting operators' annotations; every change is in the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from chatweb.auditing import record
from chatweb.models import Annotation, Label, Mention, Message
from chatweb.turns.commands import labelled

NAME = re.compile(r"(?<![\w@])@([\w.@+-]{1,150})")
WORDS = ("score", "better_answer", "note")
Fields = Mapping[str, Any]


def names_in(note: str) -> set[str]:
    """User names that stand in a note behind an @, in small letters; a full stop may end the sentence."""
    found = {name.lower() for name in NAME.findall(note)}
    return found | {name.rstrip(".-+@_") for name in found}


def annotate(message: Message, author: User, fields: Fields, request: HttpRequest) -> Annotation | None:
    """What the author says of the message, or of a part (`quote`, `start`, `end`).

    Of the whole message everybody has one remark: other words change it, none delete it.
    """
    try:
        return _annotate(message, author, fields, request)
    except IntegrityError:
        # Another tab of the author's made the one remark first: these words change it.
        return _annotate(message, author, fields, request)


def _annotate(message: Message, author: User, fields: Fields, request: HttpRequest) -> Annotation | None:
    with transaction.atomic():
        if not fields["quote"]:
            own = message.annotations.select_for_update().filter(author=author, quote="").first()
            if own is not None:
                return change(own, fields, request)
        if is_empty(fields):
            return None
        place = {"quote": fields["quote"], "start": fields["start"], "end": fields["end"]}
        made = Annotation.objects.create(
            message=message, author=author, author_name=author.get_username(), **place, **words_of(fields)
        )
        put = put_labels(made, fields["labels"])
        mention(made)
        said = shown(made, put)
        record(author, "annotation.made", made, subject=owner(message), after=said, request=request)
        return made


def change(annotation: Annotation, fields: Fields, request: HttpRequest) -> Annotation | None:
    """By its author; None when nothing is left of it."""
    with transaction.atomic():
        before = shown(annotation, list(annotation.labels.all()))
        if is_empty(fields):
            delete(annotation, request)
            return None
        for name, value in words_of(fields).items():
            setattr(annotation, name, value)
        put = put_labels(annotation, fields["labels"])
        after = shown(annotation, put)
        moved = {name for name in after if after[name] != before[name]}
        if not moved:
            return annotation
        annotation.changed_at = timezone.now()
        annotation.save(update_fields=["score", "better_answer", "note", "changed_at"])
        mention(annotation)
        record(
            annotation.author,
            "annotation.changed",
            annotation,
            subject=owner(annotation.message),
            before={name: before[name] for name in moved},
            after={name: after[name] for name in moved},
            request=request,
        )
        return annotation


def delete(annotation: Annotation, request: HttpRequest) -> None:
    with transaction.atomic():
        before = shown(annotation, list(annotation.labels.all()))
        record(
            annotation.author,
            "annotation.deleted",
            annotation,
            subject=owner(annotation.message),
            before=before,
            request=request,
        )
        annotation.delete()


def put_labels(annotation: Annotation, wanted: Iterable[UUID]) -> list[Label]:
    """Exactly these; one that is no longer offered stays only where it was put before."""
    had = Q(put__annotation=annotation)
    chosen = list(Label.objects.filter(had | Q(is_active=True), uuid__in=list(wanted)).distinct())
    known = set(annotation.labels.values_list("pk", flat=True))
    annotation.labels.set(chosen)
    if fresh := {label.pk for label in chosen} - known:
        labelled(annotation, fresh)
    return chosen


def mention(annotation: Annotation) -> None:
    """Operators named in the note find it in their list; who is no longer named does not."""
    named = names_in(annotation.note)
    operators = User.objects.filter(is_operator=True, is_active=True).exclude(pk=annotation.author_id or 0)
    called = [one for one in operators if one.username.lower() in named] if named else []
    annotation.mentions.exclude(operator__in=called).delete()
    Mention.objects.bulk_create(
        [Mention(annotation=annotation, operator=one) for one in called], ignore_conflicts=True
    )


def is_empty(fields: Fields) -> bool:
    return not (fields["labels"] or fields["score"] is not None or fields["better_answer"] or fields["note"])


def words_of(fields: Fields) -> dict[str, Any]:
    return {name: fields[name] for name in WORDS}


def shown(annotation: Annotation, labels: Iterable[Label]) -> dict[str, Any]:
    """For the audit log."""
    words = {name: getattr(annotation, name) for name in WORDS}
    return {"labels": sorted(label.title_en or label.title_zh for label in labels), **words}


def owner(message: Message) -> User:
    return message.conversation.user
