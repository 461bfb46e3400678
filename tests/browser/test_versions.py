"""Another answer, and turning between the versions (M-007)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

REGENERATE, PREVIOUS, NEXT = "Regenerate", "Previous version", "Next version"


def test_another_answer_and_the_way_back_to_the_first(chat: ChatPage) -> None:
    chat.begin("Echo", "first words rate=0")
    chat.expect_state("completed")
    chat.page.get_by_role("button", name=REGENERATE, exact=True).click()
    expect(chat.log.get_by_text("2/2")).to_be_visible()
    expect(chat.turns).to_have_count(1)
    chat.expect_state("completed")
    other = chat.open_in_new_tab()
    expect(other.turns).to_have_count(1)
    first = chat.answers.first.get_attribute("data-message")
    chat.page.get_by_role("button", name=PREVIOUS, exact=True).press("Enter")
    expect(chat.log.get_by_text("1/2")).to_be_visible()
    expect(chat.answers).to_have_count(1)
    assert chat.answers.first.get_attribute("data-message") != first
    expect(chat.page.get_by_role("button", name=NEXT, exact=True)).to_be_focused()
    # By the keyboard's event, while the other tab looks on.
    chat.page.get_by_role("button", name=NEXT, exact=True).press("Enter")
    chat.page.evaluate("document.dispatchEvent(new CustomEvent('regenerate-last'))")
    for tab in (chat, other):
        expect(tab.log.get_by_text("3/3")).to_be_visible()
        expect(tab.questions).to_have_count(1)
    chat.page.reload()
    expect(chat.log.get_by_text("3/3")).to_be_visible()
    chat.ask("and now rate=0")
    chat.expect_state("completed", 1)
    expect(chat.page.get_by_role("button", name=REGENERATE, exact=True)).to_have_count(1)
    assert re.search(r"3/3", chat.turn(0).inner_text())


@pytest.mark.needs("begins_with_messages")
def test_an_earlier_question_becomes_a_branch(chat: ChatPage) -> None:
    chat.begin("Echo", "one rate=0")
    chat.expect_state("completed")
    chat.ask("two rate=0")
    chat.expect_state("completed", 1)
    original = chat.conversation
    question = chat.page.get_by_role("group", name="This question").nth(1)
    question.hover()
    question.get_by_role("button", name="Edit", exact=True).click()
    field = chat.page.get_by_role("textbox", name="Edit question")
    expect(field).to_be_focused()
    field.fill("other two rate=0")
    chat.page.reload()
    expect(field).to_have_value("other two rate=0")
    expect(chat.page.get_by_text("The bot remembers the last 16 messages before it.")).to_be_visible()
    field.press("Control+Enter")
    expect(chat.page).not_to_have_url(re.compile(original))
    chat.expect_state("completed", 1)
    assert [text.strip() for text in chat.answers.all_inner_texts()] == ["one rate=0", "other two rate=0"]
    chat.log.get_by_role("link", name="Branch of one rate=0").click()
    expect(chat.page).to_have_url(re.compile(original))
    chat.log.get_by_role("link", name="Branch: other two rate=0").click()
    expect(chat.log.get_by_role("link", name="Branch of one rate=0")).to_be_visible()
