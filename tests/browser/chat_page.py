"""The chat page as people and screen readers find their way in it: by the names of design section 6."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.card import Card

CARD = re.compile("^(Tool call|Question)")


class ChatPage:
    """Only roles, accessible names and the documented data attributes; no class, no id."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.message = page.get_by_role("textbox", name="Message", exact=True)
        self.send = page.get_by_role("button", name="Send", exact=True)
        self.stop = page.get_by_role("button", name="Stop", exact=True)
        self.log = page.get_by_role("log", name="Conversation", exact=True)
        self.new_chat = page.get_by_role("link", name="New chat").or_(
            page.get_by_role("button", name="New chat")
        )
        self.list = page.get_by_role("navigation", name="Conversations")
        self.answers = self.log.locator('article[data-role="assistant"]')
        self.questions = self.log.locator('article[data-role="user"]')
        self.turns = self.log.locator("[data-turn-state]")
        self.cards = page.get_by_role("group", name=CARD)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def choose(self, bot: str) -> None:
        named = self.page.get_by_text(bot, exact=True)  # "Travel" is not "Travel planner"
        self.page.locator("label").filter(has=named).get_by_role("radio").check(force=True)

    def begin(self, bot: str, text: str) -> None:
        """From the start page: a new conversation with its first question."""
        self.open()
        self.choose(bot)
        self.ask(text)
        expect(self.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/$"))

    def ask(self, text: str) -> None:
        self.message.fill(text)
        self.send.click()

    def turn(self, number: int) -> Locator:
        return self.turns.nth(number)

    def card(self, number: int = 0) -> Card:
        return Card(self.cards.nth(number))

    def tool_call(self, name: str, number: int = 0) -> Card:
        """By the tool's title, or its name where it has none."""
        pattern = re.compile(rf"^Tool call: {re.escape(name)}")
        return Card(self.page.get_by_role("group", name=pattern).nth(number))

    def question(self, text: str, number: int = 0) -> Card:
        pattern = re.compile(rf"^Question: {re.escape(text)}")
        return Card(self.page.get_by_role("group", name=pattern).nth(number))

    def open_in_new_tab(self) -> ChatPage:
        """The same conversation once more."""
        other = ChatPage(self.page.context.new_page(), self.url)
        other.open(f"/c/{self.conversation}/")
        return other

    def expect_state(self, state: str, number: int = 0) -> None:
        expect(self.turn(number)).to_have_attribute("data-turn-state", state)

    @property
    def conversation(self) -> str:
        found = re.search(r"/c/([0-9a-f-]{36})/", self.page.url)
        assert found, self.page.url
        return found[1]
