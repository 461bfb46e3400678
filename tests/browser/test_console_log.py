"""The operators' log in a browser: filters by keyboard, saved views, an export from asking to downloading."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def word(demo: Visitor) -> str:
    """Said in two conversations, one of them rated bad, and in no other."""
    word = f"w{uuid4().hex[:10]}"
    for rating in ("bad", ""):
        conversation, turn = demo.begin(demo.bot("Echo"), f"{word} rate=0 follow_ups=0")
        [message] = demo.wait_for(conversation, turn, "completed")["messages"]
        if rating:
            demo.rate(conversation, message["id"], rating, comment="no")
    return word


@pytest.fixture
def page(new_context: NewContext, site: Site) -> Page:
    page = new_context("operator").new_page()
    page.goto(f"{site.url}/console/conversations/?all=1")
    return page


def tab_to(page: Page, name: str) -> None:
    """By keys alone; the page has an end."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.innerText.trim()") == name:
            return
        if page.evaluate("document.activeElement.innerText?.trim()") == name:
            return
    raise AssertionError(f"no key leads to {name}")


def test_filters_menus_and_chips_by_keys_alone(page: Page, word: str) -> None:
    tab_to(page, "Filters")
    page.keyboard.press("Enter")
    tab_to(page, "Rating")
    page.keyboard.type("with a bad")
    tab_to(page, "With a comment")
    page.keyboard.press("Space")
    tab_to(page, "Apply filters")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"rating=bad&comment=on"))
    expect(page.locator(".log__name").first).to_contain_text(word)
    assert violations(page) == []
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    kind = page.get_by_role("combobox", name="Everything that is filtered")
    expect(kind).to_be_visible()
    page.keyboard.press("Escape")
    expect(kind).to_be_hidden()
    page.get_by_role("link", name="Rating: with a bad one").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?comment=on$"))


def test_a_view_is_saved_opened_renamed_and_deleted(page: Page, site: Site, new_context: NewContext) -> None:
    name = f"Bad {uuid4().hex[:6]}"
    page.goto(f"{site.url}/console/conversations/?rating=bad&slower=0.5")
    page.get_by_text("Save as a view").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    views = page.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
    page.goto(f"{site.url}/console/conversations/?all=1")
    views.get_by_role("link", name=name).click()
    expect(page.locator(".log__chip")).to_have_count(2)
    address = page.url

    stranger = new_context("demo").new_page()
    answer = stranger.request.get(address)
    assert answer.status == 403 and name not in answer.text()

    views.get_by_role("link", name="Manage views").click()
    card = page.locator("article", has=page.get_by_role("link", name=name))
    card.get_by_text("Change").click()
    card.get_by_role("textbox", name="Name").fill(f"{name} renamed")
    card.get_by_role("button", name="Save").click()
    card = page.locator("article", has=page.get_by_role("link", name=f"{name} renamed"))
    assert violations(page) == []
    card.get_by_text("Change").click()
    card.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Saved views")).to_be_visible()
    expect(card).to_have_count(0)


def test_an_export_from_asking_to_the_file(page: Page, site: Site, word: str, tmp_path: Path) -> None:
    page.goto(f"{site.url}/console/conversations/?q={word}&rating=bad")
    page.locator("summary", has_text="Export").click()
    page.get_by_role("combobox", name="Everything that is filtered").select_option(
        label="CSV, a row for each message"
    )
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page).to_have_url(re.compile(r"/console/exports/$"))
    row = page.locator("tbody tr").first
    link = row.get_by_role("link", name="Download")
    expect(link).to_be_visible()  # the page moves on by itself while it is made
    expect(row).to_contain_text(re.compile("ready until .*20"))
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "export.csv")
    lines = list(csv.DictReader((tmp_path / "export.csv").open(encoding="utf-8-sig", newline="")))
    assert len({line["conversation"] for line in lines}) == 1
    assert {line["kind"] for line in lines} >= {"question", "answer"} and word in lines[0]["text"]
    row.get_by_role("link", name="what was filtered").click()
    expect(page).to_have_url(re.compile(f"q={word}"))
    page.go_back()
    row.get_by_role("button", name="Delete").click()
    expect(page.locator(f'a[href*="{word}"]')).to_have_count(0)
