"""How a browser bears a conversation of 5 000 messages: opening it at its end, and reading upwards."""

from __future__ import annotations

import json
import shutil
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.long_conversation import LAST_WORDS
from bench.main_thread import Recording
from bench.runs import Bench, say
from bench.server import Process, start_upstream
from bench.table import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPENINGS = 5
PAGES_UP = 10
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# From the navigation's start until the last answer is drawn and the log stands at its end.
WATCH = """(words) => {
  const look = () => {
    const log = document.querySelector("[role=log]");
    const last = [...document.querySelectorAll("chat-message")].at(-1);
    const isThere = last?.textContent.includes(words) && last.querySelector("pre");
    const isAtEnd = isThere && log.scrollHeight - log.clientHeight - log.scrollTop < 2;
    if (isAtEnd) globalThis.openedMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

# Goes to the top, where older turns are fetched, and watches what was read there until nothing moves any
# more. Sizes are observed after the page's own observer has answered them: that is what gets painted.
UPWARDS = """async () => {
  const log = document.querySelector("[role=log]");
  const turns = () => log.querySelectorAll("chat-turn");
  const count = turns().length;
  const first = turns()[0];
  log.scrollTop = Math.min(log.scrollTop, 300);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const top = first.getBoundingClientRect().top;
  let [jump, quiet] = [0, 0];
  const sizes = new ResizeObserver(() => {
    jump = Math.max(jump, Math.abs(first.getBoundingClientRect().top - top));
    quiet = 0;
  });
  sizes.observe(log.firstElementChild);
  while (turns().length === count || quiet < 30) {
    await new Promise(requestAnimationFrame);
    quiet += 1;
  }
  sizes.disconnect();
  return jump;
}"""


def page(bench: Bench) -> list[Row]:
    """In Chromium, with a profile that has been here before; the browser has the generator's core."""
    from playwright.sync_api import sync_playwright

    with (
        start_upstream(bench.upstream_port) as upstream,
        bench.site.serve("daphne") as server,
        sync_playwright() as playwright,
    ):
        upstream.wait_until_alive("/v1/users/me")
        server.wait_until_alive()
        path = next(found for name in NAMES if (found := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        openings = openings_of(browser, server, bench.site.seeded)
        browser.close()
    return [
        Row(
            "a 5 000-message conversation opens at its end",
            median(one["opened"] for one in openings),
            "ms",
            1000,
            400,
            note=f"median of {len(openings)}",
        ),
        Row(
            "longest main-thread task while it opens, CPU",
            median(one["longest"] for one in openings),
            "ms",
            100,
            50,
        ),
        Row(
            f"longest main-thread task, {PAGES_UP} pages upwards, CPU",
            openings[-1]["longest_up"],
            "ms",
            100,
            50,
        ),
        Row(f"what is read moves, {PAGES_UP} pages upwards", openings[-1]["jump"], "px", 1, 0),
    ]


def openings_of(browser: Browser, server: Process, seeded: dict[str, Any]) -> list[dict[str, float]]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    session = seeded["people"][0]["session"]
    context.add_cookies(
        [{"name": seeded["session_cookie"], "value": session, "domain": "127.0.0.1", "path": "/"}]
    )
    context.add_init_script(f"({WATCH})({json.dumps(LAST_WORDS)})")
    found = []
    for number in range(OPENINGS + 1):
        tab = context.new_page()
        recording = Recording(browser.new_browser_cdp_session())
        tab.goto(f"http://127.0.0.1:{server.port}/c/{seeded['long']}/")
        found.append(opening_of(tab, recording))
        if number == OPENINGS:
            found[-1] |= upwards(tab, Recording(browser.new_browser_cdp_session()))
        say(f"page: {found[-1]}")
        tab.close()
    return found[1:]  # the first fills the cache


def opening_of(tab: Page, recording: Recording) -> dict[str, float]:
    """Milliseconds; those of tasks are of CPU."""
    tab.wait_for_function("() => globalThis.openedMs")
    tab.wait_for_timeout(500)  # what comes late is measured too
    return {"opened": tab.evaluate("openedMs"), "longest": recording.longest_ms(tab)}


def upwards(tab: Page, recording: Recording) -> dict[str, float]:
    """The same while older pages come, and pixels by which what is read moves."""
    jump = max(tab.evaluate(UPWARDS) for _ in range(PAGES_UP))
    return {"jump": jump, "longest_up": recording.longest_ms(tab)}
