"""The interface in every language of the site: complete catalogues, and pages that are Chinese throughout."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from chatweb.management import catalogues
from chatweb.models import Bot, BotGrant, Connection

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.8"}
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "data-when-on", "data-when-off")
SPOKEN += ("data-when-enter", "data-when-modifier")
# Names of keys and standards, which no language translates.
NAMES = {"AI", "Chatweb", "Ctrl", "Enter", "English", "JSON", "Markdown", "Shift", "UTC"}


class Shell(HTMLParser):
    """What a page shows and says aloud: texts and labels, without scripts and time zones."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "optgroup"}
        self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "optgroup"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)

    def english(self) -> set[str]:
        words = re.sub(r"%\(\w+\)s|\{\w+\}", "", " ".join(self.said))
        return set(re.findall(r"[A-Za-z]{2,}", words)) - NAMES


@pytest.fixture
def compiled(tmp_path: Path, settings) -> None:
    """The catalogues as they stand in the tree, whatever was compiled before."""
    for place in catalogues.places():
        path = tmp_path / place.locale / "LC_MESSAGES" / f"{place.domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogues.read(place))
    settings.LOCALE_PATHS = [tmp_path]


@pytest.fixture
def reader(db, compiled, client: Client) -> Client:
    """Somebody with a Chinese name, one Chinese bot and a Chinese browser."""
    user = User.objects.create_user("周宁", "ning@example.com", "correct horse battery")
    connection = Connection.objects.create(name="扣子", base_url="http://127.0.0.1:1", token="pat_x")
    bot = Bot.objects.create(connection=connection, upstream_id="1", name="小助手", prologue="你好！")
    BotGrant.objects.create(bot=bot, user=user)
    client.force_login(user)
    return client


@pytest.mark.parametrize("place", catalogues.places(), ids=str)
def test_every_string_of_the_sources_is_translated(place):
    assert catalogues.problems(catalogues.read(place), catalogues.said(place.domain)) == []


def test_the_sources_are_really_read():
    """A template tag, a lazy Python string and a call inside a JavaScript template string."""
    django, javascript = catalogues.said("django"), catalogues.said("djangojs")
    assert {"Skip to where you type", "Hello, %(name)s.", "The bot could not finish its answer."} <= {
        message.id for message in django
    }
    assert javascript.get("%(count)s question waits").pluralizable
    assert javascript.get("Stopped.") is not None


@pytest.mark.parametrize(
    ("key", "text", "flags", "problem"),
    [
        ("Send", "", [], "untranslated: 'Send'"),
        ("Send", "发送", ["fuzzy"], "fuzzy: 'Send'"),
        ("Hello, %(name)s.", "你好，%(nama)s", [], "other placeholders: "),
        ("Hello, %(name)s.", "你好", [], "other placeholders: "),
        ("{length} of %s", "{length}", [], "other placeholders: "),
        ("Options for %%(name)s", "%%(名字)s", [], "other placeholders: "),
        (("%(n)d bot", "%(n)d bots"), ("机器人",), [], "other placeholders: "),
        ("Sned", "发送", [], "stale: 'Sned'"),
    ],
)
def test_a_flaw_is_found(key, text, flags, problem):
    catalog = Catalog(locale="zh_Hans")
    catalog.add(key, text, flags=flags)
    sources = Catalog()
    if key != "Sned":
        sources.add(key)
    [found] = catalogues.problems(catalog, sources)
    assert found.startswith(problem)


def test_a_new_string_is_missing_until_it_is_added():
    sources = Catalog()
    sources.add("Send")
    assert catalogues.problems(Catalog(locale="zh_Hans"), sources) == ["missing: 'Send'"]


def test_the_command_says_what_is_missing_and_adds_its_key(tmp_path, monkeypatch):
    """A site without any catalogue: the check names the strings, the update writes them, twice the same."""
    monkeypatch.setattr(catalogues.Place, "path", property(lambda place: tmp_path / f"{place.domain}.po"))
    monkeypatch.setattr(catalogues.Place, "__str__", lambda place: place.domain)
    with pytest.raises(CommandError, match="django: missing: 'Skip to where you type'"):
        call_command("catalogues", "--check")
    call_command("catalogues", stdout=StringIO())
    written = (tmp_path / "django.po").read_text()
    assert 'msgid "Skip to where you type"\nmsgstr ""\n' in written
    call_command("catalogues", stdout=StringIO())
    assert (tmp_path / "django.po").read_text() == written


@pytest.mark.parametrize("wish", ["zh-CN,zh;q=0.9,en;q=0.8", "zh", "zh-Hans", "zh-SG"])
def test_the_browsers_wish_decides(reader, wish):
    page = reader.get("/", HTTP_ACCEPT_LANGUAGE=wish)
    assert page["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans">' in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/settings/", "/accounts/password/change/", "/nowhere/"])
def test_a_chinese_page_holds_no_english(reader, path):
    page = reader.get(path, **CHINESE).content.decode()
    assert Shell(page).english() - {"ning", "example", "com"} == set()  # her own address


def test_the_start_page_speaks_chinese(reader):
    said = " ".join(Shell(reader.get("/", **CHINESE).content.decode()).said)
    for words in ("新会话", "你好，周宁", "想问哪个智能体？", "发送", "退出登录"):
        assert words in said


def test_sign_in_refuses_in_chinese(db, compiled, client):
    page = client.post("/accounts/login/", {"login": "x", "password": "y"}, **CHINESE).content.decode()
    assert "用户名或密码不正确。" in page
    assert Shell(page).english() == set()


def test_sentences_and_refusals_are_in_the_readers_language(reader):
    page = reader.get("/", **CHINESE).content.decode()
    state = json.loads(re.search(r'id="page-state"[^>]*>(.*?)</script>', page, re.S)[1])
    assert state["sentences"]["busy"]["sentence"] == "另一台设备正在同一会话中与该智能体对话。"
    refused = reader.post(
        "/conversations/", "{", "application/json", HTTP_ACCEPT="application/json", **CHINESE
    )
    assert refused.json()["error"]["sentence"] == "网站无法识别这个请求。"


def test_scripts_get_their_words_and_the_plural_rule(reader):
    script = reader.get("/jsi18n/", **CHINESE)
    words = words_of(script)
    assert words["Stopped."] == "已停止"
    assert words["%(count)s question waits"] == ["%(count)s 个提问排队中"]
    assert b"const v = 0;" in script.content


def test_the_words_have_an_address_of_their_language_and_version_and_are_kept(reader):
    page = reader.get("/", **CHINESE).content.decode()
    address = unescape(re.search(r'<script src="(/jsi18n/[^"]+)"', page)[1])
    kept = reader.get(address)  # by a browser that would ask in English
    assert words_of(kept)["Stopped."] == "已停止"
    assert "immutable" in kept["Cache-Control"]
    assert "Cookie" not in kept.get("Vary", "")
    stale = reader.get(re.sub("v=[0-9a-f]+", "v=0", address))
    assert "immutable" not in stale["Cache-Control"]


def words_of(script: HttpResponse) -> dict:
    return json.loads(re.search(r"newcatalog = (\{.*?\n  \});", script.content.decode(), re.S)[1])
