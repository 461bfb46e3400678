"""How long the tasks of a page's main thread keep the processor, whatever else the machine does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"]


class Recording:
    """How long the tasks of a page's main thread kept the processor: other processes do not count."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.events: list[dict[str, Any]] = []
        self.is_complete = False
        session.on("Tracing.dataCollected", lambda data: self.events.extend(data["value"]))
        session.on("Tracing.tracingComplete", lambda _: setattr(self, "is_complete", True))
        config = {"includedCategories": CATEGORIES}
        session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})

    def longest_ms(self, page: Page) -> float:
        self.session.send("Tracing.end")
        while not self.is_complete:
            page.wait_for_timeout(20)
        threads = {
            (event["pid"], event["tid"])
            for event in self.events
            if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
        }
        tasks = [
            event["tdur"] / 1000
            for event in self.events
            if event["name"].endswith("RunTask")
            and "tdur" in event
            and (event["pid"], event["tid"]) in threads
        ]
        return max(tasks)
