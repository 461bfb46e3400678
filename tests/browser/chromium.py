"""Finds a Chromium for the tests, or brings one: `python -m tests.browser.chromium` prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WHAT_TO_DO = (
    "No Chromium for the browser tests. Install one (Debian: apt-get install chromium) "
    "or set CHROMIUM to the path of Chromium or Chrome."
)
DOWNLOAD_SECONDS = 300


def runs(path: str) -> bool:
    """Distributions ship stand-ins that only say where to get a browser, and downloads may lack libraries."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def present() -> Iterator[str]:
    """Paths worth trying, best first. CHROMIUM, when set, is the only one."""
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
        return
    yield from (path for name in NAMES if (path := shutil.which(name)))
    if downloaded := _downloaded():
        yield downloaded


def _downloaded() -> str:
    """Where Playwright keeps its own Chromium, if it has one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def find() -> str:
    """The path of a browser that runs, "" when there is none."""
    return next((path for path in present() if runs(path)), "")


def find_or_install() -> str:
    """Like `find`, after trying to install one: Playwright's, then Debian's when we are root."""
    if os.environ.get("CHROMIUM"):
        return find()
    if found := find():
        return found
    attempts = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append([["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"]])
    for commands in attempts:
        if all(_carry_out(command) for command in commands) and (found := find()):
            return found
    return ""


def _carry_out(command: list[str]) -> bool:
    print("+", *command, file=sys.stderr)
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=DOWNLOAD_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    browser = find_or_install()
    if not browser:
        sys.exit(WHAT_TO_DO)
    print(browser)
