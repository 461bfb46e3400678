"""No page asks another origin for anything, not in the owner's look either (M-112): all ways out are shut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Request, Route, WebSocket, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.browser.test_surroundings import sign_in
from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess

HOSTILE = """# A title
![a picture](https://evil.example/a.png) [a link](https://evil.example/b)
![here](http://127.0.0.1:9/c.png)

<img src="https://evil.example/d.png"><iframe src="https://evil.example/e"></iframe>
<link rel="stylesheet" href="https://evil.example/f.css"><style>@import "https://evil.example/g.css";</style>
<video src="https://evil.example/h.mp4" poster="https://evil.example/i.png"></video>
<svg><image href="https://evil.example/j.png"/><use href="https://evil.example/k.svg#x"/></svg>
<a href="https://evil.example/l" ping="https://evil.example/m">x</a>

https://evil.example/n rate=0 follow_ups=0"""


class Abroad:
    """Requests to any other origin than the site's, recorded and refused."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.home = (f"{url}/", f"{url.replace('http', 'ws', 1)}/")
        self.asked: list[str] = []
        context.on("request", self._note)
        context.on("page", lambda page: page.on("websocket", self._note))
        context.route("**/*", self._pass)

    def _note(self, request: Request | WebSocket) -> None:
        if not self._is_home(request.url):
            self.asked.append(request.url)

    def _pass(self, route: Route) -> None:
        if self._is_home(route.request.url):
            route.continue_()
        else:
            route.abort()

    def _is_home(self, url: str) -> bool:
        return url.startswith((*self.home, "data:", "blob:", "about:"))


@pytest.fixture(scope="module")
def branded(tmp_path_factory: pytest.TempPathFactory, simulator: SimulatorProcess) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("branded")
    logo, css = folder / "logo.svg", folder / "own.css"
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    )
    css.write_text(".brand { letter-spacing: 1px }")
    env = {"BRAND_NAME": "Rain & Co", "BRAND_LOGO": str(logo), "BRAND_LOGO_DARK": str(logo)}
    env |= {"BRAND_ACCENT": "#7a1fa2", "BRAND_CSS": str(css), "TERMS_URL": "https://example.com/terms"}
    with running_site(folder, simulator.url, simulator.token, env=env) as site:
        yield site


def test_no_page_asks_anybody_else(new_context: NewContext, branded: Site) -> None:
    context = new_context(name="", color_scheme="dark")
    abroad = Abroad(context, branded.url)
    chat = ChatPage(context.new_page(), branded.url)
    page = chat.page
    page.goto(f"{branded.url}/accounts/signup/")
    page.goto(f"{branded.url}/accounts/login/")
    expect(page.get_by_role("link", name="Terms of use")).to_have_attribute(
        "href", "https://example.com/terms"
    )
    expect(page.locator("img.brand__mark--dark")).to_be_visible()
    expect(page.locator("img.brand__mark--light")).to_be_hidden()
    sign_in(chat, "admin")
    expect(page).to_have_title("New chat · Rain & Co")
    chat.begin("Echo", HOSTILE)
    chat.expect_state("completed")
    chat.begin("Showcase", "show everything rate=0")
    chat.expect_state("completed")
    page.wait_for_load_state("networkidle")
    for path in ("/tasks/", "/settings/", "/admin/", "/admin/chatweb/feedback/", "/admin/chatweb/bot/"):
        page.goto(branded.url + path, wait_until="networkidle")
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--button-bg')").count("#") >= 1
    assert page.locator("#site-name").inner_text().strip() == "Rain & Co"
    assert abroad.asked == []
