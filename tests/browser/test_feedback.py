"""Thumbs below an answer: pressed here, seen there, explained, changed and taken back (M-041)."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.chat_page import ChatPage
from tests.visitor import Visitor

MARK_TEXT = """() => {
  const text = document.querySelector('article[data-role="assistant"] .message__text');
  window.touched = 0;
  const everything = { childList: true, subtree: true, characterData: true };
  new MutationObserver((all) => (window.touched += all.length)).observe(text, everything);
}"""


def thumb(page: ChatPage, name: str, number: int = 0) -> Locator:
    return page.log.get_by_role("button", name=name, exact=True).nth(number)


def expect_pressed(page: ChatPage, name: str, is_pressed: bool = True) -> None:
    expect(thumb(page, name)).to_have_attribute("aria-pressed", "true" if is_pressed else "false")


def panel(page: ChatPage) -> Locator:
    return page.log.get_by_role("group", name="What went wrong?")


def test_a_bad_answer_is_explained_and_shows_in_the_other_tab(chat: ChatPage) -> None:
    chat.begin("Echo", "rate me rate=0 follow_ups=0")
    chat.expect_state("completed")
    other = chat.open_in_new_tab()
    expect_pressed(other, "Bad answer", False)
    other.page.evaluate(MARK_TEXT)
    thumb(chat, "Bad answer").click()
    expect_pressed(other, "Bad answer")
    panel(chat).get_by_role("button", name="Incomplete").click()
    words = panel(chat).get_by_role("textbox", name="Comment")
    words.fill("Where is the wind?")
    chat.page.reload()  # before it was sent
    expect(words).to_have_value("Where is the wind?")
    expect(panel(chat).get_by_role("button", name="Incomplete")).to_have_attribute("aria-pressed", "true")
    panel(chat).get_by_role("button", name="Send comment").click()
    expect(chat.log.get_by_text("Thank you for the feedback.")).to_be_visible()
    expect(panel(chat)).to_be_hidden()
    other.log.get_by_role("button", name="Change feedback").click()
    expect(panel(other).get_by_role("textbox", name="Comment")).to_have_value("Where is the wind?")
    assert other.page.evaluate("window.touched") == 0, "a rating drew the answer again"


def test_a_rating_is_changed_and_taken_back_beside_an_answer_that_grows(chat: ChatPage) -> None:
    chat.begin("Echo", "first rate=0 follow_ups=0")
    chat.expect_state("completed")
    chat.ask("tokens=200 rate=40 follow_ups=0")
    expect(chat.answers.nth(1)).to_contain_text("w3 ")
    thumb(chat, "Bad answer").click()
    panel(chat).get_by_role("button", name="Close").click()
    thumb(chat, "Good answer").click()
    expect_pressed(chat, "Good answer")
    expect_pressed(chat, "Bad answer", False)
    expect(chat.log.get_by_role("button", name="Good answer")).to_have_count(1)  # none below what grows
    thumb(chat, "Good answer").click()
    expect_pressed(chat, "Good answer", False)
    chat.expect_state("completed", 1)
    expect(chat.answers.nth(1)).to_contain_text(re.compile("w199"))
    chat.page.reload()
    expect_pressed(chat, "Good answer", False)
    expect(thumb(chat, "Good answer", 1)).to_be_attached()


def test_what_an_answer_used_is_a_press_away(chat: ChatPage, demo: Visitor) -> None:
    conversation, turn = demo.begin(demo.bot("Echo"), "how much was this?")
    demo.wait_for(conversation, turn, "completed")
    chat.open(f"/c/{conversation}/")
    opener = chat.page.get_by_role("button", name="What this answer used")
    opener.click()
    sheet = chat.page.get_by_role("dialog", name="What this answer used")
    expect(sheet).to_contain_text("Tokens")
    expect(sheet).to_contain_text("Whole answer after")
    chat.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(opener).to_be_focused()
