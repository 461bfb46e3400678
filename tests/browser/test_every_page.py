"""axe-core over every page of the URL map that a role can open, in both themes and both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.visitor import Visitor

LOOKS = {
    "English, wide": ("en-US", {"width": 1280, "height": 900}),
    "Chinese, narrow": ("zh-CN", {"width": 390, "height": 844}),
}
ROLES = ["demo", "operator", "admin"]
HTML = {"Accept": "text/html"}
# The first row of a list in the admin; what it leads to is the page of one object.
FIRST_ROW = re.compile(r'<table id="result_list">.*?<tbody>.*?href="([^"?]+/change/)', re.DOTALL)
# Looked at with content on them by test_accessibility.py; a diagram's page is only ever a frame in another.
SEEN_ELSEWHERE = {"/", "/tasks/", "/settings/", "/settings/my-data/", "/diagram/"}


def routes(prefix: str = "", patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Every address of ours without an id in it."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(route, pattern.url_patterns)
        elif not re.search(r"[<(]", route):
            yield "/" + route


def is_page(person: Visitor, path: str) -> str:
    """Its HTML if the person is shown it there; "" for what is refused, leads elsewhere or is no page."""
    answer = person.http.get(path, headers=HTML, follow_redirects=False)
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return answer.text if answer.status_code == 200 and is_html else ""


def pages_of(person: Visitor) -> list[str]:
    found = []
    for path in sorted(set(routes()) - SEEN_ELSEWHERE):
        shown = is_page(person, path)
        if shown:
            found.append(path)
            found += FIRST_ROW.findall(shown)[:1]
    return found


@pytest.fixture(scope="module")
def pages(site: Site, demo: Visitor) -> dict[str, list[str]]:
    """By role what it alone adds, after something has happened that lists can show."""
    conversation, turn = demo.begin(demo.bot("Weather"), "Will it rain in Beijing?")
    demo.wait_for_round(conversation, turn)
    found: dict[str, list[str]] = {}
    for name in ROLES:
        person = Visitor(site.url, name)
        earlier = {page for pages in found.values() for page in pages}
        found[name] = [page for page in pages_of(person) if page not in earlier]
        person.close()
    found["demo"].append("/search/?q=rain")
    return found


def test_there_are_pages_to_look_at(pages: dict[str, list[str]]):
    assert len(pages["admin"]) > 30
    assert any(page.endswith("/change/") for page in pages["admin"])
    assert {"/search/", "/accounts/password/change/"} <= set(pages["demo"])


def faults(page: Page, url: str, paths: list[str]) -> list[str]:
    found = []
    for path in paths:
        page.goto(url + path)
        found += [f"{path} {fault}" for fault in violations(page)]
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_a_rule(
    new_context: NewContext, site: Site, pages: dict[str, list[str]], role: str, look: str
):
    language, window = LOOKS[look]
    page = new_context(role, locale=language, viewport=window, reduced_motion="reduce").new_page()
    found = faults(page, site.url, pages[role])
    assert found == [], "\n".join(found)
