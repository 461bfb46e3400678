"""Names for files that come out of people's words: safe on every system, and still theirs. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
# Separators, what Windows forbids, and what shells expand.
FORBIDDEN = re.compile(r'[/\\:*?"<>|%]')
# Windows opens a device for these, whatever the suffix.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(text: str, otherwise: str) -> str:
    """Without controls, direction marks and separators; never empty, hidden, or a device."""
    shown = "".join(
        " " if unicodedata.category(one)[0] in "CZ" else one for one in unicodedata.normalize("NFC", text)
    )
    name = " ".join(FORBIDDEN.sub("-", shown).split())[:LONGEST].strip(" .")
    return otherwise if not name or DEVICES.fullmatch(name) else name
