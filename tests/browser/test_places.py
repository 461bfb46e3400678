"""Where waiting cards are seen and met: the composer, the sidebar, the tab's title, "My tasks"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.live.upstream import a_mark, chats_of, let_in
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

RAIN = "get_rain_probability"
DESTINATION = "Where would you like to go?"


@pytest.fixture
def mark() -> str:
    return a_mark()


@pytest.fixture(scope="module")
def demo2(site: Site) -> Iterator[Visitor]:
    visitor = Visitor(site.url, "demo2")
    yield visitor
    visitor.close()


@pytest.fixture
def chat(new_context: NewContext, site: Site, demo2: Visitor) -> ChatPage:
    """Of somebody for whom nothing waits yet, whatever became of the last test: every card counts here."""
    for task in demo2.tasks():
        conversation, turn = task["conversation"]["id"], task["turn"]
        demo2.stop(conversation, turn, {})
        demo2.wait_for(conversation, turn, "canceled", "failed")
    return ChatPage(new_context("demo2").new_page(), site.url)


def way(chat: ChatPage, name: str):
    choice = chat.page.get_by_role("group", name=re.compile("^The bot waits for a card"))
    return choice.get_by_role("button", name=name, exact=True)


def test_trap_6_words_can_wait_behind_a_card(chat: ChatPage, mark: str):
    """M-062"""
    chat.begin("Weather", f"{mark} in Ulm")
    chat.tool_call(RAIN).expect_state("pending")
    chat.ask(f"{mark} in Bonn")
    expect(way(chat, "Answer the card")).to_have_count(0)
    way(chat, "Send after").click()
    expect(chat.message).to_have_value("")
    chat.expect_state("queued", 1)
    chat.tool_call(RAIN).answer("dry")
    chat.expect_state("completed", 0)
    chat.tool_call(RAIN, 1).answer("wet")
    chat.expect_state("completed", 1)


def test_trap_6_words_can_end_the_wait(chat: ChatPage, mark: str):
    chat.begin("Weather", f"{mark} in Ulm")
    chat.tool_call(RAIN).expect_state("pending")
    chat.ask(f"{mark} in Bonn")
    way(chat, "Stop and send").click()
    chat.expect_state("canceled", 0)
    second = chat.tool_call(RAIN, 1)
    second.expect_state("pending")
    chat.tool_call(RAIN).expect_state("canceled")
    second.answer("wet")
    chat.expect_state("completed", 1)


def test_words_can_be_the_answer(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    chat.begin("Travel", f"{mark} Plan a trip")
    card = chat.question(DESTINATION)
    card.expect_state("pending")
    chat.ask("Lisbon")
    way(chat, "Answer the card").click()
    card.expect_state("answered")
    card.expect_folded("Lisbon", "demo2")
    expect(chat.message).to_have_value("")
    expect(chat.questions).to_have_count(1)
    chat.card(1).button("Stop the run").click()
    chat.expect_state("canceled")
    assert len(chats_of(simulator, mark)) >= 2


def test_escape_goes_back_to_typing_with_the_words_kept(chat: ChatPage, mark: str):
    chat.begin("Weather", f"{mark} in Ulm")
    chat.tool_call(RAIN).expect_state("pending")
    chat.ask("half a thought")
    expect(way(chat, "Send after")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.message).to_be_focused()
    expect(chat.message).to_have_value("half a thought")
    chat.tool_call(RAIN).answer("dry")
    chat.expect_state("completed")
    chat.send.click()
    expect(chat.turns).to_have_count(2)
    chat.tool_call(RAIN, 1).answer("dry")
    chat.expect_state("completed", 1)


def test_the_sidebar_and_the_title_count_what_waits(chat: ChatPage, mark: str):
    """M-064"""
    chat.open()
    expect(chat.page).not_to_have_title(re.compile(r"^\("))
    chat.begin("Weather", f"Compare Paris and Rome {mark}")
    expect(chat.page).to_have_title(re.compile(r"^\(2\) "))
    group = chat.list.locator("section").filter(has=chat.page.get_by_role("heading", name="Waiting for you"))
    expect(group.get_by_role("link", name=re.compile("waits for you"))).to_have_count(1)
    expect(group.get_by_role("img", name="2 cards")).to_be_visible()
    chat.new_chat.first.click()
    expect(chat.page).to_have_title(re.compile(r"^\(2\) "))
    expect(chat.page.get_by_role("radio", name=re.compile("^Weather"))).to_be_visible()
    chat.message.blur()
    chat.page.keyboard.press(".")
    expect(chat.tool_call(RAIN).group).to_be_focused()
    chat.tool_call(RAIN).answer("1")
    chat.tool_call(RAIN).expect_state("ready")
    chat.tool_call(RAIN, 1).answer("2")
    chat.expect_state("completed")
    expect(chat.page).not_to_have_title(re.compile(r"^\("))
    expect(group).to_have_count(0)


def test_my_tasks_lists_cards_of_all_bots_and_answers_them(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-064: and the conversation hears of it."""
    chat.begin("Travel", f"{mark} Plan a trip")
    chat.question(DESTINATION).expect_state("pending")
    chat.begin("Weather", f"{mark} in Ulm")
    chat.tool_call(RAIN).expect_state("pending")
    tasks = ChatPage(chat.page.context.new_page(), chat.url)
    tasks.open("/tasks/")
    expect(tasks.page).to_have_title(re.compile(r"^\(2\) My tasks"))
    expect(tasks.cards).to_have_count(2)
    rain = tasks.tool_call(RAIN)
    rain.answer("dry")
    rain.expect_state("answered")
    chat.expect_state("completed")
    chat.tool_call(RAIN).expect_folded("dry", "demo2")
    expect(tasks.page).to_have_title(re.compile(r"^\(1\) My tasks"))
    assert [each["output"] for tried in let_in(simulator, f"{mark} in Ulm") for each in tried["outputs"]] == [
        "dry"
    ]
    tasks.question(DESTINATION).button("Kyoto").click()
    form = tasks.question("A few details")
    form.expect_state("pending")
    form.button("Stop the run").click()
    expect(tasks.page).to_have_title(re.compile("^My tasks"))


def test_a_card_that_comes_while_my_tasks_is_open_appears_there(chat: ChatPage, mark: str):
    tasks = ChatPage(chat.page.context.new_page(), chat.url)
    tasks.open("/tasks/")
    expect(tasks.page.get_by_text("Nothing waits for you.").first).to_be_visible()
    chat.begin("Weather", f"{mark} in Ulm")
    tasks.tool_call(RAIN).expect_state("pending")
    chat.tool_call(RAIN).answer("dry")
    tasks.tool_call(RAIN).expect_state("answered")
