"""What a bot asks before a conversation begins: checked, remembered, sent with every chat (M-030)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor, refusal_of

CITY = {"type": "string", "x-titles": {"en": "City", "zh": "城市"}}
PARAMETERS = {"type": "object", "properties": {"depth": {"type": "integer", "default": 3}}}
VARIABLES = {
    "type": "object",
    "properties": {"city": CITY, "formal": {"type": "boolean"}},
    "required": ["city"],
}
ADD_BOT = f"""
import json
from chatweb.models import Bot, BotGrant
bot = Bot.objects.get(name="Echo", kind="bot")
grants = list(BotGrant.objects.filter(bot=bot))
connection = bot.connection
connection.pk, connection.uuid, connection.name = None, __import__("uuid").uuid4(), "Asking"
connection.save(force_insert=True)
bot.pk, bot.uuid, bot.connection, bot.name = None, __import__("uuid").uuid4(), connection, "Curious"
bot.asked_parameters = json.loads({json.dumps(json.dumps(PARAMETERS))})
bot.asked_variables = json.loads({json.dumps(json.dumps(VARIABLES))})
bot.save(force_insert=True)
for grant in grants:
    grant.pk, grant.bot = None, bot
    grant.save(force_insert=True)
"""


@pytest.fixture(scope="module")
def curious(site: Site, demo: Visitor) -> str:
    site.shell(ADD_BOT)
    return demo.bot("Curious")


def begin(who: Visitor, bot: str, text: str, asked: Any = None) -> tuple[str, str]:
    body = {"bot": bot, "client_id": str(uuid4()), "turn_client_id": str(uuid4()), "text": text}
    answer = who.post("/conversations/", body | ({"asked": asked} if asked is not None else {}))
    return answer["conversation"]["id"], answer["turn"]["id"]


def sent(simulator: SimulatorProcess, text: str) -> tuple[Any, Any]:
    """Parameters and variables of the one chat with this question."""
    bodies = [request["body"] for request in simulator.requests("/v3/chat", "POST")]
    [body] = [body for body in bodies if text in json.dumps(body, ensure_ascii=False)]
    return body.get("parameters"), body.get("custom_variables")


def kept(who: Visitor, bot: str) -> Any:
    return next(one for one in who.page_state()["bots"] if one["id"] == bot)["asked"]["kept"]


def test_it_is_sent_with_every_chat_until_it_is_changed(demo, curious, simulator) -> None:
    first, second, third = (f"{word} {uuid4()}" for word in ("first", "second", "third"))
    given = {"parameters": {}, "variables": {"city": "Rome", "formal": True, "other": "x"}}
    conversation, turn = begin(demo, curious, first, given)
    demo.wait_for(conversation, turn, "completed")
    assert sent(simulator, first) == ({"depth": 3}, {"city": "Rome", "formal": "true"})
    demo.wait_for(conversation, demo.ask(conversation, second), "completed")
    assert sent(simulator, second) == ({"depth": 3}, {"city": "Rome", "formal": "true"})
    values = demo.http.get(f"/c/{conversation}/asked/").json()["values"]
    assert values == {"parameters": {"depth": 3}, "variables": {"city": "Rome", "formal": True}}
    other = {"parameters": {"depth": 5}, "variables": {"city": "Oslo"}}
    changed = demo.post(f"/c/{conversation}/asked/", other)
    assert changed["values"]["variables"] == {"city": "Oslo"}
    demo.wait_for(conversation, demo.ask(conversation, third), "completed")
    assert sent(simulator, third) == ({"depth": 5}, {"city": "Oslo"})
    assert kept(demo, curious) == other


def test_last_times_values_are_taken_where_none_are_given(demo, demo2, curious, simulator) -> None:
    begin(demo, curious, "x", {"variables": {"city": "Lima"}})
    text = str(uuid4())
    conversation, turn = begin(demo, curious, text)
    demo.wait_for(conversation, turn, "completed")
    assert sent(simulator, text) == ({"depth": 3}, {"city": "Lima"})
    assert kept(demo2, curious) == {}, "one person's values are nobody else's"
    with pytest.raises(httpx.HTTPStatusError) as refused:
        begin(demo2, curious, "nothing was ever given")
    assert refusal_of(refused.value) == (400, "wrong_values")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "wrong_values"),
        ({"variables": {"city": ""}}, "wrong_values"),
        ({"variables": {"city": ["Rome"]}}, "wrong_values"),
        ({"variables": "Rome"}, "wrong_values"),
        ({"variables": {"city": "Rome"}, "parameters": {"depth": "deep"}}, "wrong_values"),
        ("Rome", "malformed"),
    ],
)
def test_what_does_not_fit_begins_nothing_and_changes_nothing(demo, curious, asked, reason) -> None:
    conversation, _turn = begin(demo, curious, "x", {"variables": {"city": "Bern"}})
    before = len(demo.page_state()["conversations"])
    with pytest.raises(httpx.HTTPStatusError) as refused:
        begin(demo, curious, "x", asked)
    assert refusal_of(refused.value) == (400, reason)
    assert len(demo.page_state()["conversations"]) == before
    if isinstance(asked, dict):
        with pytest.raises(httpx.HTTPStatusError):
            demo.post(f"/c/{conversation}/asked/", asked)
        values = demo.http.get(f"/c/{conversation}/asked/").json()["values"]
        assert values["variables"] == {"city": "Bern"}


def test_titles_are_in_the_readers_language_and_a_bot_that_asks_nothing_shows_nothing(demo, curious) -> None:
    def asked_in(language: str, name: str) -> Any:
        demo.http.headers["Accept-Language"] = language
        bots = demo.page_state()["bots"]
        del demo.http.headers["Accept-Language"]
        return next(bot for bot in bots if bot["name"] == name)["asked"]

    titles = {
        language: asked_in(language, "Curious")["variables"]["properties"]["city"]
        for language in ("en", "zh-CN")
    }
    assert titles["en"] == {"type": "string", "title": "City"}
    assert titles["zh-CN"] == {"type": "string", "title": "城市"}
    assert asked_in("en", "Echo") is None
