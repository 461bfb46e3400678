"""docs/asyncapi.json and docs/openapi.json are what is generated, and what the site really answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path

from accounts.models import User
from chatweb.models import Action, Bot, BotGrant, Connection, Leg, Turn
from chatweb.turns.states import TurnState
from chatweb.urls import urlpatterns
from chatweb.views import pages
from tests import asyncapi, contract, openapi
from tests.contract import Json

OPENAPI = json.loads(openapi.FILE.read_text())
SCHEMAS = OPENAPI["components"]["schemas"]
STRANGER = "00000000-0000-4000-8000-00000000ffff"


def test_the_websockets_description_is_what_is_generated() -> None:
    made = contract.printed(asyncapi.describe(contract.FRAMES))
    assert asyncapi.FILE.read_text() == made, "run: python -m tests.asyncapi"


def test_the_commands_description_is_what_is_generated() -> None:
    made = contract.printed(openapi.describe(urlpatterns))
    assert openapi.FILE.read_text() == made, "run: python -m tests.openapi"


def test_every_url_of_the_chat_is_described() -> None:
    described = {path.strip("/") for path in OPENAPI["paths"]}
    assert {"", "c/{conversation_id}/turns/{turn_id}/stop", "healthz", "conversations"} <= described
    assert {openapi.openapi_path(path).strip("/") for path, _ in openapi.routes(urlpatterns)} == described
    assert [path for path in described if path.startswith(("admin", "accounts"))] == []


def test_a_url_that_nobody_described_is_missed() -> None:
    with pytest.raises(ValueError, match="says nothing of /c/new/"):
        openapi.describe([*urlpatterns, path("c/new/", pages.start, name="new")])
    with pytest.raises(ValueError, match="no such URL"):
        openapi.describe(urlpatterns[1:])


# --- what the site answers -------------------------------------------------------------------------


@pytest.fixture
def bot(db) -> Bot:
    connection = Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")
    return Bot.objects.create(connection=connection, upstream_id="7001", name="Echo")


@pytest.fixture
def browser(bot: Bot) -> Client:
    user = User.objects.create_user("alice", password="a long passphrase")
    BotGrant.objects.create(bot=bot, user=user)
    client = Client(headers={"Accept": "application/json"})
    client.force_login(user)
    return client


Call = Callable[..., Json]


@pytest.fixture
def call(browser: Client) -> Call:
    """`call("post", "/c/{conversation_id}/ask/", 202, {…}, conversation_id=…)`: the answer, as described."""

    def made(method: str, template: str, status: int, body: Any = None, query: str = "", **ids: str) -> Json:
        described = OPENAPI["paths"][template][method]["responses"]
        assert str(status) in described, f"{template} says nothing of {status}"
        url = template.format(**ids) + query
        answer = getattr(browser, method)(url, body or {}, content_type="application/json")
        assert answer.status_code == status, answer.content
        response = described[str(status)]
        if "$ref" in response:
            response = OPENAPI["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"]["application/json"]["schema"]
        assert list(contract.misfits(answer.json(), schema, SCHEMAS)) == []
        return dict(answer.json())

    return made


def ids_of(answer: Json) -> dict[str, str]:
    turn = answer["turn"]
    return {"conversation_id": turn["conversation"], "turn_id": turn["id"]}


@pytest.fixture
def begun(call: Call, bot: Bot) -> Json:
    ids = {"client_id": str(uuid4()), "turn_client_id": str(uuid4())}
    return call("post", "/conversations/", 202, {"bot": str(bot.uuid), "text": "Hi 😀", **ids})


TURNS = "/c/{conversation_id}/turns/{turn_id}/"
ACTION = "/c/{conversation_id}/actions/{action_id}/"


def test_answers_about_turns_are_as_described(call: Call, begun: Json) -> None:
    ids = ids_of(begun)
    here = {"conversation_id": ids["conversation_id"]}
    again = call("post", TURNS + "again/", 202, {"client_id": str(uuid4())}, **ids)
    call("post", "/c/{conversation_id}/ask/", 202, {"client_id": str(uuid4()), "text": "And?"}, **here)
    call("post", TURNS + "edit/", 200, {"text": "Hello"}, **ids)
    call("post", TURNS + "send-now/", 202, **ids_of(again))
    call("post", TURNS + "stop/", 202, {"shown": {STRANGER: 3}, "thought": {}}, **ids)
    call("post", TURNS + "answer/", 404, {"outputs": {STRANGER: "dry"}}, **ids)
    call("post", TURNS + "whole/", 400, **ids)
    call("post", TURNS + "withdraw/", 200, **ids)
    call("post", TURNS + "withdraw/", 409, **ids)
    Turn.objects.filter(state=TurnState.QUEUED).update(state=TurnState.FAILED)
    assert len(call("get", "/c/{conversation_id}/", 200, **here)["turns"]) == 2
    assert call("get", "/c/{conversation_id}/turns/", 200, query="?before=1", **here)["turns"] == []


def test_answers_about_cards_are_as_described(call: Call, begun: Json) -> None:
    ids = ids_of(begun)
    turn = Turn.objects.get(uuid=ids["turn_id"])
    Turn.objects.filter(pk=turn.pk).update(state=TurnState.WAITING)
    leg = Leg.objects.create(turn=turn)
    asked = {"turn": turn, "leg": leg, "kind": Action.Kind.TOOL_CALL, "name": "rain"}
    first, second = (Action.objects.create(**asked, ordinal=at) for at in (0, 1))
    card = {"conversation_id": ids["conversation_id"], "action_id": str(first.uuid)}
    draft = {"draft": {"text": "dr"}, "tab": "t1"}
    assert call("post", ACTION + "draft/", 200, draft, **card) == {"draft_version": 1}
    listed = call("get", "/tasks/", 200)["tasks"]
    assert [task["action"]["id"] for task in listed] == [str(first.uuid), str(second.uuid)]
    told = call("post", TURNS + "answer/", 202, {"outputs": {str(first.uuid): "dry"}}, **ids)["turn"]
    assert [action["state"] for action in told["actions"]] == ["ready", "pending"]
    call("post", ACTION + "change/", 200, **card)
    call("post", ACTION + "change/", 409, **card)
    both = {"outputs": {str(first.uuid): "dry"}, "declined": {str(second.uuid): "no"}}
    Bot.objects.update(is_enabled=False)  # whoever may not ask may not answer either
    assert call("post", TURNS + "answer/", 403, both, **ids)["error"]["reason"] == "no_grant"
    Bot.objects.update(is_enabled=True)
    assert call("post", TURNS + "answer/", 202, both, **ids)["turn"]["state"] == "resuming"
    call("post", ACTION + "draft/", 409, draft, **card)
    call("post", "/c/{conversation_id}/files/", 400, conversation_id=ids["conversation_id"])


def test_answers_about_a_conversation_are_as_described(call: Call, begun: Json) -> None:
    here = {"conversation_id": begun["conversation"]["id"]}
    place = "/c/{conversation_id}/"
    assert call("post", place + "rename/", 200, {"name": "A talk"}, **here)["name"] == "A talk"
    assert call("post", place + "pin/", 200, {"on": True}, **here)["is_pinned"]
    assert call("post", place + "archive/", 200, {"on": True}, **here)["is_archived"]
    assert call("post", place + "clear/", 200, **here)["is_clearing"]
    assert call("post", place + "fresh/", 200, **here)["section"] == 2
    call("post", place + "read/", 200, **here)
    assert len(call("get", "/conversations/", 200, query="?archived=1")["conversations"]) == 1
    call("post", place + "delete/", 200, **here)
    call("post", place + "restore/", 200, **here)
    call("post", place + "restore/", 404, **here)


def test_refusals_are_as_described(call: Call, begun: Json, bot: Bot, browser: Client) -> None:
    here = {"conversation_id": begun["conversation"]["id"]}
    ask = "/c/{conversation_id}/ask/"
    question = {"client_id": str(uuid4()), "text": "Hi"}
    call("post", ask, 400, question | {"text": " "}, **here)
    call("post", ask, 400, {"text": "Hi"}, **here)
    call("post", ask, 413, question | {"text": "a" * (settings.MAX_QUESTION_CHARS + 1)}, **here)
    call("post", ask, 404, question, conversation_id=STRANGER)
    bot.grants.all().delete()
    assert call("post", ask, 403, question, **here)["error"]["reason"] == "no_grant"
    browser.logout()
    call("post", ask, 401, question, **here)
    call("get", "/conversations/", 401)
