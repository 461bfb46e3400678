"""`python -m tests.admin.moving_race`: an admin moves what its owner asks in, in a database of its own.

Each case holds one of the two where the other has read and not yet written, and prints one line.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection as database  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from chatweb.models import Bot, Connection, Conversation, CozeIdentity, Turn  # noqa: E402
from chatweb.turns.commands import Entered, Refused, branch, regenerate, start_conversation  # noqa: E402
from chatweb.turns.commands import ask as ask_command  # noqa: E402
from chatweb.turns.commands.moving import move_conversations  # noqa: E402

WAIT_SECONDS = 60
WORDS = Entered("And tomorrow?", None, [], "")
Work = Callable[[], Any]


class World:
    def __init__(self) -> None:
        self.ana = User.objects.create(username=f"ana-{uuid4()}")
        self.bea = User.objects.create(username=f"bea-{uuid4()}")
        self.coze = Connection.objects.create(name=str(uuid4()))
        self.bot = Bot.objects.create(connection=self.coze, name="Helper", upstream_id="1")
        conversation, turn = start_conversation(self.ana, self.bot, uuid4(), uuid4(), WORDS)
        Turn.objects.filter(pk=turn.pk).update(state="completed")
        self.talk = Conversation.objects.select_related("bot__connection", "identity").get(pk=conversation.pk)
        self.turn = self.talk.turns.get()

    def move(self, note: Callable[..., Any] = lambda *a, **k: None) -> Any:
        return move_conversations(self.ana, self.coze, self.bea, note)

    def shown(self, outcome: str) -> str:
        """What came of it, and how many rows stand with a person whose key or conversation they are not."""
        torn = sum(one.identity.user_id != one.user_id for one in Conversation.objects.filter(bot=self.bot))
        asked = Turn.objects.filter(conversation__user=self.bea, state="queued").count()
        owners = Conversation.objects.filter(bot=self.bot).values_list("user", flat=True)
        names = sorted("ana" if one == self.ana.pk else "bea" for one in owners)
        return f"{outcome}, {asked} asked for her, {torn} torn, {'+'.join(names)}"


def outcome_of(work: Work) -> str:
    try:
        work()
        return "done"
    except Refused as refused:
        return refused.reason
    finally:
        database.close()


def moved_while(world: World, work: Work) -> str:
    """`work` has read, and is about to write its first row or lock one; the move is not committed yet."""
    reading, written = threading.Event(), threading.Event()

    def at_the_door(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "UPDATE" in sql or sql.startswith(("INSERT", "BEGIN")):
            reading.set()
            if not context["connection"].in_atomic_block:  # SQLite: one writer, so wait before it
                written.wait(WAIT_SECONDS)
        return execute(sql, params, many, context)

    def watched() -> None:
        with database.execute_wrapper(at_the_door):
            work()

    with ThreadPoolExecutor(1) as pool:
        asking = None

        def note(*args: Any, **what: Any) -> None:
            nonlocal asking
            asking = pool.submit(outcome_of, watched)
            assert reading.wait(WAIT_SECONDS)
            written.set()

        world.move(note)
        assert asking is not None
        return asking.result(WAIT_SECONDS)


def moved_after(world: World) -> str:
    """The question is written and not committed when the admin moves."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ask_command(world.talk, uuid4(), WORDS)
            moving = pool.submit(outcome_of, world.move)
        return moving.result(WAIT_SECONDS)


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    cases: dict[str, Callable[[World], Work]] = {
        "ask": lambda world: lambda: ask_command(world.talk, uuid4(), WORDS),
        "again": lambda world: lambda: regenerate(world.turn, uuid4()),
        "branch": lambda world: lambda: branch(world.turn, uuid4(), "Other words"),
        "start": lambda world: lambda: start_conversation(world.ana, world.bot, uuid4(), uuid4(), WORDS),
    }
    for name, case in cases.items():
        world = World()
        print(f"{name}: {world.shown(moved_while(world, case(world)))}")
    world = World()
    print(f"moved after: {world.shown(moved_after(world))}")
    assert not CozeIdentity.objects.filter(is_current=True, user=world.bea).exists()


if __name__ == "__main__":
    main()
