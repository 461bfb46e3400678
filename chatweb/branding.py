"""What makes the site the owner's: name, logo, colours, links, a style sheet of their own (M-112).

Pure, but for the files that the settings name.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LINK = re.compile(r"(https?://|mailto:|/(?!/))\S+")
ELSEWHERE = re.compile(r"@import|url\(\s*[\"']?\s*(https?:)?//", re.IGNORECASE)
LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".ico": "image/x-icon",
}
PAGE, PAGE_DARK = "#fcfbf9", "#1a1918"  # --raw-paper of tokens.css
ACCENT = "#0c6b5d"  # --raw-teal
READABLE = 4.5  # WCAG 2.2, 1.4.3
ON_LIGHT, ON_DARK = "#ffffff", "#101010"  # what can stand on an accent


@dataclass(frozen=True)
class Brand:
    """The settings as they are; empty is the site's own look. Files are paths on the server.

    What is no colour or no file counts as empty: `manage.py check` names it, and no page breaks.
    """

    name: str
    logo: str = ""
    logo_dark: str = ""
    accent: str = ""
    accent_dark: str = ""
    terms_url: str = ""
    privacy_url: str = ""
    css: str = ""

    @cached_property
    def style_sheet(self) -> str:
        """What `/brand.css` says; empty when everything looks as it always does. Read once a process."""
        parts = []
        accent, accent_dark = (
            one if COLOUR.fullmatch(one) else "" for one in (self.accent, self.accent_dark)
        )
        if accent or accent_dark:
            light = accent or ACCENT
            parts.append(colours(light, accent_dark or readable(light, PAGE_DARK)))
        if self.logo and self.logo_dark:
            parts.append(TWO_LOGOS)
        if css := file_at(self.css):
            parts.append(css.read_text())
        return "\n".join(parts)

    @cached_property
    def version(self) -> str:
        """Changes with the style sheet and the logos, so that browsers may keep them."""
        mark = hashlib.sha256(self.style_sheet.encode())
        for logo in filter(None, map(self.logo_file, ("light", "dark"))):
            mark.update(logo.read_bytes())
        return mark.hexdigest()[:12]

    def logo_file(self, theme: str) -> Path | None:
        """`theme`: light or dark."""
        logo = file_at(self.logo_dark if theme == "dark" else self.logo)
        return logo if logo and logo.suffix.lower() in LOGO_TYPES else None


def file_at(path: str) -> Path | None:
    return Path(path) if path and Path(path).is_file() else None


def colours(light: str, dark: str) -> str:
    """The site's accent in both themes, with what stands on it, its shades and its wash."""
    both = f"light-dark({light}, {dark})"
    deep = f"light-dark({mixed(light, '#000000', 0.2)}, {mixed(dark, '#ffffff', 0.2)})"
    wash = f"light-dark({mixed(light, PAGE, 0.88)}, {mixed(dark, PAGE_DARK, 0.82)})"
    on = f"light-dark({text_on(light)}, {text_on(dark)})"
    raw = f"--raw-teal: {both}; --raw-teal-deep: {deep}; --raw-teal-wash: {wash}; --raw-on-teal: {on};"
    admin = (
        f"--primary: {both}; --primary-fg: {on}; --secondary: {both}; --header-link-color: {both}; "
        f"--link-fg: {both}; --link-hover-color: {deep}; --link-selected-fg: {both}; "
        f"--button-bg: {both}; --button-fg: {on}; --button-hover-bg: {deep}; "
        f"--default-button-bg: {both}; --selected-row: {wash};"
    )
    return f":root {{ {raw} }}\nhtml:root:has(#site-name) {{ {admin} }}"


TWO_LOGOS = """.brand__mark--dark { display: none; }
:root[data-theme="dark"] { .brand__mark--dark { display: inline; } .brand__mark--light { display: none; } }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    .brand__mark--dark { display: inline; }
    .brand__mark--light { display: none; }
  }
}"""


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of the other colour, 0 to 1."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def readable(colour: str, page: str) -> str:
    """As near to the colour as it can be read on a dark page: lightened in steps."""
    steps = (mixed(colour, "#ffffff", step / 20) for step in range(21))
    return next(step for step in steps if contrast(step, page) >= READABLE)


def text_on(colour: str) -> str:
    return max((ON_LIGHT, ON_DARK), key=lambda text: contrast(text, colour))


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
