"""The console's plots in a browser: drawn under the site's policy, walked by keys, never without a table."""

from __future__ import annotations

import csv
import re
import time
from io import StringIO

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.process import Site
from tests.visitor import Visitor

ADDRESS = "/console/figures/?days=7"
COUNTED_SECONDS = 30  # hours are counted every quarter of a minute
PAINTED = """canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, index) => index % 4 === 3 && value).length;
}"""


@pytest.fixture(scope="module")
def asked(site: Site) -> None:
    """A question that is in the figures by now."""
    visitor = Visitor(site.url, "demo")
    conversation, turn = visitor.begin(visitor.bot("Echo"), "something to count")
    visitor.wait_for(conversation, turn, "completed")
    visitor.close()
    operator = Visitor(site.url, "operator")
    until = time.monotonic() + COUNTED_SECONDS
    while "Nothing in this time" in first_figure(operator):
        assert time.monotonic() < until, "the question was not counted"
        time.sleep(0.5)
    operator.close()


def first_figure(operator: Visitor) -> str:
    page = operator.http.get(ADDRESS, headers={"Accept": "text/html"}).text
    return page[page.index('id="figure-volume"') : page.index('id="figure-people"')]


def opened(new_context: NewContext, site: Site, **options: object) -> Page:
    page = new_context("operator", **options).new_page()
    page.goto(site.url + ADDRESS)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plots_are_drawn_in_both_themes(new_context: NewContext, site: Site, asked: None, scheme: str):
    page = opened(new_context, site, color_scheme=scheme)
    canvas = page.locator("#figure-volume canvas")
    expect(canvas).to_be_visible()
    assert canvas.evaluate(PAINTED) > 200
    # The colours of the legend are those of the theme: the darker ones on white.
    swatch = page.locator("#figure-volume .figure__swatch").first
    colour = swatch.evaluate("element => getComputedStyle(element).backgroundColor")
    brightness = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert (brightness > 3 * 128) == (scheme == "dark")


def test_a_plot_is_as_wide_as_its_place(new_context: NewContext, site: Site, asked: None):
    page = opened(new_context, site)
    canvas = page.locator("#figure-volume canvas")
    expect(canvas).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("document.querySelector('#figure-volume canvas').clientWidth < 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_keys_walk_over_a_plot_and_say_its_figures(new_context: NewContext, site: Site, asked: None):
    page = opened(new_context, site)
    figure = page.locator("#figure-volume")
    plot = figure.get_by_role("group", name=re.compile("Volume"))
    plot.press("End")
    status = figure.get_by_role("status")
    last = figure.locator("tbody tr").last
    expect(status).to_contain_text(last.locator("th").inner_text() or "")
    for cell in last.locator("td").all():
        expect(status).to_contain_text(cell.text_content() or "")
    plot.press("ArrowLeft")
    before = figure.locator("tbody tr").nth(-2).locator("th").text_content() or ""
    expect(status).to_contain_text(before.strip())


def test_table_and_csv_agree(new_context: NewContext, site: Site, asked: None):
    page = opened(new_context, site)
    figure = page.locator("#figure-volume")
    figure.get_by_text("Show as table").click()
    expect(figure.get_by_role("table")).to_be_visible()
    shown = [
        [cell.get_attribute("data-value") for cell in row.locator("td").all()]
        for row in figure.locator("tbody tr").all()
    ]
    address = figure.get_by_role("link", name="CSV").get_attribute("href")
    answer = page.request.get(f"{site.url}{address}")
    _, *rows = csv.reader(StringIO(answer.body().decode("utf-8-sig")))
    assert [row[1:] for row in rows] == shown


def test_without_scripts_there_is_the_table(new_context: NewContext, site: Site, asked: None):
    page = opened(new_context, site, java_script_enabled=False)
    figure = page.locator("#figure-volume")
    figure.get_by_text("Show as table").click()
    expect(figure.get_by_role("table")).to_be_visible()


def test_a_choice_is_shown_at_once_and_stands_in_the_address(
    new_context: NewContext, site: Site, asked: None
):
    page = opened(new_context, site)
    page.get_by_label("Step").select_option("hour")
    page.wait_for_url("**by=hour*")
    expect(page.locator("#figure-volume tbody tr")).to_have_count(7 * 24)
    expect(page.locator("#figure-volume canvas")).to_be_visible()


def test_a_day_leads_to_its_conversations(new_context: NewContext, site: Site, asked: None):
    page = opened(new_context, site)
    plot = page.locator("#figure-volume").get_by_role("group", name=re.compile("Volume"))
    plot.press("End")
    plot.press("Enter")
    page.wait_for_url("**/console/conversations/?since=*until=*")
