"""Everybody can use it: axe-core over every page, small and magnified windows, targets, motion, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

LOOKS = {
    "English, wide": ("en-US", {"width": 1280, "height": 900}),
    "Chinese, narrow": ("zh-CN", {"width": 390, "height": 844}),
}
# As small as WCAG asks for (1.4.10), and a window of 1280 px magnified to 200 %.
SMALL = [{"width": 320, "height": 640}, {"width": 640, "height": 450}]
LEAST_TARGET_PX = 24
SIGNED_OUT = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]

# Path, and what stands there once the page has drawn itself.
Place = tuple[str, str]


@pytest.fixture(scope="module")
def places(demo: Visitor, simulator: SimulatorProcess) -> Iterator[list[Place]]:
    """Pages with everything on them that people meet."""
    content, turn = demo.begin(demo.bot("Showcase"), "Everything you have, please.")
    demo.wait_for(content, turn, "completed")
    thinking, turn = demo.begin(demo.bot("Reasoner"), "Why?")
    demo.wait_for(thinking, turn, "completed")
    failed, turn = demo.begin(demo.bot("Trouble"), "fail")
    demo.wait_for(failed, turn, "failed")
    cards, turn = demo.begin(demo.bot("Weather"), "compare Beijing and Berlin")
    first, _second = demo.wait_for_round(cards, turn)
    demo.answer(cards, turn, {first["id"]: "dry"})
    form, turn = demo.begin(demo.bot("City weather"), "", {"city": "ask=form"})
    demo.wait_for_round(form, turn)
    hold = f"h{uuid4().hex}"
    queue, _ = demo.begin(demo.bot("Echo"), f"tokens=20 rate=0 hold={hold} hold_at=delta:5")
    simulator.reached(hold)
    demo.ask(queue, "And then this.")
    yield [
        ("/", "chat-composer textarea"),
        *((f"/c/{one}/", 'article[data-role="assistant"]') for one in (content, thinking, queue)),
        (f"/c/{failed}/", ".fault"),
        *((f"/c/{one}/", "action-card button") for one in (cards, form)),
        ("/tasks/", "action-card button"),
        ("/settings/", "main"),
        ("/settings/my-data/", "main"),
    ]
    simulator.release(hold)


def see(page: Page, url: str, place: Place) -> None:
    page.goto(url + place[0])
    page.locator(place[1]).filter(visible=True).first.wait_for()


# These people asked for no motion; what takes a millisecond is none.
MOVING = """document.getAnimations().filter(({effect}) => effect.getComputedTiming().activeDuration > 1)
  .map((one) => one.animationName ?? one.transitionProperty)"""


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_breaks_a_rule(new_context: NewContext, site: Site, places: list[Place], look: str):
    language, window = LOOKS[look]
    settings = {"locale": language, "viewport": window, "reduced_motion": "reduce"}
    page = new_context(**settings).new_page()
    stranger = new_context(name="", **settings).new_page()
    found = []
    for place in places:
        see(page, site.url, place)
        found += [f"{place[0]} {fault}" for fault in violations(page)]
        found += [f"{place[0]} moves: {name}" for name in page.evaluate(MOVING)]
    for path in SIGNED_OUT:
        see(stranger, site.url, (path, "main"))
        found += [f"{path} {fault}" for fault in violations(stranger)]
    assert found == [], "\n".join(found)


# What a finger is to hit: everything that can be pressed and is not a link inside a sentence.
SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
  .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter((one) => !one.closest(".visually-hidden, [inert]") && one.tabIndex >= 0 && !one.disabled)
  .map((one) => ["radio", "checkbox"].includes(one.type) ? one.labels[0] ?? one : one)
  .filter((one) => getComputedStyle(one).display !== "inline")
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < least || box.height < least))
  .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`)"""  # noqa: E501


def test_in_a_small_or_magnified_window_nothing_is_lost_and_everything_can_be_hit(
    new_context: NewContext, site: Site, places: list[Place]
):
    page = new_context(has_touch=True).new_page()
    found = []
    for place in places:
        for window in SMALL:
            page.set_viewport_size(window)  # type: ignore[arg-type]
            see(page, site.url, place)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > window["width"]:
                found.append(f"{place[0]} is {width} px wide in {window['width']}")
            found += [f"{place[0]} {one}" for one in page.evaluate(SMALL_TARGETS, LEAST_TARGET_PX)]
    assert found == [], "\n".join(found)


# Everything the Tab key must come to; of radio buttons with a name only one, which is the browser's choice.
TABBABLE = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "radio" && one.type !== "hidden")
    .filter((one) => !one.closest("[inert], template"))
    .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: false}));
  window.reached = new Map(all.map((one) => [one, false]));
  return all.length;
}"""
ARRIVED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  window.reached.set(here, true);
  const isFramed = ({outlineStyle, boxShadow}) => outlineStyle !== "none" || boxShadow !== "none";
  const around = here.closest(".composer, label");
  const isSeen = isFramed(getComputedStyle(here)) || (around && isFramed(getComputedStyle(around)));
  return isSeen ? "" : here.outerHTML.slice(0, 150);
}"""
MISSED = "[...window.reached].filter(([, was]) => !was).map(([one]) => one.outerHTML.slice(0, 150))"


def test_the_tab_key_comes_to_every_control_and_shows_where_it_is(
    new_context: NewContext, site: Site, places: list[Place]
):
    page = new_context(reduced_motion="reduce").new_page()
    see(page, site.url, places[5])  # with cards
    page.evaluate("document.activeElement?.blur()")
    unseen = []
    for _ in range(page.evaluate(TABBABLE) + 40):  # tools of answers come late
        page.keyboard.press("Tab")
        unseen.append(page.evaluate(ARRIVED))
    assert [one for one in unseen if one] == []
    assert page.evaluate(MISSED) == []
