"""Chatflows and workflows: where they run and what they are started with."""

from __future__ import annotations

import json

import pytest

from chatweb.models import Bot

LIST = "/admin/chatweb/bot/"
NO_GRANTS = {"grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0"}
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


@pytest.fixture
def fields(connection) -> dict[str, object]:
    return {
        "name": "Planner", "connection": connection.pk, "kind": "chatflow", "upstream_id": "77",
        "is_enabled": "on", "suggested_questions": "[]", "shortcut_commands": "[]",
        "file_kinds": ["image"], "most_files": "3", **NO_GRANTS,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "A chatflow runs in a bot or in an app"),
        ({"host_bot_id": "1", "app_id": "2"}, "A bot or an app, not both"),
        ({"kind": "workflow", "host_bot_id": "1", "app_id": "2"}, "A bot or an app, not both"),
        ({"kind": "bot", "host_bot_id": "1"}, "Only chatflows and workflows run in a bot or an app"),
        ({"kind": "bot", "app_id": "1"}, "Only chatflows and workflows run in a bot or an app"),
        ({"host_bot_id": "1", "runs_in_background": "on"}, "Only workflows run in the background"),
        ({"host_bot_id": "1", "parameters": '{"type": "array"}'}, "the type must be “object”"),
        ({"host_bot_id": "1", "parameters": '{"$ref": "https://example.com"}'}, "is elsewhere"),
        ({"host_bot_id": "1", "parameters": "city"}, "Not JSON"),
        ({"host_bot_id": "1", "asked_variables": json.dumps(PARAMETERS)}, "does not take these"),
        ({"kind": "workflow", "asked_parameters": json.dumps(PARAMETERS)}, "does not take these"),
        ({"kind": "bot", "asked_parameters": '{"type": "string"}'}, "under “properties”"),
        ({"kind": "bot", "asked_variables": '{"properties": {"a-b": {}}}'}, "letters of ASCII"),
        ({"kind": "bot", "asked_variables": '{"properties": {"a": {"type": "array"}}}'}, "or yes or no"),
    ],
)
def test_what_is_not_taken(root, fields, change, sentence):
    page = root.post(f"{LIST}add/", {**fields, **change})
    assert sentence in page.content.decode()
    assert not Bot.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"host_bot_id": "1", "parameters": json.dumps(PARAMETERS)},
        {"app_id": "2"},
        {"is_enabled": ""},
        {"kind": "workflow", "runs_in_background": "on"},
        {"kind": "workflow", "app_id": "2"},
        {"kind": "bot"},
    ],
)
def test_what_is_taken(root, fields, change):
    answer = root.post(f"{LIST}add/", {**fields, **change})
    assert answer.status_code == 302
    bot = Bot.objects.get()
    assert bot.parameters == (PARAMETERS if "parameters" in change else None)
    assert (bot.host_bot_id, bot.app_id) == (change.get("host_bot_id", ""), change.get("app_id", ""))


def test_what_is_asked_of_people_is_taken(root, fields):
    asked = {"asked_parameters": json.dumps(PARAMETERS), "asked_variables": json.dumps(PARAMETERS)}
    assert root.post(f"{LIST}add/", {**fields, "kind": "bot", **asked}).status_code == 302
    bot = Bot.objects.get()
    assert (bot.asked_parameters, bot.asked_variables) == (PARAMETERS, PARAMETERS)


def test_parameters_are_shown_line_by_line(root, connection):
    bot = Bot.objects.create(
        connection=connection, kind="workflow", upstream_id="7", name="Flow", parameters=PARAMETERS
    )
    page = root.get(f"{LIST}{bot.pk}/change/").content.decode()
    assert "  &quot;type&quot;: &quot;object&quot;,\n" in page


def test_a_chatflow_without_a_place_cannot_be_switched_on(root, connection):
    common = {"connection": connection, "is_enabled": False}
    Bot.objects.create(**common, kind="chatflow", upstream_id="1", name="Lost")
    Bot.objects.create(**common, kind="chatflow", upstream_id="2", name="Hosted", host_bot_id="9")
    Bot.objects.create(**common, kind="bot", upstream_id="3", name="Plain")
    fields = {"action": "enable", "_selected_action": list(Bot.objects.values_list("pk", flat=True))}
    text = root.post(LIST, fields, follow=True).content.decode()
    assert "for want of a bot or an app to run in: Lost." in text
    assert "2 bots changed." in text
    assert set(Bot.objects.filter(is_enabled=True).values_list("name", flat=True)) == {"Hosted", "Plain"}
