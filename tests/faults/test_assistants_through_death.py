"""A server dies before the service heard of a question, and while a card of its waits for a person.

What lies between is in test_assistants.py."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.assistants import connect
from tests.live.upstream import a_mark, chat_of
from tests.process import Site
from tests.simulator.process import SimulatorProcess, simulator_process
from tests.visitor import Visitor

KINDS = {"v2": "assistants=v2", "v1": "assistants=v1"}
RAIN = json.dumps({"rain": "80%"})


@pytest.fixture(scope="module")
def service(mortal_site: Site) -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="assistants", rate=0) as service:
        for name, beta in KINDS.items():
            connect(mortal_site, service, name, beta)
        yield service


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest, service: SimulatorProcess) -> str:
    """v2 streams, v1 is polled."""
    return str(request.param)


def said(service: SimulatorProcess, mark: str) -> list[str]:
    """Who said what with the mark in it, of all threads."""
    return [one["role"] for one in service.messages() if mark in one["content"]]


def survive(site: Site, service: SimulatorProcess, hold: str, count: int = 1) -> None:
    service.reached(hold, count=count)
    site.kill()
    service.release(hold)
    site.start()


def test_before_the_message(
    mortal_site: Site, service: SimulatorProcess, visitor: Visitor, kind: str
) -> None:
    mark = a_mark()
    service.fault("/v1/threads/*/messages", method="POST", hold=mark, drop=True)
    conversation, turn = visitor.begin(visitor.bot(f"Echo {kind}"), f"{mark} tokens=5")
    survive(mortal_site, service, mark)
    lost = visitor.wait_for(conversation, turn, "completed", "failed", "lost", seconds=40)
    assert (lost["state"], said(service, mark)) == ("lost", [])
    body = {"client_id": f"0b7a8c4e-5a51-4e4b-9f5f-{a_mark()[1:]}"}
    again = visitor.post(f"/c/{conversation}/turns/{turn}/again/", body)["turn"]["id"]
    visitor.wait_for(conversation, again, "completed")
    assert said(service, mark).count("user") == 1


def test_a_card_waits_through_a_restart(
    mortal_site: Site, service: SimulatorProcess, visitor: Visitor, kind: str
) -> None:
    mark = a_mark()
    conversation, turn = visitor.begin(visitor.bot(f"Weather {kind}"), f"{mark} in Ulm")
    [card] = visitor.wait_for_round(conversation, turn)
    mortal_site.kill()
    mortal_site.start()
    assert visitor.turn(conversation, turn)["actions"] == [card]
    visitor.answer(conversation, turn, {card["id"]: RAIN})
    done = visitor.wait_for(conversation, turn, "completed", "failed", "lost")
    assert done["state"] == "completed"
    assert chat_of(service, mark)["status"] == "completed"
