"""What people used of bots in each quarter of an hour. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .cells import TurnRow

SLOT_SECONDS = 900
SLOTS_AN_HOUR = 4

Key = tuple[int, int, int]  # slot, user, bot


@dataclass(slots=True)
class Use:
    messages: int = 0
    files: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tokens: int = 0
    cost_micros: int = 0
    unpriced: int = 0

    def add(self, turn: TurnRow) -> None:
        self.messages += 1
        self.files += turn.files
        self.input_tokens += turn.input_tokens
        self.output_tokens += turn.output_tokens
        self.tokens += turn.tokens
        self.cost_micros += turn.cost_micros
        self.unpriced += turn.is_unpriced


def uses_of(turns: Iterable[TurnRow]) -> dict[Key, Use]:
    uses: dict[Key, Use] = {}
    for turn in turns:
        uses.setdefault((turn.slot, turn.user, turn.bot), Use()).add(turn)
    return uses
