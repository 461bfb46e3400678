"""The line above the pages while an admin sees the site as somebody else, and a question not sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, NewContext
from tests.process import Site


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_line_fits_the_refusal_loses_nothing_and_it_ends(
    new_context: NewContext, site: Site, complaints: Complaints, width: int, scheme: str
) -> None:
    complaints.forgive("403")
    viewport = {"width": width, "height": 700}
    page = new_context("admin", viewport=viewport, color_scheme=scheme).new_page()
    page.goto(f"{site.url}/admin/accounts/user/?q=demo")
    page.locator("#result_list th a").filter(has_text="demo").first.click()
    page.get_by_role("link", name="See the site as this person").click()
    page.get_by_label("Reason").fill("a ticket")
    page.get_by_role("button", name="Begin").click()

    line = page.get_by_role("region", name="Seeing the site as somebody else")
    expect(line).to_contain_text("You see the site as demo. Nothing you do here is sent.")
    page.wait_for_load_state("load")  # with its style sheets
    root = "document.documentElement"
    over = page.evaluate(f"[{root}.scrollWidth - innerWidth, {root}.scrollHeight - innerHeight]")
    assert over == [0, 0]
    page.get_by_role("textbox", name="Message").fill("never sent")
    page.get_by_role("textbox", name="Message").press("Enter")
    expect(page.get_by_text("You see the site as somebody else: nothing is sent.")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="never sent")).to_be_visible()

    line.get_by_role("button", name="End").click()
    expect(page.get_by_text("You see the site as yourself again.")).to_be_visible()
    page.goto(site.url)
    expect(line).to_have_count(0)
