"""Makes exports, a step at a time: some conversations behind the last one, written and counted together.

Every step is safe to lose: the file counts as far as the row says (files.py), and a guarded update says
whether this step is the one that counted. No step holds more in memory than about a megabyte of text.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation

from chatweb.console.log.finding import matching
from chatweb.console.log.form import FilterForm
from chatweb.models import LogExport, Passage
from chatweb.models.conversation_figures import ConversationFiguresQuerySet
from chatweb.search.query import parse

from .files import append, remove
from .formats import FORMATS
from .talks import talks_of

logger = logging.getLogger(__name__)

CONVERSATIONS = 50  # of a step, or fewer:
STEP_BYTES = 1_000_000  # more than this is written at once, and ends the step
State = LogExport.State


def take_step() -> bool:
    """The next piece of the oldest export that is not done; whether there may be more to do."""
    for export in LogExport.objects.filter(state=State.DONE, expires_at__lte=timezone.now()):
        remove(export)
        LogExport.objects.filter(pk=export.pk).update(state=State.EXPIRED)
    waiting = LogExport.objects.filter(state=State.MAKING).select_related("owner").order_by("pk")
    oldest = waiting.first()
    if oldest is None:
        return False
    try:
        with translation.override(oldest.language), timezone.override(ZoneInfo(oldest.time_zone)):
            go_on(oldest)
    except Exception:
        # Whatever it was would happen again: its owner learns it, and other exports go on.
        logger.exception("export %s failed", oldest.uuid)
        end(oldest, State.FAILED)
    return True


def go_on(export: LogExport) -> None:
    if not (export.owner.is_operator and export.owner.is_active):
        end(export, State.FAILED)
        return
    chosen = FORMATS[LogExport.Format(export.format)]
    found = conversations_of(export)
    if export.position is not None:
        found = found.filter(pk__lt=export.position)
    pks = list(found.order_by("-pk").values_list("pk", flat=True)[:CONVERSATIONS])
    content = bytearray(chosen.head().encode() if export.position is None else b"")
    rows, count, position, size = 0, 0, export.position, export.size_bytes
    for talk in talks_of(export.owner, pks, export.with_names):
        for text, more in chosen.text(talk):
            content += text.encode("utf-8", "replace")
            rows += more
            if len(content) > STEP_BYTES:  # a conversation may be long
                size = append(export, size, bytes(content))
                content.clear()
        count, position = count + 1, talk.conversation.pk
        if size > export.size_bytes:
            break
    is_last = not pks
    content += chosen.tail.encode() if is_last else b""
    counted = {
        "position": position or 0,
        "size_bytes": append(export, size, bytes(content)),
        "row_count": export.row_count + rows,
        "conversation_count": export.conversation_count + count,
    }
    same = LogExport.objects.filter(pk=export.pk, state=State.MAKING, position=export.position)
    if same.update(**counted):
        if is_last:
            end(export, State.DONE)
    elif not LogExport.objects.filter(pk=export.pk).exists():  # deleted meanwhile
        remove(export)


def conversations_of(export: LogExport) -> ConversationFiguresQuerySet:
    """Exactly what the log showed: its filters, and its words in one and the same passage."""
    form = FilterForm(dict(parse_qsl(export.query)))
    chosen = form.chosen
    found = matching(export.owner, chosen)
    words = parse(chosen.get("q", "")).words
    if words:
        said = Passage.objects.reviewable_by(export.owner).filter(conversation=OuterRef("pk"))
        for word in words:
            said = said.filter(folded__contains=word)
        found = found.filter(Exists(said))
    return found


def end(export: LogExport, state: str) -> None:
    now = timezone.now()
    ended = {"state": state, "ended_at": now, "expires_at": now + timedelta(hours=settings.EXPORT_HOURS)}
    if LogExport.objects.filter(pk=export.pk, state=State.MAKING).update(**ended) and state == State.FAILED:
        remove(export)
