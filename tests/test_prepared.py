"""Queries built once: the same rows as the ORM's, whatever they are asked for, in any order and number."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chatweb.database import prepared
from chatweb.database.prepared import Prepared

pytestmark = pytest.mark.django_db

BY_KEY = Prepared(lambda pk: User.objects.filter(pk=pk, is_active=True))
BY_KEYS = Prepared(lambda pks: User.objects.filter(pk__in=pks).order_by("pk"))
NAMES = Prepared(
    lambda pks, but: User.objects.filter(pk__in=pks).exclude(pk=but).values_list("username", flat=True)
)


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create(username=f"person{n}", email=f"{n}@site.invalid") for n in range(9)]


def test_each_asks_for_their_own(people):
    for person in (*people, *people):
        assert BY_KEY(person.pk) == [person]
    assert BY_KEY(people[-1].pk + 1000) == []


def test_what_is_constant_stays(people):
    User.objects.filter(pk=people[2].pk).update(is_active=False)
    assert BY_KEY(people[2].pk) == []


@pytest.mark.parametrize("number", range(10))
def test_lists_of_any_length(people, number):
    wanted = people[:number]
    assert BY_KEYS([person.pk for person in wanted]) == wanted


def test_a_list_too_long_to_keep(people, monkeypatch):
    monkeypatch.setattr(prepared, "LONGEST_LIST", 4)
    assert BY_KEYS([person.pk for person in people]) == people


def test_several_values_and_rows_that_are_no_models(people):
    pks = [person.pk for person in people[:3]]
    assert sorted(NAMES(pks, pks[1])) == ["person0", "person2"]
    assert sorted(NAMES(pks, pks[0])) == ["person1", "person2"]


def test_uuids_relations_annotations_and_prefetches(people):
    from chatweb.models import Bot, Connection, Conversation, CozeIdentity

    link = Connection.objects.create(name="Here", base_url="http://127.0.0.1:9", token="secret-token")
    bot = Bot.objects.create(connection=link, upstream_id="1", name="Echo")
    identity = CozeIdentity.objects.current(people[0], link)
    mine = Conversation.objects.create(user=people[0], bot=bot, identity=identity, name="Mine")
    wanted = Prepared(
        lambda uuid: (
            Conversation.objects.filter(uuid=uuid)
            .select_related("bot__connection")
            .annotate(asked=Count("turns"))
            .prefetch_related("turns")
        )
    )
    for _ in range(2):
        [found] = wanted(mine.uuid)
        with CaptureQueriesContext(connection) as queries:
            assert (found, found.bot.connection.token, found.asked) == (mine, "secret-token", 0)
            assert list(found.turns.all()) == []
        assert len(queries) == 0
    assert wanted(uuid4()) == []


def test_the_second_time_nothing_is_built(people):
    built = []

    def build(pk: int):
        built.append(pk)
        return User.objects.filter(pk=pk)

    asked = Prepared(build)
    assert [asked(person.pk) for person in people] == [[person] for person in people]
    assert len(built) == 1


def test_a_query_that_forgets_a_value_is_refused(people):
    with pytest.raises(ValueError, match="not asked for each"):
        Prepared(lambda pk: User.objects.all())(people[0].pk)
