"""What a real Chromium shows of some conversations that it opens afresh."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from http.cookiejar import CookieJar

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium

Shown = list[tuple[str, list[str]]]  # the turns: state, answers
NO_WORD = re.compile(r"^\s*\d+\. |[^\w%]", re.MULTILINE)  # the browser draws the numbers of a list itself
READ = """() => {
    const turns = [...document.querySelectorAll('[role=log] [data-turn-state]')];
    const texts = (turn) => [...turn.querySelectorAll('article[data-role=assistant] .message__text')];
    return turns.map((turn) => [turn.dataset.turnState, texts(turn).map((text) => text.textContent)]);
}"""
IS_AT_REST = """() => {
    const log = document.querySelector('[role=log]');
    return log && log.querySelector('chat-turn') && customElements.get('chat-turn')
        && !document.querySelector('.message__text--source');
}"""
OPEN_MS = 60_000


def words(text: str) -> str:
    """What is left of Markdown when it is drawn."""
    return NO_WORD.sub("", text)


def read_pages(url: str, wanted: Mapping[str, CookieJar]) -> dict[str, Shown]:
    """By conversation; `wanted` gives each the cookies of its person. AssertionError without a browser."""
    path = chromium.find()
    assert path, chromium.WHAT_TO_DO
    arguments = ["--no-sandbox", "--disable-gpu"] if os.geteuid() == 0 else ["--disable-gpu"]
    shown: dict[str, Shown] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for conversation, cookies in wanted.items():
            context = browser.new_context(locale="en-US")
            context.add_cookies(
                [
                    {"name": one.name, "value": one.value or "", "domain": "127.0.0.1", "path": "/"}
                    for one in cookies
                ]
            )
            page = context.new_page()
            page.goto(f"{url}/c/{conversation}/", timeout=OPEN_MS)
            shown[conversation] = _read(page)
            context.close()
        browser.close()
    return shown


def _read(page: Page) -> Shown:
    page.wait_for_function(IS_AT_REST, timeout=OPEN_MS)
    return [(state, [words(text) for text in texts]) for state, texts in page.evaluate(READ)]
