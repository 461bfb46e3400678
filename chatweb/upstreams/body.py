"""Reads one HTTP body whatever it turns out to be: the stream that was due, JSON, or a proxy's page.

Decided by content type and then by the first bytes (wire-chat 3): Studio announces a stream before it
knows whether it can start one, and gateways answer with HTML under any header.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bodies import log_id_in
from .events import ChatFailed, Event, Received
from .failures import unusable
from .sse import BOM, FIELDS
from .stream import StreamReader
from .text import clean
from .values import parse

WHITE = b" \t\r\n"
EXCERPT_BYTES = 1024
HTTP_NO_CONTENT = 204
LONGEST_FIELD_BYTES = max(map(len, FIELDS))

ReadJson = Callable[[Any, int], list[Event]]  # (parsed body, HTTP status) -> events


class BodyReader:
    """`feed` the bytes as they come, then `close`. `is_stream` is None until the body has shown itself."""

    def __init__(
        self,
        stream: StreamReader,
        read_json: ReadJson,
        *,
        http_status: int = 200,
        content_type: str = "text/event-stream",
        is_stream_due: bool = True,
    ) -> None:
        self.is_stream: bool | None = None
        self.log_id = ""  # of a JSON body
        self._stream = stream
        self._read_json = read_json
        self._http_status = http_status
        self._takes_any_line = is_stream_due and "event-stream" in content_type.lower()
        self._whole = bytearray()  # all of a body that is no stream; how one begins that is
        self._has_failed = False

    def feed(self, chunk: bytes) -> list[Event]:
        if self.is_stream:
            if not self._stream.saw_field and len(self._whole) < EXCERPT_BYTES:
                self._whole += chunk
            return self._read(chunk)
        self._whole += chunk
        if self.is_stream is None:
            self._whole = self._whole.lstrip(WHITE)  # blank lines to keep the connection open
            self.is_stream = self._looks_like_stream()
            if self.is_stream:
                return self._read(bytes(self._whole))
        return []

    def is_one_delta(self, chunk: bytes) -> bool:
        """Whether feeding this chunk would give nothing but deltas, and leave nothing half read."""
        return bool(self.is_stream) and self._stream.is_one_delta(chunk)

    def close(self) -> list[Event]:
        """The body is over."""
        if self.is_stream is None:
            # Too short to tell: an empty stream is one that was cut off before anything came.
            self.is_stream = self._takes_any_line and self._http_status < 400
        if not self.is_stream:
            return self._read_whole()
        events = self._stream.close()
        failed = self._has_failed or any(type(event) is ChatFailed for event in events)
        if not failed and (self._http_status >= 400 or self._is_stray_text()):
            events.append(ChatFailed(*unusable(self._http_status, self._beginning()), is_error=True))
        return events

    def _read(self, chunk: bytes) -> list[Event]:
        events = self._stream.feed(chunk)
        if self._http_status >= 400:
            self._has_failed = self._has_failed or any(type(event) is ChatFailed for event in events)
        return events

    def _looks_like_stream(self) -> bool | None:
        head = self._head()
        if not head or (len(head) < len(BOM) and BOM.startswith(head)):
            return None
        if head[:1] in (b"{", b"[", b"<"):
            return False
        if self._takes_any_line or head.startswith(FIELDS):
            return True
        is_open = len(head) < LONGEST_FIELD_BYTES and any(field.startswith(head) for field in FIELDS)
        return None if is_open else False

    def _head(self) -> bytes:
        return bytes(self._whole[:EXCERPT_BYTES]).lstrip(WHITE).removeprefix(BOM).lstrip(WHITE)

    def _beginning(self) -> str:
        return self._head().decode("utf-8", "replace")

    def _is_stray_text(self) -> bool:
        """Text that was announced as a stream and has no line of one; not a stream cut in its first line."""
        head = self._head()
        if self._stream.saw_field or not head or head.startswith((b"#", b"//", b"{")):
            return False
        return not any(field.startswith(head) for field in FIELDS)

    def _read_whole(self) -> list[Event]:
        text = bytes(self._whole).decode("utf-8-sig", "replace")
        value = parse(text)
        if isinstance(value, dict | list):
            self.log_id = log_id_in(value)
            return [Received("body", clean(text)), *self._read_json(value, self._http_status)]
        if self._http_status == HTTP_NO_CONTENT:
            return []
        failed = ChatFailed(*unusable(self._http_status, text), is_error=True)
        return [Received("body", clean(text[:EXCERPT_BYTES])), failed]
