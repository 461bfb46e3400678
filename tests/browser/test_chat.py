"""The journeys of a person who chats: ask, reload, follow elsewhere, stop, queue, lose the network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess


def upstream_text(simulator: SimulatorProcess, question: str) -> str:
    """The answer to a question as the upstream keeps it."""
    chat = next(chat for chat in simulator.chats() if chat["question"] == question)
    return simulator.answer(chat["id"])


def words(text: str) -> list[str]:
    return text.split()


def test_signing_in_leads_to_the_chat(new_context: NewContext, site: Site):
    page = new_context(name="").new_page()
    page.goto(site.url + "/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.get_by_role("textbox", name=re.compile("user ?name|e-?mail", re.IGNORECASE)).fill("demo")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name=re.compile("^(sign|log) in$", re.IGNORECASE)).click()
    expect(page).to_have_url(site.url + "/")
    chat = ChatPage(page, site.url)
    expect(chat.message).to_be_visible()
    expect(chat.list).to_be_visible()


def test_an_echo_comes_back_and_the_conversation_is_listed(chat: ChatPage):
    chat.begin("Echo", "Hello, **world**. One in a thousand.")
    chat.expect_state("completed")
    expect(chat.questions).to_have_count(1)
    expect(chat.answers).to_have_attribute("data-state", "completed")
    expect(chat.answers.locator("strong", has_text="world")).to_be_visible()
    expect(chat.list.get_by_role("link", name=re.compile("One in a thousand")).first).to_be_visible()
    expect(chat.message).to_have_value("")


def test_the_showcase_is_drawn_as_tables_and_code(chat: ChatPage):
    chat.begin("Showcase", "Show me everything.")
    chat.expect_state("completed")
    expect(chat.answers.get_by_role("table").first).to_be_visible()
    expect(chat.answers.locator("pre code").first).to_be_visible()
    expect(chat.answers.get_by_role("heading").first).to_be_visible()


@pytest.mark.needs("has_reasoning", "bot_suggests")
def test_the_reasoner_thinks_answers_twice_and_suggests(chat: ChatPage):
    chat.begin("Reasoner", "Why is the sky blue?")
    chat.expect_state("completed")
    expect(chat.answers).to_have_count(2)
    expect(chat.turn(0).get_by_text(re.compile("^Thought|^Thinking")).first).to_be_visible()
    suggestion = chat.log.get_by_role("button").filter(has_text=re.compile(r"\?$|\w")).last
    expect(suggestion).to_be_visible()


def test_a_reload_in_mid_answer_shows_what_was_there_and_goes_on(chat: ChatPage, simulator: SimulatorProcess):
    question = "reload: tokens=60 rate=0 hold=reload hold_at=delta:30"
    chat.begin("Echo", question)
    simulator.reached("reload")
    expect(chat.answers).to_contain_text("w29")
    chat.expect_state("running")
    chat.page.reload()
    expect(chat.answers).to_contain_text("w29")
    chat.expect_state("running")
    simulator.release("reload")
    chat.expect_state("completed")
    assert words(chat.answers.inner_text())[:60] == words(upstream_text(simulator, question))


def test_a_second_tab_in_mid_answer_sees_all_of_it(chat: ChatPage, simulator: SimulatorProcess):
    question = "second tab: tokens=60 rate=0 hold=second hold_at=delta:20"
    chat.begin("Echo", question)
    simulator.reached("second")
    expect(chat.answers).to_contain_text("w19")
    other = ChatPage(chat.page.context.new_page(), chat.url)
    other.open(f"/c/{chat.conversation}/")
    expect(other.answers).to_contain_text("w19")
    simulator.release("second")
    for tab in (chat, other):
        tab.expect_state("completed")
        assert words(tab.answers.inner_text())[:60] == words(upstream_text(simulator, question))


def test_a_question_of_one_tab_appears_in_the_other(chat: ChatPage):
    chat.begin("Echo", "first")
    chat.expect_state("completed")
    other = ChatPage(chat.page.context.new_page(), chat.url)
    other.open(f"/c/{chat.conversation}/")
    expect(other.answers).to_have_count(1)
    chat.ask("second, from the first tab")
    expect(other.questions).to_have_count(2)
    other.expect_state("completed", 1)
    expect(other.answers.nth(1)).to_contain_text("second, from the first tab")


def test_stop_keeps_what_was_shown_and_nothing_follows(chat: ChatPage, simulator: SimulatorProcess):
    chat.begin("Echo", "stop: tokens=60 rate=0 hold=stop hold_at=delta:25")
    simulator.reached("stop")
    expect(chat.answers).to_contain_text("w24")
    expect(chat.stop).to_be_visible()
    chat.stop.click()
    chat.expect_state("canceled")
    expect(chat.stop).to_be_hidden()
    simulator.release("stop")
    chat.page.reload()
    chat.expect_state("canceled")
    expect(chat.answers).to_contain_text("w24")
    expect(chat.answers).not_to_contain_text("w30")


def test_two_questions_in_a_row_are_answered_one_after_the_other(chat: ChatPage, simulator: SimulatorProcess):
    chat.begin("Echo", "row: tokens=40 rate=0 hold=row hold_at=delta:10")
    simulator.reached("row")
    chat.expect_state("running")
    chat.ask("the one behind it")
    queued = chat.page.get_by_text("the one behind it").first
    expect(queued).to_be_visible()
    expect(chat.answers).to_have_count(1)
    simulator.release("row")
    chat.expect_state("completed", 0)
    chat.expect_state("completed", 1)
    expect(chat.answers.nth(1)).to_contain_text("the one behind it")


def test_a_cut_network_is_said_and_mended_without_a_lost_or_doubled_word(
    new_context: NewContext, cable: Cable, simulator: SimulatorProcess
):
    chat = ChatPage(new_context().new_page(), cable.url)
    question = "cable: tokens=80 rate=0 hold=cable hold_at=delta:20"
    chat.begin("Echo", question)
    simulator.reached("cable")
    expect(chat.answers).to_contain_text("w19")
    cable.pull()
    expect(
        chat.page.get_by_role("status").filter(has_text=re.compile("connect", re.IGNORECASE))
    ).to_be_visible()
    simulator.release("cable")
    cable.plug_in()
    chat.expect_state("completed")
    assert words(chat.answers.inner_text())[:80] == words(upstream_text(simulator, question))
    chat.ask("and after that")
    chat.expect_state("completed", 1)
