"""How a bot wants to be met: its icon, what is behind its start screen, and how people speak to it (K18)."""

from __future__ import annotations

import re
from typing import Any

from .values import mapping, text_of

LONGEST_URL = 2048
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|rgba?\([\d\s.,%]{5,40}\)")
SCREENS = {"web": "web_background_image", "mobile": "mobile_background_image"}
# Bots name the mode, chatflows count it (seed 002: InputMode; wire-supplement 3.2).
INPUT_MODES = {"text": "text", "voice": "voice", "call": "call", "1": "text", "2": "voice"}


def picture_url(value: object) -> str:
    """A remote address that can be asked for a picture, else ""."""
    url = text_of(value).strip()
    if url.startswith("//"):
        url = f"https:{url}"
    is_web = url.lower().startswith(("http://", "https://"))
    return url if is_web and len(url) <= LONGEST_URL and url.isprintable() else ""


def background_of(value: object) -> dict[str, dict[str, str]]:
    """{"web": {"url", "theme_color"}, "mobile": …} of a `background_image_info`, without what is not there.

    Its positions are left: they are measured on a canvas whose size is not told (seed 002), and the picture
    comes cut already.
    """
    found = {screen: _scene(mapping(mapping(value).get(key))) for screen, key in SCREENS.items()}
    return {screen: scene for screen, scene in found.items() if scene["url"]}


def _scene(detail: dict[str, Any]) -> dict[str, str]:
    color = text_of(detail.get("theme_color")).strip()
    url = picture_url(detail.get("image_url")) or picture_url(detail.get("origin_image_url"))
    return {"url": url, "theme_color": color if COLOR.fullmatch(color) else ""}


def input_mode_of(value: object) -> str:
    """text | voice | call; what nobody knows yet is text."""
    return INPUT_MODES.get(text_of(value).strip().lower(), "text")
