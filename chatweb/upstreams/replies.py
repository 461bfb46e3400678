"""What the answer to a form looks like on the wire (wire-workflows 2.3, 3.3; wire-supplement 3.3). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")


def form_reply(values: Mapping[str, object], as_json: bool) -> str:
    """A JSON object, or Studio's lines `name:value`; None and "" are fields nobody touched.

    A workflow's `resume_data` always is JSON. In it an untouched field is left out, so that the node's
    default counts; a line stays, empty. A line holds no line feed: there it becomes a blank.
    """
    if as_json:
        touched = {name: value for name, value in values.items() if value not in (None, "")}
        return json.dumps(touched, ensure_ascii=False)
    return "\n".join(f"{_one_line(name)}:{_one_line(_text(value))}" for name, value in values.items())


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _one_line(text: str) -> str:
    return BREAKS.sub(" ", text).strip()
