"""The database as the event loop asks it: always from a thread, and ready for it to be away."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

P = ParamSpec("P")
R = TypeVar("R")

# It restarts, or its connection was cut. What was asked may be asked again.
AWAY = (InterfaceError, OperationalError)


def in_thread(call: Callable[P, R], *args: P.args, **options: P.kwargs) -> Coroutine[Any, Any, R]:
    """What `call` returns or raises. Several run at once, none in the thread of a request."""
    return database_sync_to_async(call, thread_sensitive=False)(*args, **options)
