"""An operator works through a queue without the mouse (M-101), and annotates a part of an answer (M-100)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.process import Site
from tests.visitor import Visitor

QUEUE = re.compile(r"/console/reviews/queues/[0-9a-f-]{36}/")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def rated(demo: Visitor):
    """Three answers rated bad, newest last: what was asked."""
    asked = []
    for number in range(3):
        question = f"parcel{number} **never** came rate=0 follow_ups=0"
        conversation, turn = demo.begin(demo.bot("Echo"), question)
        [message] = demo.wait_for(conversation, turn, "completed")["messages"]
        demo.rate(conversation, message["id"], "bad", comment=f"wrong {number}")
        asked.append(question)
    return asked


@pytest.fixture
def page(new_context, site: Site, rated) -> Page:
    """The first open item on screen, whoever left it; everything before is done."""
    page = new_context("operator").new_page()
    page.goto(f"{site.url}/console/reviews/")
    page.get_by_role("button", name="Review “Bad ratings”").click()
    is_ready(page)
    return page


def is_ready(page: Page) -> None:
    """What the keyboard does is there: before it, its list is not offered."""
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def item_of(page: Page) -> str:
    return page.locator("#review").get_attribute("data-item") or ""


def leads_elsewhere(page: Page, keys: str) -> str:
    """Press; the item that comes has the focus on its heading."""
    before = item_of(page)
    page.keyboard.press(keys)
    expect(page.locator(f'#review:not([data-item="{before}"])')).to_be_visible()
    expect(page.locator("#review-title")).to_be_focused()
    return item_of(page)


def test_a_whole_item_by_keys_alone(page: Page) -> None:
    first = item_of(page)
    page.keyboard.press("1")
    page.keyboard.press("Shift+2")
    page.keyboard.press("n")
    page.keyboard.type("needs 1 s, not n")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.type("Your parcel is here.")
    expect(page.locator("#review-said")).to_have_text("2: set")
    second = leads_elsewhere(page, "Control+Enter")
    expect(page.locator("#review-said")).to_contain_text("Echo")
    page.go_back()
    expect(page.locator(f'#review[data-item="{first}"]')).to_be_visible()
    expect(page.locator("[data-state=done]")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("needs 1 s, not n")
    expect(page.get_by_label("Better answer")).to_have_value("Your parcel is here.")
    expect(page.get_by_role("checkbox", name="Wrong")).to_be_checked()
    expect(page.get_by_role("radio", name="2")).to_be_checked()
    assert second != first


def test_arrows_skip_and_help(page: Page) -> None:
    first = item_of(page)
    second = leads_elsewhere(page, "ArrowRight")
    assert leads_elsewhere(page, "ArrowLeft") == first
    assert leads_elsewhere(page, "s") == second
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of the review page")
    expect(dialog).to_be_visible()
    page.keyboard.press("s")
    assert item_of(page) == second
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_nothing_typed_is_lost_when_the_network_is(page: Page, complaints) -> None:
    first = item_of(page)
    page.keyboard.press("n")
    page.keyboard.type("long thoughts")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="Nothing you wrote is lost")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("long thoughts")
    page.context.set_offline(False)
    page.reload()
    is_ready(page)
    assert item_of(page) == first
    expect(page.get_by_label("Note")).to_have_value("long thoughts")
    expect(page.locator("#review-said")).to_have_text("What you had not saved is here again.")
    leads_elsewhere(page, "Control+Enter")


def select(page: Page, words: str) -> None:
    page.locator(".said--target shown-answer").evaluate(
        """(place, words) => {
            const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const text = walker.currentNode, at = text.data.indexOf(words);
                if (at >= 0) return getSelection().setBaseAndExtent(text, at, text, at + words.length);
            }
            throw new Error("not there");
        }""",
        words,
    )


def test_a_part_is_annotated_and_marked_also_in_the_transcript(page: Page) -> None:
    expect(page.locator(".said--target shown-answer strong")).to_have_text("never")
    select(page, "never")
    expect(page.get_by_role("button", name="Annotate the selected part")).to_be_visible()
    page.keyboard.press("p")
    form = page.get_by_role("form", name="Annotate the part")
    expect(form.get_by_label("Note")).to_be_focused()
    page.keyboard.type("it did come")
    page.keyboard.press("Control+Enter")
    card = page.locator(".annotation").filter(has_text="it did come")
    expect(card.get_by_role("blockquote")).to_have_text("never")
    marked = "() => [...CSS.highlights.get('annotated')].map(String)"
    assert page.evaluate(marked) == ["never"]
    page.get_by_role("link", name="the whole transcript").click()
    expect(page.locator(".annotation").filter(has_text="it did come")).to_be_visible()
    page.wait_for_function("() => [...(CSS.highlights.get('annotated') ?? [])].map(String).includes('never')")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Really delete").click()
    expect(page.locator(".annotation")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_touch_on_a_phone(new_context, site: Site, rated, scheme) -> None:
    page = new_context("operator", viewport=PHONE, has_touch=True, color_scheme=scheme).new_page()
    page.goto(f"{site.url}/console/reviews/")
    page.get_by_role("button", name="Review “Bad ratings”").tap()
    is_ready(page)
    first = item_of(page)
    page.get_by_text("Incomplete", exact=True).first.tap()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.get_by_role("button", name="Done, next").tap()
    expect(page.locator(f'#review:not([data-item="{first}"])')).to_be_visible()
