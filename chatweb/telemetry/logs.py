"""Log lines that say what happened to which turn, and never what anybody wrote.

An exception's message may quote anything: a question, a row, a token. So a line tells an error's kind, its
code and where it came from; the message only with DEBUG, where nobody else's words are about.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from chatweb.telemetry.subject import subject

LOUD_PATHS = (
    "django.request",
    "django.security",
)  # their lines name a path, and paths may hold signed tokens
ERROR_FACTS = ("code", "http_status", "log_id", "errno", "sqlstate")


class ContentFree(logging.Formatter):
    """Shared by both formats."""

    def message_of(self, record: logging.LogRecord) -> str:
        """The first line: asyncio adds the repr of whatever failed below it."""
        if record.args and not isinstance(record.args, dict):
            arguments = tuple(self._told(record, one) for one in record.args)
            text = str(record.msg) % arguments
        elif isinstance(record.msg, BaseException):
            text = told(record.msg)
        else:
            text = record.getMessage()
        return text.partition("\n")[0] if not settings.DEBUG else text

    def _told(self, record: logging.LogRecord, argument: Any) -> Any:
        if isinstance(argument, BaseException):
            return told(argument)
        request = getattr(record, "request", None)
        if (
            record.name.startswith(LOUD_PATHS)
            and request is not None
            and argument == getattr(request, "path", None)
        ):
            return route_of(request)
        return argument

    def fields_of(self, record: logging.LogRecord) -> dict[str, Any]:
        about = subject.get()
        fields = about.fields() if about else {}
        extra = getattr(record, "about", {})
        return {name: value for name, value in {**fields, **extra}.items() if value != ""}


class JsonLines(ContentFree):
    """One object a line: time, level, logger, message, the ids of what it is about, and of an error its kind,
    its facts and where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message_of(record),
            **self.fields_of(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = told(record.exc_info[1])
            line["at"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLines(ContentFree):
    """For a terminal: the same, as text. With DEBUG the whole traceback."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(sep=" ", timespec="milliseconds")
        fields = "".join(f" {name}={value}" for name, value in self.fields_of(record).items())
        line = f"{when} {record.levelname} {record.name}: {self.message_of(record)}{fields}"
        if record.exc_info and (error := record.exc_info[1]) is not None:
            if settings.DEBUG:
                return f"{line}\n{''.join(traceback.format_exception(error))}"
            line += f"\n    {told(error)}" + "".join(f"\n    {place}" for place in places(error))
        return line


def told(error: BaseException) -> str:
    """Its kind and what it says in numbers and ids."""
    if settings.DEBUG:
        return f"{type(error).__name__}: {error}"
    facts = [(name, getattr(error, name, None)) for name in ERROR_FACTS]
    words = [f"{name} {value}" for name, value in facts if value not in (None, "", 0)]
    return f"{type(error).__name__} ({', '.join(words)})" if words else type(error).__name__


def places(error: BaseException) -> list[str]:
    """File, line and function of each frame, the innermost last, and before it what it came from."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*places(cause), f"then {told(error)}"] if cause is not None else []
    return before + [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]


def route_of(request: Any) -> str:
    """The pattern of the URL map; "" where none fits."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else ""
