"""Long and hostile conversations as files: written page by page, and nothing in them is markup of ours."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from accounts.models import User
from chatweb.exports.as_html import as_html
from chatweb.exports.as_json import as_json
from chatweb.exports.as_markdown import as_markdown
from chatweb.exports.file_names import safe_name
from chatweb.models import Action, Bot, Connection, Conversation, CozeIdentity, Leg, Message, Turn

HOSTILE = "</div><script>alert(1)</script>\"'><img src=x onerror=alert(1)> &amp; ```\n# Not a heading of ours"


@pytest.fixture
def talk(db) -> Conversation:
    connection = Connection.objects.create(name="Coze")
    bot = Bot.objects.create(connection=connection, upstream_id="1", name="Bot <b>")
    user = User.objects.create_user("ana", time_zone="Asia/Shanghai")
    identity = CozeIdentity.objects.create(user=user, connection=connection)
    return Conversation.objects.create(user=user, bot=bot, identity=identity, name="A_talk* <i>")


def ask(talk: Conversation, ordinal: int, question: str, answer: str) -> Turn:
    turn = Turn.objects.create(conversation=talk, client_id=uuid4(), ordinal=ordinal, state="completed")
    turn.created_at = turn.ended_at = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    turn.save()
    rows = [("question", question), ("answer", answer)]
    for at, (kind, text) in enumerate(rows):
        Message.objects.create(conversation=talk, turn=turn, ordinal=at, type=kind, text=text)
    return turn


def with_a_card(turn: Turn) -> None:
    leg = Leg.objects.create(turn=turn)
    Action.objects.create(
        turn=turn,
        leg=leg,
        kind=Action.Kind.TOOL_CALL,
        name="rain <u>",
        arguments='{"location": "</pre>"}',
        state="declined",
        decision="declined",
        reason=HOSTILE,
        answered_by=turn.conversation.user,
        device="Firefox · Android",
        answered_at=turn.ended_at,
    )


class Seen(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_html_has_every_word_and_no_markup_but_ours(talk):
    with_a_card(ask(talk, 1, HOSTILE, HOSTILE))
    page = "".join(as_html(talk))
    seen = Seen(page)
    assert seen.text.count(HOSTILE) == 3
    assert not {"script", "img", "link", "iframe", "u", "b", "i"} & set(seen.tags)
    assert not {name for name in seen.attributes if name.startswith("on") or name in {"src", "href"}}
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")


def test_times_are_the_readers_own_and_the_words_their_language(talk):
    with_a_card(ask(talk, 1, "Hi", "Hello"))
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        page, text = "".join(as_html(talk)), "".join(as_markdown(talk))
    assert '<html lang="zh-hans">' in page
    for written in (page, text):
        assert "2026年11月21日 04:00" in written  # the next day there
        assert "Asia/Shanghai" in written
        assert "ana" in written and "Firefox · Android" in written


def test_markdown_keeps_answers_as_they_are_and_everything_else_in_its_place(talk):
    with_a_card(ask(talk, 1, "Hi", "| a |\n|---|\n| *b* |"))
    text = "".join(as_markdown(talk))
    assert "| a |\n|---|\n| *b* |" in text
    assert text.startswith("# A\\_talk\\* \\<i\\>\n")
    [fence] = re.findall(r"^(`{4,})$", text, re.MULTILINE)[::2]
    assert f"\n{fence}\n{HOSTILE}\n{fence}\n" in text


def test_json_is_the_wires_turns_under_a_version(talk):
    with_a_card(ask(talk, 1, HOSTILE, "Hello"))
    ask(talk, 2, "Second", "Bye")
    written = json.loads("".join(as_json(talk)))
    assert (written["format"], written["format_version"]) == ("chatweb-conversation", 1)
    assert [turn["question"] for turn in written["turns"]] == [HOSTILE, "Second"]
    assert written["turns"][0]["actions"][0]["reason"] == HOSTILE
    assert written["turns"][0]["asked_at"] == "2026-11-20T20:00:00+00:00"
    assert "debug_url" not in written["turns"][0]


@pytest.mark.parametrize("write", [as_json, as_markdown, as_html])
def test_a_long_talk_is_written_page_by_page(talk, write, django_assert_max_num_queries):
    for ordinal in range(120):
        ask(talk, ordinal, f"q{ordinal}.", f"a{ordinal}.")
    with django_assert_max_num_queries(20):
        pieces = list(write(talk))
    assert len(pieces) >= 4
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 2
    whole = "".join(pieces)
    assert re.findall(r"\bq\d+\.", whole) == [f"q{n}." for n in range(120)]


def test_an_empty_talk_is_a_whole_file_too(talk):
    assert json.loads("".join(as_json(talk)))["turns"] == []
    assert "".join(as_html(talk)).rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("天气 & 旅行", "天气 & 旅行"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a\r\nSet-Cookie: x\0", "a Set-Cookie- x"),
        ("photo\u202egpj.exe", "photo gpj.exe"),
        ("C:\\con", "C--con"),
        ("CON.txt", "conversation"),
        ("...", "conversation"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_are_safe_on_every_system(words, name):
    assert safe_name(words, otherwise="conversation") == name
