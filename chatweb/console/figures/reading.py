"""Rolled-up figures for what is wanted: one series, or one for each bot or group that is compared."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Sum

from chatweb.models import Bot, HourFigures
from chatweb.rollups.cells import ALL

from .drawings import Series
from .totals import Totals, read, read_headline, sum_of
from .wanted import Wanted

MOST_SERIES = 6  # so many colours tell apart


def series_of(wanted: Wanted) -> list[Series]:
    """A query each."""
    bot, group = keys_of(wanted)
    hours = wanted.period.hours
    if wanted.split == "bot":
        return [
            Series(one.name, read(hours, one.pk, group), {"bot": str(one.uuid)})
            for one in busiest_bots(wanted)
        ]
    if wanted.split == "group":
        return [
            Series(one.name, read(hours, bot, one.pk), {"group": str(one.pk)})
            for one in busiest_groups(wanted)
        ]
    return [Series("", read(hours, bot, group))]


def before(wanted: Wanted) -> Totals:
    """Of the period before, what the row of key figures shows."""
    return read_headline(wanted.period.before().hours, *keys_of(wanted))


def total_of(wanted: Wanted, series: list[Series]) -> Totals:
    if not wanted.split:
        return sum_of(series[0].steps)
    return read_headline(wanted.period.hours, *keys_of(wanted))


def keys_of(wanted: Wanted) -> tuple[int, int]:
    return wanted.bot.pk if wanted.bot else ALL, wanted.group.pk if wanted.group else ALL


def busiest_bots(wanted: Wanted) -> list[Bot]:
    bots = {bot.pk: bot for bot in ([wanted.bot] if wanted.bot else Bot.objects.all())}
    return [bots[key] for key in busiest("bot_key", list(bots), wanted, group_key=keys_of(wanted)[1])]


def busiest_groups(wanted: Wanted) -> list[Group]:
    groups = {group.pk: group for group in ([wanted.group] if wanted.group else Group.objects.all())}
    return [groups[key] for key in busiest("group_key", list(groups), wanted, bot_key=keys_of(wanted)[0])]


def busiest(name: str, keys: list[int], wanted: Wanted, **others: int) -> list[int]:
    """Of the keys, those with the most turns."""
    hours = wanted.period.hours
    found = HourFigures.objects.filter(
        **{f"{name}__in": keys}, **others, hour__gte=hours[0], hour__lt=hours[-1]
    )
    ranked = found.values(name).annotate(asked=Sum("turns")).order_by("-asked", name)
    return [row[name] for row in ranked[:MOST_SERIES]]
