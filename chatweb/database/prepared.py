"""Queries that Django builds once for a process: `Prepared(lambda pk: Turn.objects.filter(pk=pk))(7)`.

Building a queryset and turning it into SQL takes one to ten milliseconds of CPU each time, what the database
then does a tenth of one. Where a person waits for a handful of rows by their keys, that was most of the time.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet, UUIDField

R = TypeVar("R")
Value = int | UUID | Sequence[int]

# Stand-ins for values: numbers that no key reaches, so that they are found again among the SQL's parameters.
FIRST = 2**62
LONGEST_LIST = 512


class Prepared(Generic[R]):
    """`build` makes the queryset from keys: numbers, UUIDs, and lists of numbers. Called with stand-ins,
    so what it makes must not depend on what they are, on the time, or on whose request this is.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self._build = build
        self._ready: dict[tuple[object, ...], Ready] = {}

    def __call__(self, *values: Value) -> list[R]:
        """The rows; none for an empty list. A list of more than `LONGEST_LIST` is built anew."""
        if not all(len(value) for value in values if isinstance(value, Sequence)):
            return []
        padded = [_padded(value) if isinstance(value, Sequence) else value for value in values]
        shape = tuple(len(value) if isinstance(value, Sequence) else type(value) for value in padded)
        if any(isinstance(one, int) and one > LONGEST_LIST for one in shape):
            return list(self._build(*values))
        ready = self._ready.get(shape)
        if ready is None:
            ready = self._ready[shape] = prepare(self._build, padded)
        return list(ready.filled_with(_flat(padded)))


def _padded(numbers: Sequence[int]) -> list[int]:
    """Up to a power of two, by the last one again: a few statements do for lists of any length."""
    length = 1 << (len(numbers) - 1).bit_length()
    return [*numbers, *[numbers[-1]] * (length - len(numbers))]


def _flat(values: Sequence[Value]) -> list[int | UUID]:
    return list(chain.from_iterable(value if isinstance(value, Sequence) else (value,) for value in values))


@dataclass(frozen=True, slots=True)
class Ready:
    """`slots`: where in `params` each value goes. The compiler knows what the columns are."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    converters: dict[int, Any]
    sql: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]

    def filled_with(self, values: Sequence[int | UUID]) -> QuerySet[Any, Any]:
        connection = connections[self.queryset.db]
        params = list(self.params)
        for place, slot in self.slots:
            params[place] = _as_parameter(values[slot], connection)
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_options: (self.sql, tuple(params))
        compiler.get_converters = lambda _expressions: self.converters
        rows = self.queryset.all()
        rows.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return rows


def prepare(build: Callable[..., QuerySet[Any, Any]], like: Sequence[Value]) -> Ready:
    """Raises ValueError when the queryset does not ask for one of the values."""
    numbers = count(FIRST)
    stand_ins = [_stand_in(value, numbers) for value in like]
    queryset = build(*stand_ins)
    compiler: Any = queryset.query.get_compiler(using=queryset.db)
    sql, params = compiler.as_sql()
    known = {_as_parameter(one, compiler.connection): slot for slot, one in enumerate(_flat(stand_ins))}
    slots = tuple(
        (place, known[param])
        for place, param in enumerate(params)
        if isinstance(param, int | str | UUID) and param in known
    )
    if {slot for _, slot in slots} != set(known.values()):
        raise ValueError(f"not asked for each of {like}: {sql}")
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    compiler.connection = None  # the one of the thread that happened to come first
    return Ready(queryset, compiler, converters, sql, params, slots)


def _stand_in(value: Value, numbers: Iterator[int]) -> Value:
    if isinstance(value, Sequence):
        return [next(numbers) for _ in value]
    return UUID(int=next(numbers)) if isinstance(value, UUID) else next(numbers)


def _as_parameter(value: int | UUID, connection: Any) -> Any:
    return UUIDField().get_db_prep_value(value, connection) if isinstance(value, UUID) else value
