"""Workflows and chatflows come with the bots, and what an admin set is never overwritten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from chatweb.models import AuditEntry, Bot, Connection
from tests.simulator.process import CITY_WEATHER_ID, TRAVEL_FLOW_ID

PAGE = "/admin/chatweb/connection/"
KEY = re.compile(r'name="chosen" value="([^"]+)"')
DIGEST = re.compile(r'name="digest" value="([^"]+)"')


@pytest.fixture
def live(simulator, db) -> Connection:
    return Connection.objects.create(name="Live", base_url=simulator.url, token=simulator.token)


def import_all(client, connection: Connection) -> str:
    """Everything on the page is ticked and taken; the page that follows."""
    address = f"{PAGE}{connection.pk}/import/"
    page = client.get(address).content.decode()
    fields = {"chosen": KEY.findall(page), "digest": DIGEST.findall(page)}
    return client.post(address, fields, follow=True).content.decode()


def test_a_workflow_comes_with_its_start_parameters_and_can_be_asked(root, live):
    import_all(root, live)
    flow = live.bots.get(upstream_id=CITY_WEATHER_ID)
    assert (flow.kind, flow.name, flow.is_enabled) == (Bot.Kind.WORKFLOW, "City weather", True)
    assert flow.parameters["type"] == "object"
    assert flow.parameters["properties"]["city"]["type"] == "string"


def test_a_chatflow_without_a_place_is_switched_off_and_said(root, live):
    text = import_all(root, live)
    flow = live.bots.get(upstream_id=TRAVEL_FLOW_ID)
    assert (flow.kind, flow.is_enabled, flow.host_bot_id, flow.app_id) == ("chatflow", False, "", "")
    assert f"need the id of a bot or an app to run in, then switch them on: {flow.name}." in text
    assert flow.prologue
    Bot.objects.filter(pk=flow.pk).update(host_bot_id="1")
    assert "need the id of a bot" not in import_all(root, live)


def test_importing_again_keeps_what_an_admin_set(root, live):
    import_all(root, live)
    mine = {"type": "object", "properties": {"place": {"type": "string"}}}
    live.bots.filter(upstream_id=CITY_WEATHER_ID).update(
        parameters=mine, name="Renamed", is_enabled=False, runs_in_background=True
    )
    live.bots.filter(upstream_id=TRAVEL_FLOW_ID).update(host_bot_id="1", is_enabled=True)
    count = live.bots.count()
    assert f"0 added, {count} updated, 0 no longer published" in import_all(root, live)
    weather, travel = (live.bots.get(upstream_id=one) for one in (CITY_WEATHER_ID, TRAVEL_FLOW_ID))
    assert (weather.parameters, weather.is_enabled, weather.runs_in_background) == (mine, False, True)
    assert weather.name == "City weather"
    assert (travel.host_bot_id, travel.is_enabled) == ("1", True)


def test_emptied_parameters_are_read_again(root, live):
    import_all(root, live)
    live.bots.filter(upstream_id=CITY_WEATHER_ID).update(parameters=None)
    import_all(root, live)
    assert live.bots.get(upstream_id=CITY_WEATHER_ID).parameters


def test_what_is_no_longer_listed_is_counted_and_stays(root, live):
    live.bots.create(kind="workflow", upstream_id="1", name="Gone workflow")
    live.bots.create(kind="bot", upstream_id="2", name="Gone bot")
    assert "2 no longer published" in import_all(root, live)
    assert live.bots.filter(name__startswith="Gone", is_enabled=True).count() == 2


def test_the_test_button_counts_workflows_too(root, live):
    text = root.post(f"{PAGE}{live.pk}/test/", follow=True).content.decode()
    import_all(root, live)
    assert f"{live.bots.filter(kind='bot').count()} bots, 2 workflows." in text


class Account(BaseHTTPRequestHandler):
    """A small account with the oddities that the simulator does not have; `answers` by path."""

    answers: dict[str, object] = {}

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        mode = parse_qs(parts.query).get("workflow_mode", [""])[0]
        body = json.dumps(self.answers.get(f"{parts.path}?{mode}", self.answers.get(parts.path))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


def fine(data: object) -> dict[str, object]:
    return {"code": 0, "msg": "", "data": data}


NO_RIGHT = {
    "code": 4101,
    "msg": "The token you entered does not have listWorkflow",
    "detail": {"logid": "2024L"},
}


@pytest.fixture
def account(db) -> Iterator[Connection]:
    Account.answers = {
        "/v1/users/me": fine({"user_name": "team"}),
        "/v1/workspaces": fine({"workspaces": [{"id": "5", "name": "Team"}], "total_count": 1}),
        "/v1/bots": fine({"items": [{"id": "11", "name": "Helper"}], "total": 1}),
        "/v1/bots/11": fine({"bot_id": "11", "name": "Helper"}),
        "/v1/workflows": fine({"items": [], "has_more": False}),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), Account)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Connection.objects.create(
            name="Team", base_url=f"http://127.0.0.1:{server.server_address[1]}", token="pat_team"
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_token_without_a_right_to_workflows_still_brings_the_bots(root, account):
    account.bots.create(kind="workflow", upstream_id="21", name="Known before")
    Account.answers["/v1/workflows"] = NO_RIGHT
    text = import_all(root, account)
    assert 'class="warning">Team: 1 added, 0 updated, 0 no longer published. Workflows could not be' in text
    assert "2024L" in text
    assert account.bots.filter(upstream_id="11").exists()


def test_one_workflow_that_cannot_be_read_does_not_keep_the_others(root, account):
    flows = [{"workflow_id": "21", "workflow_name": "Open"}, {"workflow_id": "22", "workflow_name": "Shut"}]
    Account.answers["/v1/workflows?workflow"] = fine({"items": flows, "has_more": False})
    Account.answers["/v1/workflows/21"] = fine({"workflow_detail": flows[0]})
    Account.answers["/v1/workflows/22"] = NO_RIGHT
    assert "Start parameters could not be read of: Shut." in import_all(root, account)
    assert set(account.bots.filter(kind="workflow").values_list("name", flat=True)) == {"Open", "Shut"}


def test_a_chatflow_of_an_app_has_its_place_and_is_switched_on(root, account):
    flow = {"workflow_id": "23", "workflow_name": "Tour", "app_id": "99"}
    Account.answers["/v1/workflows?chatflow"] = fine({"items": [flow], "has_more": False})
    Account.answers["/v1/workflows/23"] = fine({"workflow_detail": flow, "role": {}})
    import_all(root, account)
    tour = account.bots.get(upstream_id="23")
    assert (tour.kind, tour.app_id, tour.is_enabled) == ("chatflow", "99", True)


def page_of(client, connection: Connection) -> str:
    return client.get(f"{PAGE}{connection.pk}/import/").content.decode()


def test_the_page_says_what_would_come_and_changes_nothing(root, account):
    account.bots.create(kind="bot", upstream_id="12", name="Gone")
    page = page_of(root, account)
    assert KEY.findall(page) == ["bot:11"]
    assert "no longer published" in page
    assert set(account.bots.values_list("name", flat=True)) == {"Gone"}
    assert account.bots.get().unpublished_at is None


def test_only_what_is_ticked_comes_and_the_rest_is_offered_again(root, account):
    two = [{"id": "11", "name": "Helper"}, {"id": "12", "name": "Other"}]
    Account.answers["/v1/bots"] = fine({"items": two, "total": 2})
    Account.answers["/v1/bots/12"] = fine({"bot_id": "12", "name": "Other"})
    digest = DIGEST.findall(page_of(root, account))
    root.post(f"{PAGE}{account.pk}/import/", {"chosen": ["bot:12"], "digest": digest})
    assert set(account.bots.values_list("name", flat=True)) == {"Other"}
    assert "bot:11" in KEY.findall(page_of(root, account))


def test_what_changed_is_shown_before_and_after(root, account):
    import_all(root, account)
    Account.answers["/v1/bots/11"] = fine({"bot_id": "11", "name": "Helper", "description": "<i>Newer</i>"})
    page = page_of(root, account)
    assert "&lt;i&gt;Newer&lt;/i&gt;" in page
    assert "<del>–</del>" in page
    import_all(root, account)
    assert account.bots.get().description == "<i>Newer</i>"


def test_what_changed_meanwhile_is_shown_again_with_the_same_ticks(root, account):
    digest = DIGEST.findall(page_of(root, account))
    Account.answers["/v1/bots/11"] = fine({"bot_id": "11", "name": "Renamed"})
    answer = root.post(f"{PAGE}{account.pk}/import/", {"chosen": ["bot:11"], "digest": digest})
    page = answer.content.decode()
    assert "The upstream changed meanwhile" in page
    assert 'value="bot:11" id="found-1" checked' in page
    assert account.bots.count() == 0


def test_one_that_is_no_longer_published_is_grey_until_it_is_back(root, account):
    import_all(root, account)
    Account.answers["/v1/bots"] = fine({"items": [], "total": 0})
    import_all(root, account)
    assert account.bots.get().unpublished_at is not None
    assert "not published since" in root.get("/admin/chatweb/bot/").content.decode()
    Account.answers["/v1/bots"] = fine({"items": [{"id": "11", "name": "Helper"}], "total": 1})
    import_all(root, account)
    assert account.bots.get().unpublished_at is None


def test_the_audit_log_has_the_import(root, superuser, account):
    import_all(root, account)
    entry = AuditEntry.objects.get(action="connection.imported")
    assert (entry.actor, entry.after["added"]) == (superuser, 1)
