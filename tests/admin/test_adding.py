"""A service that lists nothing: its bots come by their ids, with what it says of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatweb.models import AuditEntry, Bot, Connection
from tests.simulator.process import (
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    SimulatorProcess,
    simulator_process,
)

PAGE = "/admin/chatweb/connection/"


@pytest.fixture(scope="module")
def studio() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="studio") as simulator:
        yield simulator


@pytest.fixture
def connection(studio: SimulatorProcess, db: None) -> Connection:
    fields = {"dialect": "studio", "base_url": studio.url, "token": studio.token}
    return Connection.objects.create(name="Our Studio", **fields)


def add(client, connection: Connection, kind: str, upstream_id: str, name: str = "") -> str:
    fields = {"kind": kind, "upstream_id": upstream_id, "name": name}
    return client.post(f"{PAGE}{connection.pk}/import/", fields, follow=True).content.decode()


def test_the_test_says_that_it_works_and_what_to_do(root, connection):
    page = root.post(f"{PAGE}{connection.pk}/test/", follow=True).content.decode()
    assert "Connected. This service does not list its bots: add them by their ids." in page


def test_a_wrong_token_is_told(root, connection):
    Connection.objects.filter(pk=connection.pk).update(token="")
    connection.token = "pat_wrong"
    connection.save()
    page = root.post(f"{PAGE}{connection.pk}/test/", follow=True).content.decode()
    assert "Code 700012006." in page


@pytest.mark.parametrize(
    "given", [BOT_IDS["Echo"], f"http://studio.example:8888/space/7/bot/{BOT_IDS['Echo']}?from=list"]
)
def test_a_bot_comes_by_its_id_or_by_the_address_of_its_page(root, connection, given):
    page = add(root, connection, "bot", given)
    assert "Echo is here. Say below who may use it." in page
    echo = connection.bots.get()
    assert (echo.name, echo.upstream_id, echo.is_enabled) == ("Echo", BOT_IDS["Echo"], True)
    assert echo.prologue
    assert AuditEntry.objects.filter(action="connection.imported").exists()
    add(root, connection, "bot", BOT_IDS["Echo"])
    assert connection.bots.count() == 1


def test_flows_come_too_and_a_workflow_is_named_by_the_admin(root, connection):
    page = add(root, connection, "chatflow", TRAVEL_FLOW_ID)
    assert "It needs the id of a bot or an app to run in; then switch it on." in page
    assert (connection.bots.get().name, connection.bots.get().is_enabled) == ("Travel planner", False)
    add(root, connection, "workflow", f"/work_flow?space_id=1&workflow_id={CITY_WEATHER_ID}", "City weather")
    weather = connection.bots.get(kind="workflow")
    assert (weather.name, weather.upstream_id, weather.is_enabled) == ("City weather", CITY_WEATHER_ID, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("7430000000000000999", "No bot was added. The service says:"),
        ("two words", "There is no id in this."),
    ],
)
def test_what_was_typed_stays_with_what_is_wrong_about_it(root, connection, given, sentence):
    page = add(root, connection, "bot", given)
    assert sentence in page
    assert f'value="{given}"' in page
    assert not Bot.objects.exists()


def test_an_import_reads_what_is_here_again(root, connection, studio):
    empty = root.get(f"{PAGE}{connection.pk}/import/").content.decode()
    assert "add bots and flows by their ids" in empty
    assert "Import what is ticked" not in empty
    add(root, connection, "bot", BOT_IDS["Echo"])
    add(root, connection, "bot", BOT_IDS["Weather"])
    add(root, connection, "workflow", CITY_WEATHER_ID, "City weather")
    connection.bots.filter(name="Echo").update(prologue="An old one")
    studio.control("POST", f"bots/{BOT_IDS['Weather']}", {"is_deleted": True})
    page = root.get(f"{PAGE}{connection.pk}/import/").content.decode()
    assert "An old one" in page
    assert "no longer published; it stays here, in grey" in page
    fields = {"action": "import_all_bots", "_selected_action": [connection.pk]}
    said = root.post(PAGE, fields, follow=True).content.decode()
    assert "0 added, 2 updated, 1 no longer published." in said
    assert connection.bots.get(name="Echo").prologue != "An old one"
    assert connection.bots.get(kind="workflow").name == "City weather"
    assert connection.bots.get(name="Weather").unpublished_at


def test_a_token_of_the_cloud_that_sees_no_list_adds_by_id_as_well(root, simulator, db):
    cloud = Connection.objects.create(name="Cloud", base_url=simulator.url, token=simulator.token)
    assert "Echo is here." in add(root, cloud, "bot", BOT_IDS["Echo"])


def test_studio_takes_personal_access_tokens_only(root, connection):
    fields = {"name": "Our Studio", "dialect": "studio", "base_url": connection.base_url, "beta": ""}
    page = root.post(f"{PAGE}{connection.pk}/change/", {**fields, "auth": "oauth_jwt"}).content.decode()
    assert "Coze Studio takes personal access tokens only." in page
