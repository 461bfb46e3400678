"""Text that every database takes: surrogate halves joined, NUL and lone surrogates as U+FFFD (design 4)."""

from __future__ import annotations

REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """The same text, but storable. Costs next to nothing where there is nothing to do."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT) if "\0" in text else text


class Halves:
    """Joins a character that was cut between two deltas of one message into two surrogates.

    Keys are whatever tells the streams of text apart. A half whose other half never comes is U+FFFD.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], str] = {}

    def join(self, key: tuple[str, str], piece: str) -> str:
        """The piece as it can be shown now; a high surrogate at its end waits for the next piece."""
        if self._held:
            piece = self._held.pop(key, "") + piece
        if piece and "\ud800" <= piece[-1] <= "\udbff":
            self._held[key] = piece[-1]
            piece = piece[:-1]
        return clean(piece)

    def drop(self, key: tuple[str, str]) -> None:
        """Forget a half: the whole text has come."""
        self._held.pop(key, None)

    def rest(self) -> list[tuple[str, str]]:
        """Keys of halves left over at the end of the body, each worth one U+FFFD."""
        keys = list(self._held)
        self._held.clear()
        return keys
