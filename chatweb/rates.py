"""How often something may be done, and by which addresses of the site. Pure: `rate_limits.py` counts.

Signing in, new accounts, new passwords and second factors are allauth's (`ACCOUNT_RATE_LIMITS`); sockets have
`socket_limits.py`. A flood is what these stop; what people may use is what quotas say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
WRITTEN = re.compile(r"(\w+)=(\d+)/([smhd])")


@dataclass(frozen=True, slots=True)
class Rate:
    most: int  # 0: as often as one likes
    seconds: int


# Of one person, or of one address where the list says so.
DEFAULTS: Mapping[str, Rate] = {
    "ask": Rate(300, 60),
    "command": Rate(1200, 60),
    "upload": Rate(120, 60),
    "search": Rate(300, 60),
    "export": Rate(30, 60),
    "archive": Rate(10, 3600),
    "picture": Rate(600, 60),
    "view_as": Rate(30, 3600),
    "probe": Rate(600, 60),  # views/health.py, which stands before the middleware
    "token": Rate(60, 60),
}
BY_ADDRESS = frozenset({"probe", "token"})

# By name of URL and method. Every other POST of a signed-in person is a "command".
DOORS: Mapping[tuple[str, str], str] = {
    **{(name, "POST"): "ask" for name in ("ask", "conversations", "again", "regenerate", "branch")},
    **{(name, "POST"): "upload" for name in ("upload", "upload_for_bot", "renew_file")},
    **{(name, "GET"): "search" for name in ("search", "places", "console_conversations")},
    **{
        (name, "GET"): "export"
        for name in (
            "export",
            "console_export_file",
            "console_figure_table",
            "console_annotations_export",
            "admin:chatweb_auditentry_export",
        )
    },
    ("download_all", "POST"): "archive",
    ("console_ask_export", "POST"): "archive",
    **{(name, "GET"): "picture" for name in ("picture", "file_picture", "brand_logo", "brand_logo_dark")},
    ("picture_links", "POST"): "picture",
    ("admin:accounts_user_view_as", "POST"): "view_as",
    ("receipt", "GET"): "token",
    ("openid_connect_login", "GET"): "token",
    ("openid_connect_callback", "GET"): "token",
}
UNCOUNTED = frozenset({"account_logout", "end_viewing"})  # ways out stay open


def rate_of(view_name: str, method: str, *, is_signed_in: bool) -> str:
    """The name of the rate that counts a request; "" for none."""
    door = "GET" if method == "HEAD" else method
    named = DOORS.get((view_name, door), "")
    if named in BY_ADDRESS or (named and is_signed_in):
        return named
    return "command" if is_signed_in and door not in ("GET", "OPTIONS") and view_name not in UNCOUNTED else ""


def rates_from(written: Iterable[str]) -> dict[str, Rate]:
    """DEFAULTS with what a site wrote as `ask=60/m`. Raises ValueError with what is no rate."""
    rates = dict(DEFAULTS)
    for one in written:
        match = WRITTEN.fullmatch(one.strip())
        if match is None or match[1] not in rates:
            raise ValueError(one)
        rates[match[1]] = Rate(int(match[2]), PERIODS[match[3]])
    return rates
