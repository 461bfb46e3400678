"""A card as people and screen readers find it: a group, its fields by their labels, its buttons."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

PHOTO = {"name": "sky.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(range(64))}


class Card:
    """`group`: a tool call or a question."""

    def __init__(self, group: Locator) -> None:
        self.group = group
        self.output = group.get_by_role("textbox", name="Output", exact=True)
        self.own_words = group.get_by_role("textbox", name="Something else…", exact=True)
        self.submit = self.button("Submit")
        self.approve = self.button("Approve")
        self.decline = self.button("Decline…")
        self.again = self.button("Ask again")
        self.file = group.locator("input[type=file]")  # hidden behind its button
        self.fault = group.get_by_role("alert").filter(visible=True)
        self.line = group.locator("summary").filter(visible=True).first

    def button(self, name: str) -> Locator:
        return self.group.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.group.get_by_role("textbox", name=label, exact=True)

    def answer(self, output: str) -> None:
        self.output.fill(output)
        self.submit.click()

    def say_no(self, reason: str) -> None:
        self.decline.click()
        self.group.get_by_role("textbox", name=re.compile("^Why")).fill(reason)
        self.button("Decline").click()

    def expect_state(self, state: str, timeout: float | None = None) -> None:
        expect(self.group).to_have_attribute("data-state", state, timeout=timeout)

    def expect_folded(self, words: str, who: str = "demo, on Chrome") -> None:
        """One line that says what was answered and by whom."""
        expect(self.line).to_contain_text(words)
        expect(self.line).to_contain_text(who)
        expect(self.submit).to_be_hidden()
