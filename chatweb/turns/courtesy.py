"""Which due questions a process takes at once where several serve, and which it leaves to others a moment.

A turn is best run where its person's tab is, or where it was asked: then no text has to cross. Who looked at
the wrong moment would take it first. A queue goes on where its last turn ended: the person is followed there.
"""

from __future__ import annotations

from collections.abc import Callable

LEAVE_SECONDS = 1.0  # what nobody has taken by then is anybody's

Due = list[tuple[int, int]]  # pk of the turn and of its person


class Courtesy:
    def __init__(self) -> None:
        self._seen: dict[int, float] = {}  # by the turn's pk: when it was seen first (monotonic)
        self._is_asked_here = False
        self._served: set[int] = set()  # pks of people

    def asked_here(self) -> None:
        self._is_asked_here = True

    def served_here(self, user_pk: int) -> None:
        """A turn of the person ended here."""
        self._served.add(user_pk)

    def choice(self, has_tabs: Callable[[int], bool], now: float) -> Callable[[Due], list[int]]:
        """On the loop: picks the due turns to take, by what was said until now, on whichever thread."""
        is_asked_here, self._is_asked_here = self._is_asked_here, False
        served, self._served = self._served, set()

        def ours(due: Due) -> list[int]:
            self._seen = {turn_pk: self._seen.get(turn_pk, now) for turn_pk, _ in due}
            return [
                turn_pk
                for turn_pk, user_pk in due
                if is_asked_here
                or user_pk in served
                or has_tabs(user_pk)
                or now - self._seen[turn_pk] >= LEAVE_SECONDS
            ]

        return ours
