"""axe-core in a page: what it finds against WCAG 2.2 AA and its own good practice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
RUN = """async (only) => {
  const {violations} = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false});
  const told = (id, node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`;
  return violations.flatMap(({id, nodes}) => nodes.map((node) => told(id, node)));
}"""

# Colours fade over: what is measured in between is neither light nor dark. Chromium forgets some that were
# cut short by the change of scheme, so nobody waits for longer than a fade takes.
SETTLED = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const settled = Promise.allSettled(document.getAnimations().map((fade) => fade.finished));
  await Promise.race([settled, new Promise((over) => setTimeout(over, 1500))]);
}"""


@cache
def source() -> str:
    return SOURCE.read_text()


def violations(page: Page) -> list[str]:
    """One line a fault: rule, element, why; in light, and for contrast in dark too."""
    # Evaluated from outside the page, so that its policy stays as it is.
    page.evaluate(source())
    found = run(page, "light", RULES)
    return [*found, *(f"in dark: {fault}" for fault in run(page, "dark", CONTRAST))]


def run(page: Page, scheme: Literal["light", "dark"], only: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)
    return list(page.evaluate(RUN, only))
