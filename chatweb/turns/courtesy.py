"""Which due questions a process takes at once where several serve, and which it leaves to others a moment.

A turn is best run where its person's tab is, or where it was asked: then no text has to cross. Who looked at
the wrong moment would take it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

LEAVE_SECONDS = 1.0  # what nobody has taken by then is anybody's


class Courtesy:
    def __init__(self) -> None:
        self._seen: dict[int, float] = {}  # by the turn's pk: when it was seen first (monotonic)

    def ours(
        self,
        due: Iterable[tuple[int, int]],
        is_asked_here: bool,
        has_tabs: Callable[[int], bool],
        now: float,
    ) -> list[int]:
        """`due`: pk of the turn and of its person."""
        users = dict(due)
        self._seen = {turn_pk: self._seen.get(turn_pk, now) for turn_pk in users}
        return [
            turn_pk
            for turn_pk, user_pk in users.items()
            if is_asked_here or has_tabs(user_pk) or now - self._seen[turn_pk] >= LEAVE_SECONDS
        ]
