"""A message or a card as the transcript prints it: which kind, under which name, in which words. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.console.redaction import Redact, redact_json
from chatweb.models import Action, Message

from .timing import said_ms

LABELS: dict[str, str | Promise] = {
    "question": _("Question"),
    "answer": _("Answer"),
    "function_call": _("Call"),
    "tool_output": _("Output of a tool"),
    "tool_response": _("Output of a tool"),
    "knowledge": _("Knowledge"),
    "follow_up": _("Suggested question"),
    "verbose": _("About the run"),
    "asking": _("Question of the bot"),
}
LONG_CHARS = 600
# What people read as Markdown, once it is an answer of this kind of content.
MARKDOWN = ("text", "")


@dataclass(slots=True)
class Piece:
    """`text` is redacted. `form`: markdown, plain or json. `title`: the node, the tool, the kind of news."""

    kind: str
    label: str | Promise
    text: str
    form: str
    title: str = ""
    reasoning: str = ""
    thought: str = ""  # how long the reasoning took
    message: Message | None = None
    card: Card | None = None
    remarks: list[Any] = field(default_factory=list)  # ratings of it

    @property
    def is_folded(self) -> bool:
        """News of the run are many and say little; what is long would push away what was said."""
        if self.kind == "verbose":
            return True
        return len(self.text) > LONG_CHARS or self.text.count("\n") > 12


@dataclass(slots=True)
class Card:
    """A call or question that waited for a person. Texts are redacted; `decisions` oldest first."""

    action: Action
    title: str
    arguments: str
    words: str
    options: list[str]
    fields: list[str]
    output: str
    reason: str
    refusal: str
    answered_by: str
    rule: str
    decisions: list[dict[str, Any]]


def piece_of(message: Message, redact: Redact) -> Piece:
    kind = message.type
    text, form, title = message.text, "plain", message.title
    if kind == "answer":
        is_markdown = message.content_type in MARKDOWN
        text, form = (redact(text), "markdown") if is_markdown else (pretty(text, redact), "json")
    elif kind in ("question", "follow_up"):
        text = redact(text)
    else:
        title = title or name_in(text)
        text, form = pretty(text, redact), "json"
    return Piece(
        kind=kind,
        label=LABELS.get(kind, kind),
        text=text,
        form=form,
        title=redact(title),
        reasoning=redact(message.reasoning),
        thought=said_ms(message.reasoning_ms) if message.reasoning_ms else "",
        message=message,
    )


def pretty(text: str, redact: Redact) -> str:
    """JSON on lines of its own, redacted; anything else as text, redacted."""
    return redact_json(text, redact, indent=2) if text.lstrip()[:1] in ("{", "[") else redact(text)


def name_in(text: str) -> str:
    """Which tool is called (Studio: within "function"), or what kind of news a verbose message is."""
    if text.lstrip()[:1] != "{":
        return ""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    function = content.get("function")
    called = function if isinstance(function, dict) else {}
    names = [called.get("name"), *(content.get(key) for key in ("name", "msg_type", "plugin_name"))]
    return next((name[:80] for name in names if isinstance(name, str) and name), "")


def in_order(messages: Sequence[Piece], cards: Sequence[Piece]) -> list[Piece]:
    """As they happened: a card stands behind the last message before it."""
    placed = [
        *((piece.message.ordinal, 0, place, piece) for place, piece in enumerate(messages) if piece.message),
        *((piece.card.action.after, 1, place, piece) for place, piece in enumerate(cards) if piece.card),
    ]
    return [piece for *_place, piece in sorted(placed, key=lambda one: one[:3])]


def card_of(
    action: Action,
    redact: Redact,
    *,
    title: str,
    answered_by: str,
    rule: str,
    decisions: list[dict[str, Any]],
) -> Piece:
    """`title`: the registered one, if there is one. `rule`: which rule of the tool answered, if one did."""
    question = action.question if isinstance(action.question, dict) else {}
    is_call = action.kind == Action.Kind.TOOL_CALL
    card = Card(
        action=action,
        title=redact(title or action.name),
        arguments=pretty(action.arguments, redact),
        words=redact(str(question.get("text") or "")),
        options=[redact(str(one)) for one in _list(question.get("options"))],
        fields=[redact(str(one)) for one in question.get("fields") or {}],
        output=pretty(action.output, redact),
        reason=redact(action.reason),
        refusal=redact(action.refusal),
        answered_by=answered_by,
        rule=rule,
        decisions=decisions,
    )
    label = gettext("Tool call") if is_call else gettext("Question to the person")
    return Piece(kind="card", label=label, text="", form="plain", title=card.title, card=card)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
