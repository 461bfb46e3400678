"""Quotas as people see them: a quiet line from 80 % on, and a refusal that loses nothing (M-092)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, NewContext
from tests.live.test_quotas import quota, used
from tests.process import Site
from tests.visitor import Visitor

# The site's day ends at midnight in UTC: half past five in Kolkata, eight o'clock in Shanghai.
ENGLISH = {
    "zone": "Asia/Kolkata",
    "edit": "Edit",
    "used": "{used} of {most} messages today",
    "resets": "05:30 your time.",
    "over": "Your quota is used up: ",
}
CHINESE = {
    "zone": "Asia/Shanghai",
    "edit": "编辑",
    "used": "今天已用 {used}/{most} 条消息",
    "resets": "08:00重置。",
    "over": "你的配额已用完：",
}


@pytest.fixture
def talk(site: Site) -> str:
    """A conversation of demo2's in which so much was asked that one question more is beyond 80 %."""
    visitor = Visitor(site.url, "demo2")
    conversation, turn = visitor.begin(visitor.bot("Echo"), "one")
    turns = [turn, visitor.ask(conversation, "two"), visitor.ask(conversation, "three")]
    visitor.wait_for(conversation, turns[-1], "completed")
    visitor.close()
    return conversation


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_the_line_warns_then_refuses_and_the_words_are_kept(
    new_context: NewContext,
    site: Site,
    complaints: Complaints,
    talk: str,
    locale: str,
    words: dict[str, str],
) -> None:
    complaints.forgive("429")
    before = used(site)
    page = new_context("demo2", locale=locale, timezone_id=words["zone"]).new_page()
    message, line = page.locator("textarea[name=text]"), page.locator("quota-line")
    turns = page.get_by_role("log").locator("[data-turn-state=completed]")

    def ask(text: str) -> None:
        message.fill(text)
        message.press("Enter")

    with quota(site, limit=before + 2):
        page.goto(f"{site.url}/c/{talk}/")
        expect(turns).to_have_count(3)
        ask("four")
        expect(turns).to_have_count(4)
        expect(line).to_contain_text(words["used"].format(used=before + 1, most=before + 2))
        expect(line).to_contain_text(words["resets"])
        expect(line).not_to_contain_text(words["over"])

        ask("five")
        expect(turns).to_have_count(5)
        refusal = words["over"] + words["used"].format(used=before + 2, most=before + 2)
        expect(line).to_contain_text(refusal)
        ask("one too many")
        said = page.get_by_role("log").get_by_text(refusal)
        expect(said).to_be_visible()
        expect(said).to_contain_text(words["resets"])
        page.reload()
        expect(message).to_have_value("one too many")
        expect(turns).to_have_count(5)
        ask("one too many")
        expect(said).to_be_visible()
        page.get_by_role("log").get_by_role("button", name=words["edit"], exact=True).last.click()
        expect(message).to_have_value("one too many")
