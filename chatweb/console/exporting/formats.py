"""The files an export can be: each a beginning, a text for some conversations, and an end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from chatweb.models import LogExport
from chatweb.spreadsheet_cells import BOM, Cell, line_of

from .talks import Talk, moment, said_in

Text = tuple[str, int]  # and how many rows it is


@dataclass(frozen=True, slots=True)
class FileFormat:
    suffix: str
    content_type: str
    head: Callable[[], str]
    text: Callable[[Talk], Iterator[Text]]
    tail: str = ""


def facts_of(talk: Talk) -> dict[str, Any]:
    """Of a conversation, in the order of columns."""
    one, figures = talk.conversation, talk.conversation.figures_of_all
    return {
        "id": str(one.uuid),
        "bot": one.bot.name,
        "person": talk.person,
        "name": talk.name,
        "first_question": moment(figures.first_asked_at),
        "last_question": moment(figures.last_asked_at),
        "turns": figures.turn_count,
        "state": figures.state,
        "good_ratings": figures.good_count,
        "bad_ratings": figures.bad_count,
        "slowest_answer_ms": figures.slowest_ms,
        "tokens": figures.tokens,
        "error_codes": talk.errors,
        "tools": talk.tools,
        "deleted": moment(one.deleted_at),
    }


CONVERSATION_COLUMNS = (
    "id", "bot", "person", "name", "first_question", "last_question", "turns", "state", "good_ratings",
    "bad_ratings", "slowest_answer_ms", "tokens", "error_codes", "tools", "deleted",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "conversation", "bot", "person", "turn", "state", "error_code", "kind", "text", "said", "rating",
    "comment",
)  # fmt: skip


def conversation_row(talk: Talk) -> Iterator[Text]:
    cells: list[Cell] = list(facts_of(talk).values())
    yield line_of(cells), 1


def message_rows(talk: Talk) -> Iterator[Text]:
    one = talk.conversation
    for said in said_in(talk):
        yield line_of([str(one.uuid), one.bot.name, talk.person, *asdict(said).values()]), 1


def json_line(talk: Talk) -> Iterator[Text]:
    """Written message by message: a conversation may be long."""
    head = json.dumps(facts_of(talk), ensure_ascii=False)
    yield f'{head[:-1]}, "messages": [', 0
    between = ""
    for said in said_in(talk):
        yield between + json.dumps(asdict(said), ensure_ascii=False), 1
        between = ", "
    yield "]}\n", 0


def html_section(talk: Talk) -> Iterator[Text]:
    facts = facts_of(talk)
    name = talk.name or gettext("Without a name")
    about = " · ".join(str(facts[key]) for key in ("bot", "person", "first_question", "state") if facts[key])
    yield format_html("<section>\n<h2>{}</h2>\n<p class=about>{} · {}</p>\n", name, about, facts["id"]), 0
    for said in said_in(talk):
        line = " · ".join(
            part for part in (str(said.turn), said.kind, said.at, said.rating, said.comment) if part
        )
        yield format_html('<p class=about>{}</p>\n<div dir="auto">{}</div>\n', line, said.text), 1
    yield "</section>\n", 0


STYLE = (
    "body{max-width:52rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
    "section{margin-bottom:3rem}div{white-space:pre-wrap;overflow-wrap:anywhere}"
    ".about{margin:.75rem 0 0;color:#666;font-size:.8rem}"
)


def html_head() -> str:
    title = gettext("Conversations")
    return (
        format_html('<!doctype html>\n<html lang="{}">\n<meta charset="utf-8">\n', get_language() or "en")
        + format_html("<title>{}</title>\n", title)
        + f"<style>{STYLE}</style>\n"
        + format_html("<h1>{}</h1>\n", title)
    )


FORMATS = {
    LogExport.Format.CONVERSATIONS: FileFormat(
        "csv", "text/csv; charset=utf-8", lambda: BOM + line_of(CONVERSATION_COLUMNS), conversation_row
    ),
    LogExport.Format.MESSAGES: FileFormat(
        "csv", "text/csv; charset=utf-8", lambda: BOM + line_of(MESSAGE_COLUMNS), message_rows
    ),
    LogExport.Format.JSONL: FileFormat("jsonl", "application/jsonl", lambda: "", json_line),
    LogExport.Format.HTML: FileFormat(
        "html", "text/html; charset=utf-8", html_head, html_section, "</html>\n"
    ),
}
