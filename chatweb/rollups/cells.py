"""What the turns of one hour come to, for each bot and group and for all of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chatweb.turns.states import OVER, ActionState, TurnState

ALL = 0  # in the place of a bot's or a group's key: no row has that key
BROKEN = frozenset({TurnState.FAILED, TurnState.LOST})
NO_CODE = "unknown"  # a turn that failed without saying why

Key = tuple[int, int]  # bot, group


class TurnRow(NamedTuple):
    """Of TurnFigures, what is counted. `slot`: quarters of an hour since 1970, in UTC."""

    slot: int
    bot: int
    user: int
    conversation: int
    state: str
    error_code: str
    first_token_ms: int | None
    answer_ms: int | None
    rating: str
    input_tokens: int
    output_tokens: int
    tokens: int
    files: int
    cost_micros: int
    is_unpriced: bool


class CardRow(NamedTuple):
    """A tool call or question of a turn; `waited_ms` is None unless a person decided."""

    bot: int
    user: int
    is_call: bool
    outcome: str
    waited_ms: int | None


@dataclass(slots=True)
class Cell:
    """`over`: ended, however; `failed` are among them. The five outcomes are those of tool calls."""

    turns: int = 0
    over: int = 0
    failed: int = 0
    good: int = 0
    bad: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tokens: int = 0
    cost_micros: int = 0
    calls_answered: int = 0
    calls_declined: int = 0
    calls_auto: int = 0
    calls_expired: int = 0
    calls_failed: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    first_token_ms: list[int] = field(default_factory=list)
    answer_ms: list[int] = field(default_factory=list)
    waited_ms: list[int] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)

    def add_turn(self, row: TurnRow) -> None:
        self.turns += 1
        self.people.add(row.user)
        self.conversations.add(row.conversation)
        self.input_tokens += row.input_tokens
        self.output_tokens += row.output_tokens
        self.tokens += row.tokens
        self.cost_micros += row.cost_micros
        self.good += row.rating == "good"
        self.bad += row.rating == "bad"
        self.over += row.state in OVER
        if row.state in BROKEN:
            self.failed += 1
            self.errors[row.error_code or NO_CODE] += 1
        if row.first_token_ms is not None:
            self.first_token_ms.append(row.first_token_ms)
        if row.answer_ms is not None:
            self.answer_ms.append(row.answer_ms)

    def add_card(self, row: CardRow) -> None:
        if row.waited_ms is not None:
            self.waited_ms.append(row.waited_ms)
        if row.is_call and row.outcome:
            name = f"calls_{row.outcome}"
            setattr(self, name, getattr(self, name) + 1)


def cells_of(
    turns: Iterable[TurnRow], cards: Iterable[CardRow], groups_of: Mapping[int, Sequence[int]]
) -> dict[Key, Cell]:
    """`groups_of`: the groups of each user. Who is in two counts in both, and once in all of them."""
    cells: dict[Key, Cell] = {}
    for turn in turns:
        for key in keys_of(turn.bot, groups_of.get(turn.user, ())):
            cells.setdefault(key, Cell()).add_turn(turn)
    for card in cards:
        for key in keys_of(card.bot, groups_of.get(card.user, ())):
            cells.setdefault(key, Cell()).add_card(card)
    return cells


def keys_of(bot: int, groups: Sequence[int]) -> list[Key]:
    return [(one, group) for one in (ALL, bot) for group in (ALL, *groups)]


def outcome_of(state: str, decision: str, is_refused: bool, turn_state: str) -> str:
    """What became of a card; "" while it is open, and when a person let go of it."""
    if state in {ActionState.ANSWERED, ActionState.DECLINED}:
        if decision == "auto":
            return "auto"
        return "declined" if state == ActionState.DECLINED or decision == "declined" else "answered"
    if state == ActionState.EXPIRED:
        return "expired"
    return "failed" if is_refused or turn_state in BROKEN else ""
