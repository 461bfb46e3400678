"""Why somebody can use a bot, and why not: the page says what `usable_by` does (M-089)."""

from __future__ import annotations

import itertools
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from chatweb.grants import paths_of
from chatweb.models import Bot, BotGrant

WHY = "/admin/accounts/user/why/"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def row(page: str, bot: str) -> str:
    return next(words(row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{bot}</a>" in row)


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("groups", [0, 1, 2])
@pytest.mark.parametrize(("bot_on", "connection_on"), list(itertools.product([True, False], repeat=2)))
def test_the_path_agrees_with_what_the_person_gets(ana, talk, direct, groups, bot_on, connection_on):
    for number in range(groups):
        group = Group.objects.create(name=f"Team {number}")
        ana.groups.add(group)
        BotGrant.objects.create(bot=talk.bot, group=group)
    if direct:
        BotGrant.objects.create(bot=talk.bot, user=ana)
    Bot.objects.update(is_enabled=bot_on)
    talk.bot.connection.is_enabled = connection_on
    talk.bot.connection.save()
    bot = Bot.objects.select_related("connection").get(pk=talk.bot.pk)
    [path] = paths_of(ana, [bot])
    assert path.is_open is Bot.objects.usable_by(ana).filter(pk=bot.pk).exists()
    assert len(path.sources) == direct + bool(groups)
    assert len(path.obstacles) == (not bot_on) + (not connection_on)


def test_the_page_names_group_and_obstacle(root, talk, ana):
    ana.groups.add(talk.group)
    page = root.get(WHY, {"person": ana.pk}).content.decode()
    assert row(page, "Helper").endswith("yes granted to the group “Everyone”, which they are in")
    Bot.objects.update(is_enabled=False)
    User.objects.filter(pk=ana.pk).update(is_approved=False)
    told = row(root.get(WHY, {"person": ana.pk, "bot": talk.bot.pk}).content.decode(), "Helper")
    assert " no granted to the group" in told
    assert "but the account waits for approval" in told
    assert "but the bot is switched off" in told


def test_the_page_says_why_not(root, talk, ana):
    told = row(root.get(WHY, {"person": ana.pk}).content.decode(), "Helper")
    assert told.endswith("no not granted, neither to the person nor to a group of theirs")


def test_both_pages_lead_there(root, talk, ana):
    assert f"{WHY}?person={ana.pk}" in root.get(f"/admin/accounts/user/{ana.pk}/change/").content.decode()
    assert (
        f"{WHY}?bot={talk.bot.pk}" in root.get(f"/admin/chatweb/bot/{talk.bot.pk}/change/").content.decode()
    )
    assert root.get(WHY, {"bot": talk.bot.pk}).status_code == 200


def test_many_bots_take_no_query_each(root, talk, ana, django_assert_max_num_queries):
    root.get(WHY, {"person": ana.pk})
    Bot.objects.bulk_create(
        Bot(connection=talk.bot.connection, upstream_id=str(n), name=f"B{n}") for n in range(60)
    )
    with django_assert_max_num_queries(12):
        assert "B59" in root.get(WHY, {"person": ana.pk}).content.decode()


@pytest.mark.parametrize("missing", ["view_user", "view_bot"])
def test_it_takes_the_right_to_see_both(talk, ana, missing):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in={"view_user", "view_bot"} - {missing}))
    client = Client()
    client.force_login(clerk)
    assert client.get(WHY, {"person": ana.pk}).status_code == 403


@pytest.mark.parametrize("person", ["x", "0", "99999999"])
def test_nobody_is_no_crash(root, talk, person):
    page = root.get(WHY, {"person": person})
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
