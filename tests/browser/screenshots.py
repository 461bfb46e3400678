"""Pictures of the site for people to look at: `make screenshots` writes them to test-results/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess

FOLDER = Path(__file__).parents[2] / "test-results"
SIZES = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
QUESTIONS = {
    "Echo": "A short list, please:\n\n- **bold**\n- `code`\n- [a link](https://example.com)",
    "Showcase": "Show me a table, some code and a formula.",
    "Reasoner": "Why is the sky blue?",
    "Weather": "Will it rain in Beijing?",
    "Travel": "I would like to travel.",
    "Trouble": "quota",
}
SETTLED = re.compile("^(completed|failed|waiting|lost)$")


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chat(new_context: NewContext, site: Site, size: str, scheme: str) -> ChatPage:
    context = new_context(viewport=SIZES[size], color_scheme=scheme, has_touch=size == "390")
    return ChatPage(context.new_page(), site.url)


def shoot(chat: ChatPage, *parts: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    chat.page.screenshot(path=FOLDER / ("-".join(parts) + ".png"))


def test_sign_in(new_context: NewContext, site: Site, size: str, scheme: str):
    page = new_context(name="", viewport=SIZES[size], color_scheme=scheme).new_page()
    page.goto(site.url + "/")
    shoot(ChatPage(page, site.url), "sign-in", size, scheme)


def test_start(chat: ChatPage, size: str, scheme: str):
    chat.open()
    expect(chat.message).to_be_visible()
    shoot(chat, "start", size, scheme)


@pytest.mark.parametrize("bot", QUESTIONS)
def test_conversation(chat: ChatPage, bot: str, size: str, scheme: str):
    chat.begin(bot, QUESTIONS[bot])
    expect(chat.turn(0)).to_have_attribute("data-turn-state", SETTLED)
    shoot(chat, bot.lower(), size, scheme)


def test_in_mid_answer(chat: ChatPage, simulator: SimulatorProcess, size: str, scheme: str):
    hold = f"shot-{size}-{scheme}"
    chat.begin("Reasoner", f"Think about it: rate=0 hold={hold} hold_at=delta:75")
    simulator.reached(hold)
    expect(chat.stop).to_be_visible()
    chat.ask("And this one comes after it.")
    shoot(chat, "streaming", size, scheme)
    simulator.release(hold)
    chat.expect_state("completed")
