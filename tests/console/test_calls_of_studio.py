"""Coze Studio words the calls of tools otherwise than the cloud; operators see and find them all the same."""

from __future__ import annotations

import psycopg
import pytest

from chatweb.console.transcript.pieces import name_in
from chatweb.models import ConversationMark, summing
from chatweb.models.reckoning import reckon
from tests.postgres import postgres_cluster

from .conftest import ask, say

STUDIO = (
    '{"id":"call_1","type":"function","function":{"name":"get_rain","arguments":"{\\"city\\":\\"Oslo\\"}"}}'
)
CLOUD = '{"name": "get_rain", "arguments": {"city": "Oslo"}}'
HOSTILE = '{"function":["name"],"name":{"a":1'


def test_the_transcript_says_which_tool_was_called(operator, conversation):
    turn = ask(conversation, 1)
    say(turn, "function_call", STUDIO, 1)
    say(turn, "tool_output", '{"probability":0.4}', 2)
    page = operator.get(f"/console/conversations/{conversation.uuid}/").content.decode()
    assert "get_rain" in page
    assert "Output of a tool" in page


@pytest.mark.parametrize(("text", "name"), [(STUDIO, "get_rain"), (CLOUD, "get_rain"), (HOSTILE, "")])
def test_the_name_stands_in_two_places(text, name):
    assert name_in(text) == name


@pytest.mark.parametrize("text", [STUDIO, CLOUD])
def test_the_log_finds_conversations_by_the_tool(conversation, text):
    turn = ask(conversation, 1)
    say(turn, "function_call", text, 1)
    say(turn, "function_call", HOSTILE, 2)
    reckon(turn.pk)
    assert [mark.word for mark in ConversationMark.objects.filter(kind="tool")] == ["get_rain"]


def test_the_same_on_postgresql(monkeypatch):
    monkeypatch.setattr(summing, "_is_postgresql", lambda: True)
    name = summing._name_in_call()
    with postgres_cluster() as url, psycopg.connect(url) as database:
        for text, expected in [(STUDIO, "get_rain"), (CLOUD, "get_rain"), (HOSTILE, None)]:
            row = database.execute(f"SELECT {name} FROM (SELECT %s AS text) m", [text]).fetchone()
            assert row == (expected,)
