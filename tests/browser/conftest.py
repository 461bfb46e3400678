"""A real Chromium, a person signed in, and an eye on what a page must never do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tests.browser import chromium
from tests.browser.cable import Cable
from tests.browser.chat_page import ChatPage
from tests.process import Site
from tests.visitor import Visitor

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A pulled cable is heard in the console; nothing else may be.
NETWORK_NOISE = ("net::ERR_", "WebSocket connection to")
PREPARATION_MS = 400
expect.set_options(timeout=10_000)  # a busy machine is no fault of the page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for the folder; Playwright's loop must be gone before other folders run their async tests."""
    path = chromium.find()
    assert path, chromium.WHAT_TO_DO
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*ARGUMENTS, "--no-sandbox"] if is_root else ARGUMENTS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Complaints:
    """What went wrong on any page of a test: script errors, policy violations, requests to other hosts."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.forgiven = NETWORK_NOISE

    def forgive(self, text: str) -> None:
        """A test that provokes an error, or leads to another host, expects to hear of it."""
        self.forgiven = (*self.forgiven, text)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("dialog", lambda dialog: self.found.append(f"dialog: {dialog.message}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(noise in message.text for noise in self.forgiven):
            self.found.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        is_elsewhere = parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1"
        if is_elsewhere and not any(text in url for text in self.forgiven):
            self.found.append(f"request to another host: {url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints.found == []


@pytest.fixture(scope="package")
def cookies(site: Site) -> Callable[[str], str]:
    """The session cookie of a person, signed in once."""
    known: dict[str, str] = {}

    def cookie_of(name: str) -> str:
        if name not in known:
            visitor = Visitor(site.url, name)
            known[name] = visitor.http.cookies["sessionid"]
            visitor.close()
        return known[name]

    return cookie_of


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(
    browser: Browser, cookies: Callable[[str], str], complaints: Complaints
) -> Iterator[NewContext]:
    """A browser profile of its own, signed in as `name` unless that is empty."""
    contexts: list[BrowserContext] = []

    def make(name: str = "demo", **options: object) -> BrowserContext:
        settings = {"locale": "en-US", "timezone_id": "UTC", **options}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        context.on("page", complaints.watch)
        if name:
            cookie = {"name": "sessionid", "value": cookies(name), "domain": "127.0.0.1", "path": "/"}
            context.add_cookies([cookie])  # type: ignore[list-item]
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def chat(new_context: NewContext, site: Site) -> ChatPage:
    """A tab of demo's, on nothing yet."""
    return ChatPage(new_context().new_page(), site.url)


@pytest.fixture
def cable(site: Site) -> Iterator[Cable]:
    cable = Cable(site.port)
    yield cable
    cable.close()


@pytest.fixture(scope="package")
def demo(site: Site) -> Iterator[Visitor]:
    """The same person without a browser: begins what a test does not look at."""
    visitor = Visitor(site.url, "demo")
    yield visitor
    visitor.close()


Begin = Callable[..., ChatPage]


@pytest.fixture
def begin(chat: ChatPage, demo: Visitor) -> Begin:
    """`begin("City weather", city="ask=form")`: a workflow's first turn, its conversation on screen."""

    def start(bot: str, **parameters: str) -> ChatPage:
        conversation, _ = demo.begin(demo.bot(bot), "", dict(parameters))
        chat.open(f"/c/{conversation}/")
        return chat

    return start


def press_at_once(*buttons: Locator) -> None:
    """All within the same millisecond, as far as a computer goes: browsers agree on the clock."""
    at = time.time() * 1000 + PREPARATION_MS
    for button in buttons:
        button.evaluate("(button, at) => void setTimeout(() => button.click(), at - Date.now())", at)
