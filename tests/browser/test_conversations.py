"""The list of conversations: names, marks, deleting and taking it back, one list for all tabs."""

from __future__ import annotations

import re

from playwright.sync_api import APIResponse, Locator, Route, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Complaints, NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess


def row(chat: ChatPage, name: str) -> Locator:
    return chat.list.get_by_role("listitem").filter(has_text=name)


def choose(chat: ChatPage, name: str, item: str) -> None:
    """From the menu of a row."""
    row(chat, name).hover()
    row(chat, name).get_by_role("button").click()
    chat.page.get_by_role("menuitem", name=item, exact=True).click()


def finished(chat: ChatPage, text: str) -> None:
    chat.begin("Echo", text)
    chat.expect_state("completed")


def test_a_new_name_shows_in_every_tab(chat: ChatPage):
    finished(chat, "old name one")
    other = ChatPage(chat.page.context.new_page(), chat.url)
    other.open(f"/c/{chat.conversation}/")
    choose(chat, "old name one", "Rename")
    field = chat.page.get_by_role("textbox", name="Name of the conversation")
    field.fill("A better name")
    field.press("Enter")
    for tab in (chat, other):
        expect(row(tab, "A better name")).to_be_visible()
        expect(row(tab, "old name one")).to_have_count(0)


def test_deleting_can_be_taken_back(chat: ChatPage):
    finished(chat, "to be deleted and back")
    choose(chat, "to be deleted and back", "Delete")
    expect(row(chat, "to be deleted and back")).to_have_count(0)
    chat.page.get_by_role("button", name="Undo").click()
    expect(row(chat, "to be deleted and back")).to_be_visible()


def test_an_older_answer_that_comes_late_does_not_bring_back_what_was_deleted(chat: ChatPage):
    late: list[tuple[Route, APIResponse]] = []
    chat.page.route("**/read/", lambda route: late.append((route, route.fetch())))
    with chat.page.expect_request("**/read/"):
        finished(chat, "gone for good")
    choose(chat, "gone for good", "Delete")
    expect(row(chat, "gone for good")).to_have_count(0)
    for route, answer in late:
        with chat.page.expect_response("**/read/"):
            route.fulfill(response=answer)
    expect(row(chat, "gone for good")).to_have_count(0)


def test_deleted_is_gone_in_the_other_tab_too(chat: ChatPage):
    finished(chat, "deleted for good")
    other = ChatPage(chat.page.context.new_page(), chat.url)
    other.open("/")
    expect(row(other, "deleted for good")).to_be_visible()
    choose(chat, "deleted for good", "Delete")
    expect(row(other, "deleted for good")).to_have_count(0)


def test_marks_say_what_goes_on_elsewhere(chat: ChatPage, simulator: SimulatorProcess):
    chat.begin("Echo", "marked: tokens=20 rate=0 hold=marked hold_at=delta:5")
    simulator.reached("marked")
    other = ChatPage(chat.page.context.new_page(), chat.url)
    other.open("/")
    expect(row(other, "marked:").get_by_role("img")).to_be_visible()
    chat.open("/")
    simulator.release("marked")
    expect(row(other, "marked:")).to_have_attribute("data-mark", "unread")
    row(other, "marked:").get_by_role("link").click()
    other.expect_state("completed")
    expect(row(other, "marked:")).to_have_attribute("data-mark", "")
    expect(row(chat, "marked:")).to_have_attribute("data-mark", "")


def test_new_chat_and_back_without_a_page_load(chat: ChatPage):
    finished(chat, "one of two")
    path = re.sub(r"^https?://[^/]+", "", chat.page.url)
    chat.new_chat.click()
    expect(chat.page).to_have_url(re.compile("/$"))
    chat.page.go_back()
    expect(chat.page).to_have_url(re.compile(re.escape(path)))
    expect(chat.answers).to_contain_text("one of two")


def test_nobody_sees_another_persons_conversation(
    chat: ChatPage, new_context: NewContext, site: Site, complaints: Complaints
):
    complaints.forgive("status of 404")
    finished(chat, "mine alone")
    stranger = ChatPage(new_context(name="demo2").new_page(), site.url)
    answer = stranger.page.goto(f"{site.url}/c/{chat.conversation}/")
    assert answer is not None and answer.status == 404
    stranger.open("/")
    expect(stranger.message).to_be_visible()
    expect(row(stranger, "mine alone")).to_have_count(0)
