"""A frame is in its socket as soon as it is sent, and nothing overtakes what a slow socket has not taken."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import twisted.internet.tcp
from twisted.internet.tcp import Connection

from chatweb.eager_writes import EagerWrites, eager_writes_of


class Reactor:
    """What a connection asks of its reactor."""

    def __init__(self) -> None:
        self.writers: list[object] = []

    def addWriter(self, one: object) -> None:
        self.writers.append(one)

    def removeWriter(self, one: object) -> None:
        self.writers = [writer for writer in self.writers if writer is not one]

    removeReader = addReader = removeWriter


class Protocol:
    transport: Any = None


@pytest.fixture
def ends() -> Iterator[tuple[Connection, socket.socket, Reactor]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    reactor = Reactor()
    connection = Connection(ours, Protocol(), reactor)
    connection.connected = 1
    yield connection, theirs, reactor
    ours.close()
    theirs.close()


def received(theirs: socket.socket) -> bytes:
    parts = []
    while True:
        try:
            parts.append(theirs.recv(1 << 20))
        except BlockingIOError:
            return b"".join(parts)


def test_a_frame_is_there_before_the_loop_turns(ends: Any) -> None:
    connection, theirs, reactor = ends
    with EagerWrites(connection):
        connection.write(b"one")
    assert received(theirs) == b"one"
    assert reactor.writers == []


def test_without_it_the_loop_has_to_turn_first(ends: Any) -> None:
    connection, theirs, reactor = ends
    connection.write(b"one")
    assert received(theirs) == b""
    assert reactor.writers == [connection]


def test_what_does_not_fit_goes_by_the_loop_and_nothing_overtakes_it(ends: Any) -> None:
    connection, theirs, reactor = ends
    eager, large = EagerWrites(connection), b"x" * 3_000_000
    with eager:
        connection.write(large)
    assert reactor.writers == [connection]
    with eager:
        connection.write(b"last")
    got = received(theirs)
    while len(got) < len(large) + 4:
        connection.doWrite()
        got += received(theirs)
    assert got == large + b"last"
    assert reactor.writers == []


def test_a_broken_socket_is_left_to_the_reactor(ends: Any) -> None:
    connection, theirs, reactor = ends
    theirs.close()
    with EagerWrites(connection):
        connection.write(b"one")
    assert reactor.writers == [connection]


def test_only_daphnes_connections_are_written_to_at_once(ends: Any, monkeypatch: Any) -> None:
    connection, _theirs, _reactor = ends
    protocol = Protocol()
    protocol.transport = connection
    monkeypatch.setitem(__import__("sys").modules, "daphne.server", twisted.internet.tcp)
    assert eager_writes_of(partial(print, protocol)) is not None
    assert eager_writes_of(partial(print, Protocol())) is None
    assert eager_writes_of(print) is None
