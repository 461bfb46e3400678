"""Shortcut commands of a bot: what each asks for, the question it makes, and how it is sent. Pure.

Rows keep them as the upstream described them (wire-chat 9), so everything here may be missing or of another
kind. A component without a default is needed; hidden ones always say their default, as in Coze's own client.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatweb.upstreams.scenery import picture_url
from chatweb.upstreams.values import ident, mapping, sequence, text_of

MOST_SHORTCUTS = 50
SLOT = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
# What a file component takes, in Coze's words, as an input's `accept`.
ACCEPTED = {
    "image": "image/*",
    "audio": "audio/*",
    "video": "video/*",
    "doc": ".doc,.docx,.pdf,.md",
    "table": ".csv,.xls,.xlsx",
    "zip": ".zip,.rar,.7z",
    "code": ".py,.js,.ts,.java,.c,.cpp,.html,.css,.json,.xml",
    "txt": ".txt,.md",
    "ppt": ".ppt,.pptx",
}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a component: what people call it, and the upstream's id for it."""

    name: str
    upstream_id: str
    mime: str


Given = str | SentFile


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    description: str
    kind: str  # text | select | file
    options: tuple[str, ...]
    default: str
    is_hidden: bool

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its value."""
        found: dict[str, Any] = {"type": "string"}
        if self.description:
            found["description"] = self.description
        if self.kind == "file":
            accepted = ",".join(dict.fromkeys(ACCEPTED[one] for one in self.options if one in ACCEPTED))
            return {**found, "format": "file", **({"x-file": accepted} if accepted else {})}
        if self.kind == "select" and self.options:
            found["enum"] = list(dict.fromkeys(self.options))
        return {**found, "default": self.default} if self.default else found


@dataclass(frozen=True, slots=True)
class Shortcut:
    id: str
    name: str
    command: str  # what is typed behind "/"
    description: str
    icon_url: str
    template: str
    components: tuple[Component, ...]
    is_plain: bool  # no more than a question in other words: no tool, no agent of its own

    @property
    def asked(self) -> tuple[Component, ...]:
        return tuple(component for component in self.components if not component.is_hidden)

    def schema(self) -> dict[str, Any] | None:
        """JSON Schema of what is asked for; None when that is nothing."""
        if not self.asked:
            return None
        return {
            "type": "object",
            "properties": {component.name: component.schema() for component in self.asked},
            "required": [component.name for component in self.asked if not component.default],
        }

    def hidden(self) -> dict[str, str]:
        return {component.name: component.default for component in self.components if component.is_hidden}


def shortcuts_of(described: object) -> list[Shortcut]:
    """Those that can be used: with an id and a question to make. The first of an id counts."""
    found: dict[str, Shortcut] = {}
    for raw in sequence(described)[:MOST_SHORTCUTS]:
        shortcut = _shortcut(mapping(raw))
        if shortcut.id and shortcut.template.strip():
            found.setdefault(shortcut.id, shortcut)
    return list(found.values())


def question_of(shortcut: Shortcut, given: Mapping[str, Given]) -> str:
    """The template with every `{{name}}` filled: by what was given, else by the default."""
    words = {component.name: _words(_value(component, given)) for component in shortcut.components}
    # In one go: what somebody gave is no template.
    return SLOT.sub(lambda slot: words.get(slot[1], slot[0]), shortcut.template).strip()


def command_of(shortcut: Shortcut, given: Mapping[str, Given]) -> dict[str, Any] | None:
    """`shortcut_command` of a chat: by component name, each an object_string array as text (wire-chat 2,
    wire-supplement 3.2). None for a plain one: that is asked like any question."""
    if shortcut.is_plain:
        return None
    values = ((component.name, _value(component, given)) for component in shortcut.components)
    return {"command_id": shortcut.id, "parameters": {name: _items(value) for name, value in values if value}}


def _value(component: Component, given: Mapping[str, Given]) -> Given:
    value = "" if component.is_hidden else given.get(component.name, "")
    return value or component.default


def _words(value: Given) -> str:
    return value if isinstance(value, str) else value.name


def _items(value: Given) -> str:
    if isinstance(value, str):
        item = {"type": "text", "text": value}
    else:
        kind = "image" if value.mime.startswith("image/") else "file"
        item = {"type": kind, "file_id": value.upstream_id}
    return json.dumps([item], ensure_ascii=False)


def _shortcut(raw: Mapping[str, Any]) -> Shortcut:
    components = [_component(mapping(one)) for one in sequence(raw.get("components"))]
    named = {component.name: component for component in components if component.name}
    command = text_of(raw.get("command")).strip().removeprefix("/")
    tool = mapping(raw.get("tool"))
    return Shortcut(
        id=ident(raw.get("id")),
        name=text_of(raw.get("name")).strip() or command,
        command=command,
        description=text_of(raw.get("description")).strip(),
        icon_url=picture_url(raw.get("icon_url")),
        template=text_of(raw.get("query_template")),
        components=tuple(named.values()),
        is_plain=not (named or text_of(tool.get("name")) or ident(raw.get("agent_id"))),
    )


def _component(raw: Mapping[str, Any]) -> Component:
    kind = text_of(raw.get("type"))
    options: Sequence[Any] = sequence(raw.get("options"))
    return Component(
        name=text_of(raw.get("name")),
        description=text_of(raw.get("description")).strip(),
        kind=kind if kind in ("select", "file") else "text",
        options=tuple(text for text in map(text_of, options) if text),
        default=_default(raw.get("default_value")),
        is_hidden=raw.get("is_hide") is True,
    )


def _default(raw: object) -> str:
    """Samples have a text; Coze's own records have {"type", "value"}."""
    return text_of(mapping(raw).get("value") if isinstance(raw, dict) else raw)
