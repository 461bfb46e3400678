"""Prices, what they make of turns, and the page that sums them up (M-093)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from chatweb.models import Bot, Conversation, CozeIdentity, Leg, Price, Quota, Turn, TurnFigures
from chatweb.models.reckoning import reckon
from chatweb.rollups.rolling import roll_up_all, roll_up_some

USAGE = "/admin/chatweb/price/usage/"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def price(valid_from: date = date(2026, 1, 1), **fields: object) -> Price:
    return Price.objects.create(valid_from=valid_from, **fields)


def turn(conversation: Conversation, given: int, made: int, asked_at: datetime = NOW, **more: object) -> Turn:
    made_turn = Turn.objects.create(
        conversation=conversation, client_id=uuid4(), ordinal=conversation.turns.count() + 1,
        created_at=asked_at, **{"state": "completed", **more},
    )  # fmt: skip
    Leg.objects.create(
        turn=made_turn, chat_id="7001", input_count=given, output_count=made, token_count=given + made
    )
    reckon(made_turn.pk)
    return made_turn


def cost(made: Turn) -> Decimal | None:
    return TurnFigures.objects.get(pk=made.pk).cost


@pytest.fixture
def talks(talk, ana, connection):
    """Ana and Bob at two bots; Bob is in a group."""
    talk.turn.delete()
    bob = User.objects.create_user("bob")
    bob.groups.add(Group.objects.create(name="=Staff"))
    other = Bot.objects.create(connection=connection, upstream_id="7002", name="Other")
    return {
        (user.username, bot.name): Conversation.objects.create(
            user=user, bot=bot, identity=CozeIdentity.objects.current(user, connection), name="x"
        )
        for user in (ana, bob)
        for bot in (talk.bot, other)
    }


class TestPrices:
    def test_a_turn_costs_what_its_tokens_and_the_message_cost(self, talks):
        price(input_price="0.8", output_price="2", per=1000, message_price="0.01")
        assert cost(turn(talks["ana", "Helper"], 1500, 250)) == Decimal("1.710000")

    def test_without_a_price_nothing_is_known(self, talks):
        assert cost(turn(talks["ana", "Helper"], 1500, 250)) is None

    def test_the_bots_price_outdoes_the_connections_and_that_the_one_of_all(self, talks, connection):
        conversation = talks["ana", "Helper"]
        price(message_price=1)
        assert cost(turn(conversation, 1, 1)) == 1
        price(message_price=2, connection=connection)
        assert cost(turn(conversation, 1, 1)) == 2
        price(message_price=3, bot=conversation.bot)
        assert cost(turn(conversation, 1, 1)) == 3
        assert cost(turn(talks["ana", "Other"], 1, 1)) == 2

    def test_each_day_has_its_price(self, talks):
        price(date(2026, 11, 1), message_price=1)
        price(date(2026, 11, 10), message_price=2)
        asked = [datetime(2026, 10, 31, 23, 59, tzinfo=UTC), datetime(2026, 11, 9, 23, 59, tzinfo=UTC), NOW]
        assert [cost(turn(talks["ana", "Helper"], 1, 1, at)) for at in asked] == [None, 1, 2]

    def test_what_came_to_nothing_costs_nothing_and_what_goes_on_has_no_cost_yet(self, talks):
        price(message_price=1)
        conversation = talks["ana", "Helper"]
        assert cost(turn(conversation, 0, 0, state="failed")) == 0
        assert cost(turn(conversation, 5, 5, state="failed")) == 1
        assert cost(turn(conversation, 0, 0, state="running")) is None

    def test_the_command_works_costs_out_anew(self, talks):
        made = turn(talks["ana", "Helper"], 1, 1)
        price(message_price=1)
        call_command("figures")
        assert cost(made) == 1
        call_command("figures", "--check")

    def test_two_prices_of_one_day_are_refused_and_the_table_is_readable(self, root, talks):
        fields = {
            "valid_from": "2026-11-01", "input_price": "0.8", "output_price": "2", "per": "1000000",
            "message_price": "0",
        }  # fmt: skip
        assert root.post("/admin/chatweb/price/add/", fields).status_code == 302
        refused = root.post("/admin/chatweb/price/add/", fields)
        assert "There is a price from that day on already." in refused.content.decode()
        assert ">0.8<" in root.get("/admin/chatweb/price/").content.decode()


def figures(client, **query: str) -> dict[str, list[str]]:
    """The CSV's rows by their first column."""
    answer = client.get(USAGE, {**query, "format": "csv"})
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:] == [
        "messages", "files", "input_tokens", "output_tokens", "tokens", "cost_cny", "unpriced"
    ]  # fmt: skip
    return {row[0]: row[1:] for row in rows[1:]}


class TestUsage:
    @pytest.fixture(autouse=True, params=["counted", "not counted yet", "half of it"])
    def used(self, request, talks):
        price(date(2026, 11, 1), input_price=1, output_price=2, per=1000)
        turn(talks["ana", "Helper"], 1000, 500)
        turn(talks["ana", "Other"], 1000, 0, NOW - timedelta(days=1))
        turn(talks["bob", "Helper"], 100, 100)
        turn(talks["bob", "Helper"], 7, 0, datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
        if request.param != "not counted yet":
            roll_up_some(1 if request.param == "half of it" else 24)

    def test_by_user_group_bot_day_and_month(self, root):
        assert figures(root, by="user") == {
            "ana": ["2", "0", "2000", "500", "2500", "3.000000", "0"],
            "bob": ["2", "0", "107", "100", "207", "0.300000", "1"],
        }
        assert {key: row[0] for key, row in figures(root, by="bot").items()} == {"Helper": "3", "Other": "1"}
        assert {key: row[4] for key, row in figures(root, by="group").items()} == {
            "no group": "2500",
            "'=Staff": "207",
        }
        assert list(figures(root, by="day")) == ["2026-10-31", "2026-11-19", "2026-11-20"]
        assert {key: row[4] for key, row in figures(root, by="month").items()} == {
            "2026-10": "7",
            "2026-11": "2700",
        }

    def test_a_day_is_the_sites(self, root, settings):
        settings.TIME_ZONE = "Asia/Shanghai"
        timezone.get_default_timezone.cache_clear()
        try:
            assert list(figures(root, by="day")) == ["2026-11-01", "2026-11-19", "2026-11-20"]
            assert list(figures(root, by="day", until="2026-11-01")) == ["2026-11-01"]
        finally:
            settings.TIME_ZONE = "UTC"
            timezone.get_default_timezone.cache_clear()

    def test_filters_stand_in_the_address(self, root, talks):
        assert figures(root, by="bot", user="ANA", since="2026-11-20")["Helper"][4] == "1500"
        assert figures(root, by="user", bot=str(talks["ana", "Other"].bot.pk)).keys() == {"ana"}
        staff = Group.objects.get(name="=Staff")
        assert figures(root, by="user", group=str(staff.pk)).keys() == {"bob"}

    def test_the_page_has_the_total_and_says_what_has_no_price(self, root):
        page = root.get(USAGE, {"by": "user"}).content.decode()
        assert "<td>2,707</td>" in page and "<td>3.30</td>" in page
        assert "1 turn used tokens at a time for which no price is known" in page
        assert "Nobody has this user name." in root.get(USAGE, {"by": "user", "user": "x"}).content.decode()

    def test_only_who_may_see_figures(self, client, ana, root):
        assert client.get(USAGE).status_code == 302
        ana.is_staff = True
        ana.save()
        client.force_login(ana)
        assert client.get(USAGE).status_code == 403
        assert "Usage and cost" not in client.get("/admin/").content.decode()
        assert "Usage and cost" in root.get("/admin/").content.decode()

    def test_as_many_queries_for_many_users_as_for_one(self, root, talks, django_assert_max_num_queries):
        for at in range(30):
            user = User.objects.create_user(f"user{at}")
            identity = CozeIdentity.objects.current(user, talks["ana", "Other"].bot.connection)
            turn(
                Conversation.objects.create(user=user, bot=talks["ana", "Other"].bot, identity=identity), 1, 1
            )
        with django_assert_max_num_queries(12):
            assert len(figures(root, by="user")) == 32
        roll_up_all()
        for by in ("user", "group", "bot", "day", "month"):
            with django_assert_max_num_queries(14):
                root.get(USAGE, {"by": by})


def test_people_see_their_own_usage_and_nobody_elses(client, talks, ana):
    price(message_price="0.5")
    now = timezone.now()
    turn(talks["ana", "Helper"], 1000, 234, now)
    turn(talks["bob", "Other"], 9999, 0, now)
    client.force_login(ana)
    page = client.get("/settings/usage/").content.decode()
    assert "1,234" in page and "Helper" in page and "Other" not in page and "9,999" not in page
    assert "No quota limits what you ask." in page
    client.logout()
    assert client.get("/settings/usage/").status_code == 302


def test_the_settings_tell_every_quota_and_when_it_resets(client, talks, ana):
    Quota.objects.create(limit=10)
    Quota.objects.create(limit=1000, unit="tokens", period="month", bot=talks["ana", "Helper"].bot)
    client.force_login(ana)
    page = " ".join(client.get("/settings/usage/").content.decode().split())
    assert "0 of 10 messages today" in page
    assert "<bdi>Helper</bdi>: 0 of 1,000 tokens this month" in page and "your time" in page
