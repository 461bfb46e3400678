"""Fills a database and lets in somebody who may see all, in the product's environment; prints a JSON object.

`python -m bench.filled --conversations N --messages N`: {"cookie", "session", "pages": {name: path}}
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--messages", type=int, required=True)
    arguments = parser.parse_args()
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from accounts.models import User
    from bench.seed import make_session
    from chatweb.models import Conversation
    from chatweb.usage.tables import KINDS

    call_command("migrate", verbosity=0)
    if Conversation.objects.count() < arguments.conversations:
        sizes = {"conversations": arguments.conversations, "messages": arguments.messages}
        call_command("fill", **sizes, beside=True, stdout=sys.stderr)
    call_command("rollups", stdout=sys.stderr)
    roles = {"is_operator": True, "is_staff": True, "is_superuser": True}
    operator, _ = User.objects.update_or_create(username="bench-operator", defaults=roles)
    session = make_session(operator)
    pages = {
        **{f"log, {name}": f"/console/conversations/?{query}" for name, query in log_queries().items()},
        **{f"plots, {name}": f"/console/figures/?{query}" for name, query in plot_queries().items()},
        **{f"usage by {by}": f"/admin/chatweb/price/usage/?by={by}" for by in KINDS},
        "usage by day of a group": f"/admin/chatweb/price/usage/?by=day&group={filled_group()}",
    }
    print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, "session": session, "pages": pages}))


def filled_group() -> int:
    from django.contrib.auth.models import Group

    return Group.objects.filter(name__startswith="Filled").earliest("pk").pk


def plot_queries() -> dict[str, str]:
    """Up to a year, compared and not."""
    from django.utils import timezone

    from chatweb.models import Bot

    bot = Bot.objects.get(name="夜班助手").uuid
    today = timezone.localdate()
    week, year = (f"from={today - timedelta(days=days)}&to={today}" for days in (6, 364))
    return {
        "30 days": "days=30",
        "7 days by hour": f"{week}&by=hour",
        "90 days": "days=90",
        "90 days of a bot": f"days=90&bot={bot}",
        "90 days, six bots": "days=90&split=bot",
        "90 days, six groups": "days=90&split=group",
        "a year": year,
        "a year of a group": f"{year}&group=Filled%20group%2000",
    }


def log_queries() -> dict[str, str]:
    """Every order and filter, some of them together, and words of every kind."""
    from accounts.models import User
    from chatweb.models import Bot

    bot = Bot.objects.get(name="夜班助手").uuid
    person = User.objects.filter(username__startswith="filled").earliest("pk").uuid.hex[:8]
    return {
        "newest": "all=1",
        "slowest": "sort=slowest",
        "most tokens": "sort=tokens",
        "worst": "sort=worst",
        "a bot": f"bot={bot}",
        "a person": f"user={person}",
        "a group": f"group={filled_group()}",
        "the last 7 days": "days=7",
        "failed in 30 days": "days=30&state=failed",
        "bad with a comment, worst first": "rating=bad&comment=on&sort=worst",
        "waiting": "state=waiting",
        "lost, slowest first": "state=lost&sort=slowest",
        "an error": "error=4011",
        "a tool": "tool=get_weather",
        "slow and long": "slower=100&more=50000",
        "deleted": "deleted=only",
        "five together": "error=4011&tool=book_hotel&rating=bad&deleted=hide&sort=tokens",
        "frequent word": "q=weather",
        "frequent word of two characters": "q=%E5%A4%A9%E6%B0%94",
        "rare word": "q=zeppelin",
        "rare word, Chinese": "q=%E9%A3%9E%E8%89%87%E5%BA%93",
        "nobody's word of two characters": "q=%E9%B3%84%E9%B1%BC",
        "frequent word, rare filter": "q=weather&state=lost",
    }


if __name__ == "__main__":
    main()
