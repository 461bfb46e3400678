"""Scripted faults: what the next requests of a path get in place of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from simulator.envelope import ApiError, bad_request
from simulator.holds import Holds
from simulator.routing import Dropped, Reply, Request

Refuse = Callable[[ApiError, Request], Reply]


@dataclass
class Fault:
    """`*` in the path stands for anything. First waits (`delay` seconds, `hold` until released), then
    drops or answers.

    `code` answers the error envelope of the dialect; `body` is sent as it is (an object as JSON); a `status`
    other than 200 alone has an empty body; with none of them the request passes. With `lose` it passes, and
    its answer is lost on the way back.
    """

    path: str
    method: str = ""
    count: int = 1
    status: int = 200
    code: int = 0
    msg: str = ""
    body: Any = None
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hold: str = ""
    drop: bool = False
    lose: bool = False

    def fits(self, request: Request) -> bool:
        if self.method and self.method.upper() != request.method:
            return False
        return fnmatchcase(request.path, self.path)

    def reply(self, request: Request, refuse: Refuse) -> Reply | None:
        if self.code:
            reply = refuse(ApiError(self.code, self.msg, self.status), request)
        elif isinstance(self.body, str):
            reply = Reply(self.body.encode(), self.status, "text/html; charset=utf-8")
        elif self.body is not None:
            reply = Reply.json(self.body, self.status)
        elif self.status != 200:
            reply = Reply(b"", self.status, "text/plain")
        else:
            return None
        reply.content_type = self.content_type or reply.content_type
        reply.headers = self.headers
        return reply


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fields: dict[str, Any]) -> None:
        """ApiError 4000 for a field nobody knows."""
        try:
            self._faults.append(Fault(**fields))
        except TypeError as error:
            raise bad_request(str(error)) from error

    def clear(self) -> None:
        self._faults.clear()

    async def meet(self, request: Request, holds: Holds, refuse: Refuse) -> Reply | Dropped | None:
        """What the request gets instead of its answer; None: it passes."""
        fault = next((each for each in self._faults if each.fits(request)), None)
        if fault is None:
            return None
        fault.count -= 1
        if fault.count <= 0:
            self._faults.remove(fault)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.hold:
            await holds.wait_here(fault.hold, request.path)
        request.loses_answer = fault.lose
        return Dropped() if fault.drop else fault.reply(request, refuse)
