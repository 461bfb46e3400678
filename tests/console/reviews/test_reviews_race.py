"""Many operators press "next" at once: nobody ever has an item that somebody else has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import postgres_cluster

ROOT = Path(__file__).resolve().parents[3]
# A process of its own: its database is real, and its threads have connections of their own.
RACE = """
import threading
from uuid import uuid4
import django; django.setup()
from django.core.management import call_command
from django.db import connections
call_command("migrate", verbosity=0, interactive=False)
from accounts.models import User
from chatweb.console.reviews import items
from chatweb.models import ReviewItem, ReviewQueue
from tests.console.reviews.talk import a_bot, a_conversation, a_turn
queue = ReviewQueue.objects.create(name="race", rule="hand")
talk = a_conversation(User.objects.create(username="ana"), a_bot())
for number in range(24):
    ReviewItem.objects.create(queue=queue, turn=a_turn(talk, "q", "a"), conversation=talk)
people = [User.objects.create(username=f"op{number}", is_operator=True) for number in range(6)]
taken, faults, start = [], [], threading.Barrier(len(people))

def work(person):
    try:
        start.wait()
        mine = [items.take_next(queue, person) for _ in range(4)]
        taken.extend(one.pk for one in mine if one)
    except Exception as error:
        faults.append(repr(error))
    finally:
        connections.close_all()

threads = [threading.Thread(target=work, args=(one,)) for one in people]
[one.start() for one in threads]; [one.join() for one in threads]
rows = list(ReviewItem.objects.values_list("state", "assignee"))
print(len(taken), len(set(taken)), sum(state == "taken" for state, _ in rows), faults)
"""


def race(url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "chatweb.settings"}
    done = subprocess.run(
        [sys.executable, "-c", RACE], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_on_sqlite(tmp_path):
    assert race(f"sqlite:///{tmp_path / 'race.sqlite3'}") == "24 24 24 []"


def test_on_postgresql():
    with postgres_cluster() as url:
        assert race(url) == "24 24 24 []"
