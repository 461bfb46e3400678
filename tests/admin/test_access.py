"""Who may use which bot, and who people are at Coze."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db import connection as database

from accounts.models import User
from chatweb.models import Bot, BotGrant, Connection, CozeIdentity

ROOT = Path(__file__).parents[2]


def usable(user: User) -> list[str]:
    return list(Bot.objects.usable_by(user).values_list("name", flat=True))


@pytest.fixture
def bot(connection) -> Bot:
    return Bot.objects.create(connection=connection, upstream_id="1", name="Helper")


def test_without_a_grant_there_is_no_bot(ana, bot):
    assert usable(ana) == []


def test_not_even_for_a_superuser(superuser, bot):
    assert usable(superuser) == []


def test_a_grant_to_the_person(ana, superuser, bot):
    BotGrant.objects.create(bot=bot, user=ana)
    assert usable(ana) == ["Helper"]
    assert usable(superuser) == []


def test_a_grant_to_a_group_of_theirs_as_long_as_they_are_in_it(ana, talk):
    assert usable(ana) == []
    ana.groups.add(talk.group)
    assert usable(ana) == ["Helper"]
    ana.groups.clear()
    assert usable(ana) == []


def test_two_grants_make_one_bot(ana, talk):
    ana.groups.add(talk.group)
    BotGrant.objects.create(bot=talk.bot, user=ana)
    assert usable(ana) == ["Helper"]


def test_a_withdrawn_grant(ana, bot):
    grant = BotGrant.objects.create(bot=bot, user=ana)
    grant.delete()
    assert usable(ana) == []


@pytest.mark.parametrize("model", [Bot, Connection])
def test_a_bot_or_its_connection_switched_off(ana, bot, model):
    BotGrant.objects.create(bot=bot, user=ana)
    model.objects.update(is_enabled=False)
    assert usable(ana) == []


def test_an_identity_is_made_once_for_each_connection(ana, connection):
    other = Connection.objects.create(name="Studio", dialect="studio", base_url="http://127.0.0.1:8888")
    first = CozeIdentity.objects.current(ana, connection)
    assert CozeIdentity.objects.current(ana, connection) == first
    assert CozeIdentity.objects.current(ana, other).key != first.key


def test_an_identity_tells_nothing_of_the_person(ana, superuser, connection):
    keys = {CozeIdentity.objects.current(user, connection).key for user in (ana, superuser)}
    assert len(keys) == 2
    for key in keys:
        assert key.startswith("u_")
        assert len(key) >= 24
        for known in ("ana", "root", str(ana.uuid), ana.uuid.hex, "example"):
            assert known not in key.lower()


def test_a_person_made_anew_gets_another_key(connection):
    """Same name, same address: nothing of the key comes from them."""
    keys = set()
    for _time in range(2):
        user = User.objects.create_user("eva", "eva@example.com")
        keys.add(CozeIdentity.objects.current(user, connection).key)
        user.delete()
    assert len(keys) == 2


def test_a_rotated_identity_leaves_the_old_one_to_its_conversations(talk, ana, connection):
    CozeIdentity.objects.update(is_current=False)
    fresh = CozeIdentity.objects.current(ana, connection)
    talk.conversation.refresh_from_db()
    assert fresh.key != talk.identity.key
    assert talk.conversation.identity == talk.identity


def test_two_current_identities_are_refused_by_the_database(ana, connection):
    CozeIdentity.objects.current(ana, connection)
    with pytest.raises(IntegrityError), transaction.atomic():
        CozeIdentity.objects.create(user=ana, connection=connection)


def test_whoever_loses_the_race_takes_the_winners_identity(ana, connection):
    """Another process inserts between our look and our insert."""
    winner: list[CozeIdentity] = []

    def overtake(execute, sql, params, many, context):
        looked = execute(sql, params, many, context)
        if sql.startswith("SELECT") and "cozeidentity" in sql and not winner:
            winner.append(CozeIdentity(user=ana, connection=connection))
            winner[0].save()
        return looked

    with database.execute_wrapper(overtake):
        got = CozeIdentity.objects.current(ana, connection)
    assert [got] == winner
    assert CozeIdentity.objects.count() == 1


EIGHT_AT_ONCE = """
import threading
import django
django.setup()
from django.core.management import call_command
from django.db import connections
from accounts.models import User
from chatweb.models import Connection, CozeIdentity

call_command("migrate", verbosity=0)
ana = User.objects.create(username="ana")
coze = Connection.objects.create(name="Coze")
start, keys = threading.Barrier(8), []

def first_use():
    start.wait(timeout=20)
    keys.append(CozeIdentity.objects.current(ana, coze).key)
    connections["default"].close()

threads = [threading.Thread(target=first_use) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(keys), len(set(keys)), CozeIdentity.objects.count())
"""


def test_eight_at_once_on_a_database_of_production_get_one_identity(tmp_path):
    """In a process of its own: the tests' database in memory locks tables in a way no real one does."""
    database_url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chatweb.settings", "DATABASE_URL": database_url}
    command = [sys.executable, "-c", EIGHT_AT_ONCE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["8", "1", "1"]
