"""Search and the command palette in a real browser: typed, pressed, scrolled to (M-034, M-035)."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.visitor import Visitor

TURNS = 40


@pytest.fixture(scope="module")
def word() -> str:
    return "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:12])


@pytest.fixture(scope="module")
def long_talk(demo: Visitor, word: str) -> tuple[str, str]:
    """A conversation whose first question is far above, with its name and that turn."""
    conversation, first = demo.begin(demo.bot("Echo"), f"雨伞在哪里 {word} rate=0 follow_ups=0")
    for number in range(TURNS):
        last = demo.ask(conversation, f"Line {number} {word}\n\nand more rate=0 follow_ups=0")
    demo.wait_for(conversation, last, "completed", seconds=60)
    demo.post(f"/c/{conversation}/rename/", {"name": f"Umbrellas {word}"})
    return conversation, first


def test_a_hit_found_while_typing_leads_to_its_place(chat: ChatPage, long_talk, word: str) -> None:
    conversation, turn = long_talk
    page = chat.page
    chat.open("/search/")
    field = page.get_by_role("searchbox", name="Search your conversations")
    expect(field).to_be_focused()
    field.press_sequentially(f"伞在 {word}")
    hits = page.locator(f'a[href="/c/{conversation}/?turn={turn}"]')
    expect(hits).to_have_count(2)
    expect(hits.last.locator("mark")).to_have_text(["伞在", word])
    hits.last.click()
    found = chat.log.locator(f'[data-turn="{turn}"]')
    expect(found).to_be_focused()
    expect(found.get_by_role("article").first).to_be_in_viewport(ratio=1)
    expect(chat.turn(TURNS)).not_to_be_in_viewport()
    chat.ask("still here? rate=0 follow_ups=0")
    expect(chat.answers.last).to_contain_text("still here?")


def test_hits_go_on_as_one_scrolls(chat: ChatPage, long_talk, word: str) -> None:
    chat.open(f"/search/?q={word}")
    names = chat.page.get_by_role("heading", level=2, name=f"Umbrellas {word}")
    items = chat.page.get_by_role("listitem")
    first = items.count()
    while chat.page.get_by_role("link", name="Show older hits").count():
        chat.page.get_by_role("link", name="Show older hits").scroll_into_view_if_needed()
        expect(items).not_to_have_count(first)
        first = items.count()
    expect(items).to_have_count(2 * (TURNS + 1))
    expect(names).to_have_count(1)


def test_the_palette_finds_names_and_is_led_by_keys(chat: ChatPage, long_talk, word: str) -> None:
    conversation, _ = long_talk
    page = chat.page
    chat.open()
    chat.message.focus()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to a conversation")
    expect(field).to_be_focused()
    page.keyboard.type(f"umbr {word[:6]}")
    expect(page.get_by_role("option", selected=True)).to_contain_text(f"Umbrellas {word}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/c/{conversation}/$"))
    expect(chat.turn(0)).to_be_attached()
    page.keyboard.press("Control+k")
    page.keyboard.type("new chat with show")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("^Showcase"))).to_be_checked()
    expect(chat.message).to_be_focused()
    chat.page.get_by_role("link", name="Search", exact=True).click()
    page.keyboard.type(word)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Search messages for")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/search/\?q={word}$"))


def test_search_is_a_form_and_links_without_scripts(
    new_context: NewContext, site: Site, long_talk, word: str
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    page.goto(site.url + "/search/")
    page.get_by_role("searchbox").fill(f'"line 3" {word}')
    page.get_by_role("button", name="Search").click()
    hit = page.get_by_role("listitem").first.get_by_role("link")
    expect(hit.locator("mark").first).to_have_text("Line 3")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{site.url}/search/?q={word}")
    page.get_by_role("link", name="Show older hits").click()
    expect(page.get_by_role("listitem").first).to_be_visible()
