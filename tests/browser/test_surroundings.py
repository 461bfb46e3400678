"""Around the chat: a small window, another language, signing out, a page without scripts, what it weighs."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess

MOST_BYTES = 150 * 1024  # design, section 7: first visit, compressed


def test_at_390_px_nothing_sticks_out_and_the_list_is_one_press_away(new_context: NewContext, site: Site):
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    chat = ChatPage(context.new_page(), site.url)
    chat.begin("Showcase", "Show me a table and some code, please.")
    chat.expect_state("completed")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(chat.list).not_to_be_in_viewport()
    chat.page.get_by_role("link", name="Show the list").or_(
        chat.page.get_by_role("button", name="Show the list")
    ).click()
    expect(chat.list).to_be_in_viewport()


def test_signing_out_elsewhere_is_said_and_the_draft_stays(
    new_context: NewContext, site: Site, simulator: SimulatorProcess
):
    context = new_context(name="")
    chat = ChatPage(context.new_page(), site.url)
    sign_in(chat, "demo2")
    chat.begin("Echo", "out: tokens=20 rate=0 hold=out hold_at=delta:5")
    simulator.reached("out")
    expect(chat.answers).to_contain_text("w4")
    chat.message.press_sequentially("half a thought")
    other = context.new_page()
    other.goto(site.url + "/accounts/logout/")
    other.get_by_role("button", name=re.compile("sign out", re.IGNORECASE)).click()
    expect(chat.page.get_by_role("status").filter(has_text="signed out")).to_be_visible()
    expect(chat.message).to_have_value("half a thought")
    simulator.release("out")
    sign_in(ChatPage(other, site.url), "demo2")
    chat.page.reload()
    chat.expect_state("completed")
    expect(chat.message).to_have_value("half a thought")


def sign_in(chat: ChatPage, name: str) -> None:
    chat.page.goto(chat.url + "/accounts/login/")
    chat.page.get_by_role("textbox", name=re.compile("user name", re.IGNORECASE)).fill(name)
    chat.page.get_by_label("Password").fill(name)
    chat.page.get_by_role("button", name="Sign in").click()
    expect(chat.message).to_be_visible()


def test_without_scripts_one_can_still_ask_and_read(new_context: NewContext, site: Site):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site.url + "/")
    page.get_by_role("textbox", name="Message").fill("no scripts here")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    answer = page.locator('article[data-role="assistant"]')
    for _ in range(20):  # people without scripts reload
        if answer.count():
            break
        page.reload()
    expect(answer).to_contain_text("no scripts here")


def test_a_first_visit_weighs_little(new_context: NewContext, site: Site):
    """Bytes on the wire, headers included, of a person who has no conversation yet."""
    page = new_context(name="operator").new_page()
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({names[event["requestId"]]: int(event["encodedDataLength"])}),
    )
    page.goto(site.url + "/", wait_until="networkidle")
    expect(ChatPage(page, site.url).message).to_be_visible()
    assert len(sizes) > 5
    assert sum(sizes.values()) <= MOST_BYTES, sizes
