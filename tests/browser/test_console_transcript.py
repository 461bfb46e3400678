"""What people and bots said stays text in front of an operator too: nothing runs and nothing leaves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.test_hostile import ACTIVE, HOSTILE
from tests.process import Site
from tests.visitor import Visitor

PICTURE = "![a cat](https://pictures.example.com/cat.png)"


@pytest.fixture(scope="module")
def conversation(demo: Visitor) -> str:
    """Hostile Markdown, then what an answer may have."""
    found, turn = demo.begin(demo.bot("Echo"), HOSTILE)
    demo.wait_for(found, turn, "completed")
    turn = demo.ask(found, f"**bold** and [a page](https://link.example.com/a)\n\n{PICTURE}")
    demo.wait_for(found, turn, "completed")
    return found


@pytest.fixture
def page(new_context: NewContext, site: Site, conversation: str) -> Page:
    page = new_context("operator").new_page()
    page.goto(f"{site.url}/console/conversations/{conversation}/")
    return page


def test_hostile_answers_run_nothing(page: Page):
    """The `complaints` fixture also sees requests to other hosts, dialogs and policy violations."""
    answers = page.locator("shown-answer")
    expect(answers.first.locator("div.prose")).to_contain_text("The end of it.")
    expect(page.locator(".transcript__turns").locator(ACTIVE)).to_have_count(0)
    for link in answers.get_by_role("link").all():
        assert re.match(r"(https?|mailto):", link.get_attribute("href") or "")
    assert page.evaluate("window.pwned") is None


def test_answers_stand_as_their_readers_saw_them(page: Page):
    last = page.locator("shown-answer").last
    last.scroll_into_view_if_needed()  # what is far away is not drawn
    expect(last.locator("strong")).to_have_text("bold")
    last.get_by_role("link", name="a page").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("link.example.com")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_a_picture_waits_for_a_press(page: Page):
    page.locator("shown-answer").last.scroll_into_view_if_needed()
    picture = page.locator("remote-picture")
    expect(picture).to_have_attribute("data-state", "asks")
    expect(picture.locator("img")).to_have_count(0)
    expect(picture.get_by_role("button", name="Show picture from pictures.example.com")).to_be_visible()


def test_events_are_fetched_when_they_are_opened(page: Page):
    page.get_by_role("button", name="Show events").first.click()
    expect(page).to_have_url(re.compile(r"events=1#turn-"))
    events = page.locator("details.event")
    expect(events.first).to_contain_text("conversation.chat.created")
    expect(events.first.locator("pre")).to_have_count(0)
    events.first.locator("summary").click()
    expect(events.first.locator("pre")).to_contain_text('"bot_id"')


def test_an_address_with_a_turn_of_another_page_leads_there(page: Page, site: Site):
    turn = page.locator("section.turn").first.get_attribute("data-turn")
    path = page.url.split("?")[0].split("#")[0]
    page.goto("about:blank")
    page.goto(f"{path}?at=first#turn-{turn}")
    expect(page.locator(f"#turn-{turn}")).to_be_in_viewport()


def test_without_scripts_the_source_is_read(new_context: NewContext, site: Site, conversation: str):
    page = new_context("operator", java_script_enabled=False).new_page()
    page.goto(f"{site.url}/console/conversations/{conversation}/")
    expect(page.locator("shown-answer").last).to_contain_text(
        "**bold** and [a page](https://link.example.com/a)"
    )
    expect(page.locator("main img")).to_have_count(0)
