"""Questions that wait behind another: seen, changed, withdrawn, sent at once, held after a stop."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat_page import ChatPage
from tests.simulator.process import SimulatorProcess


@pytest.fixture
def waiting(chat: ChatPage, simulator: SimulatorProcess, request: pytest.FixtureRequest) -> Locator:
    """The region of waiting questions, with "the second" in it behind a running answer."""
    hold = request.node.name
    chat.begin("Echo", f"the first: tokens=40 rate=0 hold={hold} hold_at=delta:10")
    simulator.reached(hold)
    chat.expect_state("running")
    chat.ask("the second")
    region = chat.page.get_by_role("region", name="Waiting questions")
    expect(region.get_by_text("the second")).to_be_visible()
    return region


def release(simulator: SimulatorProcess, request: pytest.FixtureRequest) -> None:
    simulator.release(request.node.name)


def test_a_waiting_question_can_be_changed(chat: ChatPage, waiting: Locator, simulator, request):
    waiting.get_by_role("button", name="Edit").click()
    waiting.get_by_role("textbox", name="Waiting question").fill("the second, better")
    waiting.get_by_role("button", name="Save").click()
    expect(waiting.get_by_text("the second, better")).to_be_visible()
    release(simulator, request)
    chat.expect_state("completed", 1)
    expect(chat.answers.nth(1)).to_contain_text("the second, better")


def test_a_waiting_question_can_be_withdrawn(chat: ChatPage, waiting: Locator, simulator, request):
    waiting.get_by_role("button", name="Delete").click()
    expect(waiting).to_be_hidden()
    release(simulator, request)
    chat.expect_state("completed", 0)
    expect(chat.questions).to_have_count(1)
    chat.page.reload()
    expect(chat.questions).to_have_count(1)


def test_a_waiting_question_can_be_sent_at_once(chat: ChatPage, waiting: Locator, simulator, request):
    waiting.get_by_role("button", name="Send now").click()
    chat.expect_state("canceled", 0)
    release(simulator, request)
    chat.expect_state("completed", 1)
    expect(chat.answers.last).to_contain_text("the second")


def test_after_a_stop_the_queue_waits_for_the_person(chat: ChatPage, waiting: Locator, simulator, request):
    chat.stop.click()
    chat.expect_state("canceled", 0)
    release(simulator, request)
    chat.expect_state("queued", 1)
    waiting.get_by_role("button", name="Send now").click()
    chat.expect_state("completed", 1)
