"""Reading: thinking, suggestions, failures, the line of the context, and a scroll that holds still."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.simulator.process import SimulatorProcess


def scroll_top(chat: ChatPage) -> float:
    return float(chat.log.evaluate("log => log.scrollTop"))


def distance_to_end(chat: ChatPage) -> float:
    return float(chat.log.evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop"))


def test_a_suggestion_is_asked_by_a_click(chat: ChatPage):
    chat.begin("Reasoner", "Why is grass green?")
    chat.expect_state("completed")
    suggestion = chat.log.get_by_role("listitem").get_by_role("button").first
    text = suggestion.inner_text()
    suggestion.click()
    expect(chat.questions.nth(1)).to_have_text(text)
    chat.expect_state("completed", 1)


def test_thinking_can_be_opened(chat: ChatPage, simulator: SimulatorProcess):
    question = "think: think=20 tokens=20 rate=0"
    chat.begin("Reasoner", question)
    chat.expect_state("completed")
    reasoning = next(
        message["reasoning"]
        for message in simulator.messages()
        if message["type"] == "answer" and message["reasoning"] and is_of(simulator, message, question)
    )
    beginning = reasoning.split()[0]
    expect(chat.answers.first.get_by_text(beginning).first).to_be_hidden()
    chat.answers.first.get_by_text(re.compile("^Thought")).click()
    expect(chat.answers.first.get_by_text(beginning).first).to_be_visible()


def is_of(simulator: SimulatorProcess, message: dict, question: str) -> bool:
    return bool(simulator.chat(message["chat_id"])["question"] == question)


def test_a_failure_says_what_and_why_and_lets_one_try_again(chat: ChatPage):
    chat.begin("Echo", "tokens=10 rate=0 error=5000")
    chat.expect_state("failed")
    turn = chat.turn(0)
    expect(turn.get_by_text(re.compile("code 5000"))).to_be_visible()
    expect(turn.get_by_text(re.compile("log id"))).to_be_visible()
    turn.get_by_role("button", name=re.compile("^(Retry|Send again)$")).click()
    expect(chat.turns).to_have_count(2)
    chat.expect_state("failed", 1)


def test_clear_context_draws_a_line(chat: ChatPage):
    chat.begin("Echo", "before the line")
    chat.expect_state("completed")
    chat.page.get_by_role("button", name="Clear context").click()
    expect(chat.log.get_by_role("separator")).to_have_count(1)
    chat.ask("after the line")
    chat.expect_state("completed", 1)
    chat.page.reload()
    expect(chat.log.get_by_role("separator")).to_have_count(1)
    expect(chat.questions).to_have_count(2)


def test_the_log_follows_until_one_scrolls_up_and_then_holds_still(
    chat: ChatPage, simulator: SimulatorProcess
):
    chat.begin("Echo", "tokens=1500 rate=0")
    chat.expect_state("completed")
    chat.ask("tokens=1200 rate=0 hold=scroll hold_at=delta:800")
    simulator.reached("scroll")
    expect(chat.answers.nth(1)).to_contain_text("字797")
    chat.log.hover()
    chat.page.mouse.wheel(0, -600)
    newest = chat.page.get_by_role("button", name="To newest")
    expect(newest).to_be_visible()
    before = scroll_top(chat)
    simulator.release("scroll")
    chat.expect_state("completed", 1)
    expect(chat.answers.nth(1)).to_contain_text("w1199")
    assert abs(scroll_top(chat) - before) < 1
    newest.click()
    expect(newest).to_be_hidden()
    assert distance_to_end(chat) < 2


def test_a_tool_call_waits_as_a_group_and_goes_on_when_submitted(chat: ChatPage):
    chat.begin("Weather", "Will it rain in Oslo?")
    chat.expect_state("waiting")
    group = chat.log.get_by_role("group", name=re.compile("^Tool call"))
    expect(group).to_have_attribute("data-state", "pending")
    expect(group).to_contain_text("Oslo")
    group.get_by_role("textbox").fill("80%")
    group.get_by_role("button", name="Submit").click()
    chat.expect_state("completed")
    expect(chat.answers.last).to_contain_text("80%")
