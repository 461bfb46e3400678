"""What a model says is hostile: nothing in it may run, leave the page or call another host."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

HOSTILE = """<script>window.pwned = 1</script>
<img src=x onerror="window.pwned = 2">
<svg onload="window.pwned = 3"><a xlink:href="javascript:window.pwned=4">svg</a></svg>
[click me](javascript:window.pwned=5) [data](data:text/html,<script>window.pwned=6</script>)
![tracker](https://tracker.example.com/pixel.png)
<iframe src="https://frame.example.com"></iframe>
<style>body { display: none }</style>
<form action="https://form.example.com"><button>Send</button></form>
<a href="https://link.example.com" onclick="window.pwned=7">a link</a>
The end of it."""

ACTIVE = "script, iframe, style, form, object, embed, [onerror], [onload], [onclick]"


def test_hostile_markdown_runs_nothing(chat: ChatPage):
    """The `complaints` fixture also sees requests to other hosts, dialogs and policy violations."""
    chat.begin("Echo", HOSTILE)
    chat.expect_state("completed")
    expect(chat.answers).to_contain_text("The end of it.")
    for link in chat.answers.get_by_role("link").all():
        assert re.match(r"(https?|mailto):", link.get_attribute("href") or "")
    assert chat.page.evaluate("window.pwned") is None
    expect(chat.answers.locator(ACTIVE)).to_have_count(0)
    expect(chat.message).to_be_visible()
    chat.page.reload()
    expect(chat.answers).to_contain_text("The end of it.")
    assert chat.page.evaluate("window.pwned") is None


def test_links_open_elsewhere_and_tell_nothing(chat: ChatPage):
    chat.begin("Echo", "see [the page](https://link.example.com/a)")
    link = chat.answers.get_by_role("link", name="the page")
    expect(link).to_have_attribute("href", "https://link.example.com/a")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(link).to_have_attribute("rel", re.compile("noreferrer"))
    expect(link).to_have_attribute("target", "_blank")


def test_a_hostile_name_is_text(chat: ChatPage):
    chat.begin("Echo", '<img src=x onerror="window.pwned=1"> name')
    chat.expect_state("completed")
    expect(chat.list.get_by_text('<img src=x onerror="window.pwned=1"> name').first).to_be_visible()
    assert chat.page.evaluate("window.pwned") is None
