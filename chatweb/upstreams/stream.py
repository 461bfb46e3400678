"""What every dialect's stream reader shares: bytes in, events out."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .events import Event
from .sse import SseParser


class StreamReader(ABC):
    """Reads one body. Cuts between calls of `feed` change nothing in what comes out."""

    def __init__(self) -> None:
        self._sse = SseParser()

    def feed(self, chunk: bytes) -> list[Event]:
        out: list[Event] = []
        for name, data, _id in self._sse.feed(chunk):
            self.frame(name, data, out)
        return out

    def close(self) -> list[Event]:
        """The body is over, with or without an end mark."""
        out: list[Event] = []
        for name, data, _id in self._sse.close():
            self.frame(name, data, out)
        self.end(out)
        return out

    def is_one_delta(self, chunk: bytes) -> bool:
        """Whether this chunk is exactly one frame of text that goes on, and no other frame is open."""
        return False

    @property
    def saw_field(self) -> bool:
        """Whether the body looked like server-sent events at all."""
        return self._sse.saw_field

    @abstractmethod
    def frame(self, name: str, data: str, out: list[Event]) -> None:
        """Turn one frame into events. Never raises, whatever the data is."""

    @abstractmethod
    def end(self, out: list[Event]) -> None:
        """Give out what was held back."""
