"""Writing a question: Enter, input methods, drafts, what is too much and what is nothing."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage


def test_enter_sends_and_shift_enter_breaks_the_line(chat: ChatPage):
    chat.open()
    chat.choose("Echo")
    chat.message.press_sequentially("one")
    chat.message.press("Shift+Enter")
    chat.message.press_sequentially("two")
    expect(chat.message).to_have_value("one\ntwo")
    chat.message.press("Enter")
    chat.expect_state("completed")
    expect(chat.questions).to_have_text(re.compile(r"one\s*two"))


def test_enter_that_ends_a_composition_sends_nothing(chat: ChatPage):
    """Chinese and Japanese input methods take Enter to accept what was typed."""
    chat.open()
    chat.choose("Echo")
    chat.message.focus()
    session = chat.page.context.new_cdp_session(chat.page)
    session.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    chat.message.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    session.send("Input.insertText", {"text": "你好"})
    expect(chat.message).to_have_value("你好")
    expect(chat.questions).to_have_count(0)
    chat.message.press("Enter")
    chat.expect_state("completed")
    expect(chat.questions).to_have_text(re.compile("你好"))


def test_nothing_is_not_sent(chat: ChatPage):
    chat.begin("Echo", "something")
    chat.expect_state("completed")
    chat.message.fill("  \n ")
    chat.message.press("Enter")
    expect(chat.questions).to_have_count(1)


def test_a_draft_survives_a_reload(chat: ChatPage):
    chat.begin("Echo", "draft")
    chat.expect_state("completed")
    chat.message.press_sequentially("half a thought")
    chat.page.reload()
    expect(chat.message).to_have_value("half a thought")


def test_strange_text_comes_back_as_it_was(chat: ChatPage):
    text = "مرحبا 👩‍👩‍👧 𝒳 <b>no tag</b> \\$ 100% &amp;"
    chat.begin("Echo", text)
    chat.expect_state("completed")
    expect(chat.questions).to_contain_text("<b>no tag</b>")
    expect(chat.questions).to_contain_text("👩‍👩‍👧 𝒳")
