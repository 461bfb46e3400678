"""The demo's bots of every kind and its tools; a second seeding keeps what people changed."""

from __future__ import annotations

import pytest

from chatweb.admin.schemas import check_schema
from chatweb.management.seeding import (
    SIMULATED,
    TOOLS,
    Upstream,
    host_chatflows,
    seed_bots,
    seed_people,
    seed_tools,
)
from chatweb.models import Bot, Connection, Tool
from chatweb.turns.templates import check_template
from tests.simulator.process import BOT_IDS, CITY_WEATHER_ID, TRAVEL_FLOW_ID, SimulatorProcess


def seed(simulator: SimulatorProcess) -> None:
    seed_people()
    seed_tools()
    seed_bots(Upstream(SIMULATED, simulator.url, simulator.token))


def test_workflow_and_chatflow_are_granted_and_can_be_asked(simulator, db):
    seed(simulator)
    weather, travel = (Bot.objects.get(upstream_id=one) for one in (CITY_WEATHER_ID, TRAVEL_FLOW_ID))
    assert weather.parameters["properties"].keys() >= {"city", "date"}
    assert travel.host_bot_id == BOT_IDS["Travel"]
    for flow in (weather, travel):
        assert flow.is_enabled
        assert flow.grants.get().group.name == "Everyone"


def test_seeding_again_keeps_what_people_changed(simulator, db):
    seed(simulator)
    Bot.objects.filter(upstream_id=TRAVEL_FLOW_ID).update(host_bot_id="1", is_enabled=False)
    Tool.objects.filter(name="book_umbrella").update(mode="refuse")
    before = Bot.objects.count(), Tool.objects.count()
    seed(simulator)
    assert (Bot.objects.count(), Tool.objects.count()) == before
    travel = Bot.objects.get(upstream_id=TRAVEL_FLOW_ID)
    assert (travel.host_bot_id, travel.is_enabled) == ("1", False)
    assert Tool.objects.get(name="book_umbrella").mode == "refuse"


def test_the_tools_are_such_as_an_admin_could_have_registered(db):
    seed_tools()
    assert set(TOOLS) == {"read_photo", "book_umbrella"}
    for tool in Tool.objects.all():
        tool.full_clean()
        check_template(tool.approve_output)
        check_template(tool.decline_output)
        if tool.schema:
            check_schema(tool.schema)


@pytest.mark.parametrize(
    ("bots", "host"),
    [(["Tour"], "1"), (["Tour", "Tour de"], ""), (["Detour"], ""), (["Tour guide plus"], ""), ([], "")],
)
def test_a_host_is_only_taken_where_names_leave_no_doubt(db, bots, host):
    connection = Connection.objects.create(name="Any", base_url="http://127.0.0.1:9")
    for number, name in enumerate(bots, start=1):
        connection.bots.create(upstream_id=str(number), name=name)
    connection.bots.create(kind="chatflow", upstream_id="9", name="Tour de guide", is_enabled=False)
    host_chatflows(connection)
    flow = Bot.objects.get(kind="chatflow")
    assert (flow.host_bot_id, flow.is_enabled) == (host, bool(host))
