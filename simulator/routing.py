"""A request, the answers it may get, and the table of routes: as much web framework as is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from simulator.envelope import bad_request, envelope, to_bytes, to_json
from simulator.records import Token

if TYPE_CHECKING:
    from simulator.outlet import Outlet
    from simulator.simulator import Simulator

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Request:
    method: str
    path: str
    query_pairs: list[tuple[str, str]]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    log_id: str
    path_values: Mapping[str, str] = field(default_factory=dict)
    token: Token = field(default_factory=lambda: Token(id="", owner=""))
    receive: Receive | None = None  # says when the caller goes away
    loses_answer: bool = False

    @property
    def owner(self) -> str:
        return self.token.owner

    def query(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query_pairs if key == name), default)

    def number(self, name: str, default: int, highest: int = 1_000_000) -> int:
        """A whole number of the query, at most `highest`; ApiError 4000 when it is none or below 1."""
        text = self.query(name) or str(default)
        if not text.isdecimal() or int(text) < 1:
            raise bad_request(f"The field {name} must be a whole number, at least 1.")
        return min(int(text), highest)

    def json(self) -> dict[str, Any]:
        """The body as an object; an empty one is {}; ApiError 4000 for anything else."""
        if not self.body.strip():
            return {}
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise bad_request("The field http body provided is not a valid json.") from error
        if not isinstance(value, dict):
            raise bad_request("The field http body provided is not a json object.")
        return value

    def ok(self, data: Any = None, **beside: Any) -> Reply:
        """The success envelope."""
        return Reply.json(envelope(data, self.log_id, **beside))


@dataclass
class Reply:
    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(
        cls, value: Any, status: int = 200, content_type: str = "application/json; charset=utf-8"
    ) -> Reply:
        return cls(to_bytes(to_json(value)), status, content_type)


@dataclass
class Streamed:
    """The body comes through an outlet, for as long as it is open."""

    outlet: Outlet


@dataclass
class Dropped:
    """The connection is closed without an answer."""


Answer = Reply | Streamed | Dropped
Handler = Callable[["Simulator", Request], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    needs_token: bool


class Routes:
    """A module's own table: decorate its handlers with `get`, `post` and so on."""

    def __init__(self, needs_token: bool = True) -> None:
        self.routes: list[Route] = []
        self._needs_token = needs_token

    def _add(self, method: str, path: str) -> Callable[[Handler], Handler]:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"/?\Z")

        def keep(handler: Handler) -> Handler:
            self.routes.append(Route(method, pattern, handler, self._needs_token))
            return handler

        return keep

    def get(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("GET", path)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("POST", path)

    def put(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("PUT", path)

    def delete(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("DELETE", path)


def find_route(routes: list[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in routes:
        match = route.pattern.match(path) if route.method == method else None
        if match:
            return route, match.groupdict()
    return None


def parse_query(query_string: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
