"""The keyboard, shortcut commands, and what a screen reader hears of a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess

# Every change of text in any live region, but for those without words.
RECORD = """
const LIVE = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]:not([aria-live=off])";
window.heard = [];
new MutationObserver((changes) => {
  for (const change of changes) {
    const node = change.target instanceof Element ? change.target : change.target.parentElement;
    const region = node?.closest(`${LIVE}, [aria-live=off]`);
    const text = region?.matches(LIVE) ? region.textContent.trim() : "";
    if (text && text !== window.heard.at(-1)) window.heard.push(text);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def heard(page: Page) -> list[str]:
    return page.evaluate("window.heard")


def test_a_stream_is_announced_where_it_begins_and_ends_and_read_when_asked(
    chat: ChatPage, simulator: SimulatorProcess
) -> None:
    chat.begin("Echo", "to begin with")
    chat.expect_state("completed")
    chat.page.evaluate(RECORD)
    chat.ask("tokens=300 rate=0 hold=heard hold_at=delta:150")
    simulator.reached("heard")
    expect(chat.answers.last).to_contain_text("w149")
    assert heard(chat.page) == ["The bot is answering."]
    simulator.release("heard")
    chat.expect_state("completed", 1)
    ready = "The answer is ready: 6 paragraphs."
    chat.page.wait_for_function("(ready) => window.heard.at(-1) === ready", arg=ready)
    assert heard(chat.page) == ["The bot is answering.", ready]
    chat.page.keyboard.press("Control+Shift+L")
    chat.page.wait_for_function("() => window.heard.length === 3")
    assert heard(chat.page)[2].startswith("w0 w1 w2")


def test_a_card_that_waits_is_announced_once(chat: ChatPage) -> None:
    chat.open()
    chat.page.evaluate(RECORD)
    chat.choose("Weather")
    chat.page.evaluate("window.heard.length = 0")
    chat.ask("Will it rain in Paris?")
    expect(chat.card().group).to_be_visible()
    chat.page.wait_for_function("() => window.heard.some((text) => text.includes('card'))")
    said = heard(chat.page)
    # A call that comes at once leaves no time to say that the bot answers.
    assert set(said[:-1]) <= {"The bot is answering."}
    assert [text for text in said if "card" in text] == said[-1:]


def test_the_keyboard_stops_copies_and_leads_about(
    new_context: NewContext, site: Site, simulator: SimulatorProcess
) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(context.new_page(), site.url)
    chat.begin("Echo", "```\nprint(1)\n```")
    chat.expect_state("completed")
    press = chat.page.keyboard.press
    press("Control+Shift+;")
    chat.page.wait_for_function("async () => (await navigator.clipboard.readText()).trim() === 'print(1)'")
    press("Control+Shift+C")
    chat.page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('```')")
    chat.ask("tokens=50 rate=0 hold=esc hold_at=delta:5")
    simulator.reached("esc")
    expect(chat.answers.last).to_contain_text("w4")
    press("Escape")
    chat.expect_state("canceled", 1)
    simulator.release("esc")
    press("Control+Shift+O")
    expect(chat.page).to_have_url(f"{site.url}/")
    press("Alt+ArrowDown")
    first = chat.list.get_by_role("listitem").first.get_by_role("link")
    expect(first).to_have_attribute("aria-current", "page")
    expect(chat.list).to_be_in_viewport()
    press("Control+Shift+S")
    expect(chat.list).not_to_be_in_viewport()
    press("Control+Shift+S")
    expect(chat.list).to_be_in_viewport()
    press("Shift+Escape")
    expect(chat.message).to_be_focused()


@pytest.fixture
def keys_of_old(site: Site) -> Iterator[None]:
    """The next test finds the keys as everybody has them."""
    yield
    site.shell("from accounts.models import User; User.objects.filter(username='demo2').update(shortcuts={})")


@pytest.mark.usefixtures("keys_of_old")
def test_keys_are_rebound_in_the_help_and_stay_so(new_context: NewContext, site: Site) -> None:
    page = new_context(name="demo2").new_page()
    chat = ChatPage(page, site.url)
    chat.open()
    page.locator("summary").filter(has_text="demo2").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    help_.get_by_role("button", name=re.compile("^New chat: Ctrl")).click()
    page.keyboard.press("Control+k")
    expect(help_.get_by_role("status")).to_contain_text("is taken: Search and go to")
    with page.expect_response("**/settings/shortcuts/"):
        page.keyboard.press("Control+j")
    expect(help_.get_by_role("button", name="New chat: Ctrl J, change")).to_be_focused()
    with page.expect_response("**/settings/shortcuts/"):
        help_.get_by_label("Also those of a single sign").uncheck()
    help_.get_by_role("button", name="Close").click()
    page.reload()
    chat.begin("Echo", "somewhere")
    page.keyboard.press("Control+Shift+O")
    page.keyboard.press("Control+j")
    expect(page).to_have_url(f"{site.url}/")
    chosen = page.evaluate("JSON.parse(document.getElementById('page-state').textContent).user.shortcuts")
    assert chosen == {"is_off": False, "single_off": True, "keys": {"new-chat": "Mod+J"}}


def test_a_shortcut_command_is_found_filled_in_and_sent(chat: ChatPage, simulator: SimulatorProcess) -> None:
    chat.open()
    chat.choose("Showcase")
    chat.message.press_sequentially("/wr")
    expect(chat.page.get_by_role("option", name="Write a text")).to_be_visible()
    chat.page.keyboard.press("Enter")
    expect(chat.message).to_have_value("")
    form = chat.page.get_by_role("group", name="Write a text")
    form.get_by_role("textbox", name="subject").fill("swans in winter")
    chat.page.reload()
    chat.choose("Showcase")
    chat.page.get_by_role("button", name="Write a text…").click()
    expect(form.get_by_role("textbox", name="subject")).to_have_value("swans in winter")
    form.get_by_role("button", name="Ask").click()
    chat.expect_state("completed")
    expect(chat.questions.first).to_have_text("Write a table about swans in winter in English")
    bodies = [request["body"] for request in simulator.requests("/v3/chat", "POST")]
    assert [body["additional_messages"] for body in bodies if "swans" in json.dumps(body)] == [[]]
