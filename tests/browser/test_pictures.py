"""A bot's icon and the picture behind the start screen: shown by the site itself, missed by nobody."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Complaints, NewContext
from tests.process import Site

WIDTH = "() => document.querySelector('.bot:has(:checked) img')?.naturalWidth ?? 0"
BACKDROP = (
    "() => getComputedStyle(document.querySelector('start-screen')).backgroundImage.includes('/pictures/')"
)
IS_PLAIN = "() => !document.querySelector('start-screen').hasAttribute('data-backdrop')"


def test_a_bot_brings_its_pictures_and_says_how_it_likes_to_be_asked(chat: ChatPage) -> None:
    chat.open()
    chat.choose("Travel")
    chat.page.wait_for_function(f"({WIDTH})() > 0")
    chat.page.wait_for_function(BACKDROP)
    expect(chat.page.get_by_text("This bot likes to be spoken to")).to_be_visible()
    chat.choose("Echo")
    chat.page.wait_for_function(IS_PLAIN)
    expect(chat.page.get_by_text("This bot likes to be spoken to")).to_have_count(0)


def test_a_phone_gets_the_narrow_picture(new_context: NewContext, site: Site) -> None:
    chat = ChatPage(new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page(), site.url)
    chat.open()
    with chat.page.expect_response("**/pictures/**") as first:
        chat.choose("Weather")
    assert first.value.headers["content-type"] == "image/png"
    chat.page.wait_for_function(BACKDROP)
    shown = chat.page.evaluate("JSON.parse(document.getElementById('page-state').textContent).bots")
    narrow = next(bot["mobile_background"]["picture"] for bot in shown if bot["name"] == "Weather")
    assert narrow in chat.page.evaluate(
        "getComputedStyle(document.querySelector('start-screen')).backgroundImage"
    )


def test_without_its_pictures_a_bot_has_its_initials_and_a_plain_page(
    chat: ChatPage, complaints: Complaints
) -> None:
    complaints.forgive("404")
    chat.page.route("**/pictures/**", lambda route: route.fulfill(status=404))
    chat.open()
    with chat.page.expect_response(lambda answer: "/pictures/" in answer.url and answer.status == 404):
        chat.choose("Travel")
    face = chat.page.locator(".bot:has(:checked) .avatar")
    expect(face).to_have_text("T")
    expect(face.locator("img")).to_have_count(0)
    assert chat.page.evaluate(IS_PLAIN)
