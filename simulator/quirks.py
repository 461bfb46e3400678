"""How a frame is spelled: as Coze does, or oddly when a directive says so (wire-chat 11, wire-supplement 4).

Names for `quirk=`:
  spelling   crlf, cr, space (`event: x`), no_blank_lines, comments, ids, retry, multi_data, bom, split_utf8
  values     numeric_ids, surrogates, empty_reasoning
  messages   completed_only, completed_twice, completed_differs, unknown_event, ping
  the end    no_done, done_plain, done_empty, done_object, no_last_newline, compleated, error_then_completed,
             no_final
  instead    html_502, json_instead, json_as_stream, empty
"""

from __future__ import annotations

import json
import re

from simulator.envelope import to_bytes

_LONG_ID = re.compile(r'"(id|chat_id|conversation_id|bot_id|section_id)":"(\d{19})"')
DONE = {
    "done_plain": "[DONE]",
    "done_empty": "",
    "done_object": '{"debug_url":"https://www.coze.cn/x?a=1\\u0026b=2"}',
}


class Spelling:
    """Turns an event into bytes. `is_plain` allows the fast path of the deltas."""

    def __init__(
        self, quirks: frozenset[str] = frozenset(), is_numbered: bool = False, blank: str = "", first: int = 0
    ) -> None:
        self.quirks = quirks
        self.is_plain = not quirks and not is_numbered
        self._number = first
        self._is_numbered = is_numbered or "ids" in quirks
        self._blank = " " if "space" in quirks else blank
        self._is_first = True

    def frame(self, name: str, data: str) -> bytes:
        lines = []
        if "comments" in self.quirks:
            lines.append(": keep-alive")
        if "retry" in self.quirks and self._is_first:
            lines.append("retry: 3000")
        if self._is_numbered:
            lines.append(f"id:{self._blank}{self._number}")
            self._number += 1
        lines.append(f"event:{self._blank}{name}")
        lines += [f"data:{self._blank}{line}" for line in self._data_lines(data)]
        if "no_blank_lines" not in self.quirks:
            lines.append("")
        text = self._line_end.join([*lines, ""])
        if "bom" in self.quirks and self._is_first:
            text = "\ufeff" + text
        if "no_last_newline" in self.quirks and name == "done":
            text = text.rstrip("\r\n")
        self._is_first = False
        return to_bytes(text)

    @property
    def _line_end(self) -> str:
        return "\r\n" if "crlf" in self.quirks else "\r" if "cr" in self.quirks else "\n"

    def _data_lines(self, data: str) -> list[str]:
        if "numeric_ids" in self.quirks:
            data = _LONG_ID.sub(r'"\1":\2', data)
        if "surrogates" in self.quirks:
            data = to_json_with_surrogates(data)
        if "multi_data" in self.quirks and data.startswith("{"):
            return json.dumps(json.loads(data), indent=1, ensure_ascii=False).split("\n")
        return [data]

    def done(self) -> bytes:
        data = next((DONE[quirk] for quirk in DONE if quirk in self.quirks), '"[DONE]"')
        return b"" if "no_done" in self.quirks else self.frame("done", data)


def to_json_with_surrogates(data: str) -> str:
    """Every character beyond the BMP as a pair of \\u escapes."""
    return "".join(char if ord(char) <= 0xFFFF else json.dumps(char).strip('"') for char in data)


def split_surrogates(text: str) -> list[str]:
    """The text cut between the halves of its surrogate pairs, as a server does that counts UTF-16 units."""
    parts = [""]
    for char in text:
        if ord(char) <= 0xFFFF:
            parts[-1] += char
            continue
        point = ord(char) - 0x10000
        parts[-1] += chr(0xD800 + (point >> 10))
        parts.append(chr(0xDC00 + (point & 0x3FF)))
    return parts
