"""The upstream that tests of a site talk to: the simulated cloud, or what UPSTREAM says: studio, assistants.

Its bots are connected as an admin would connect them: imported, or added by their ids where none are listed.
What a test needs that a dialect has not is declared, `@pytest.mark.needs("submits_outputs")`: a flag of
chatweb/upstreams/capabilities.py, or a word of OTHERS. Such tests are not collected; on the cloud all are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

import pytest

from chatweb.upstreams.client import capabilities_of
from tests.simulator.process import (
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    SimulatorProcess,
    simulator_process,
)

DIALECT = os.environ.get("UPSTREAM", "coze")
BETA = "assistants=v2"
CAN = capabilities_of(DIALECT, BETA)

# Why a dialect lacks what a test needs: flags of its capabilities …
REASONS = {
    "submits_outputs": "it runs the tools of its bots itself: no call waits for a person",
    "deletes_messages": "single messages stay in the bot's memory",
    "finds_by_meta": "a question that the site never heard of again cannot be found by its mark",
    "begins_with_messages": "a new conversation begins empty, so a branch does",
    "streams_workflows": "it has no workflows",
    "has_chatflows": "it has no chatflows",
    "has_reasoning": "it does not say what a bot thinks",
}
# … and what no flag tells: word -> the dialects that have it, and what it is.
OTHERS = {
    "asks": ({"coze", "studio"}, "bots ask questions and show forms"),
    "asks_again": ({"coze"}, "a form that is not filled in right is asked again"),
    "wants_places": ({"coze"}, "a call says that it wants the position of the person"),
    "refuses_text": ({"coze", "studio"}, "files of Markdown and plain text are refused"),
    "plain_chatflows": ({"coze"}, "chatflows take no files"),
    "cloud": ({"coze"}, "the test sets the cloud beside another kind of upstream"),
    "one_at_a_time": ({"coze", "assistants"}, "one answer at a time in a conversation upstream"),
    "cloud_words": ({"coze"}, "the test looks for codes and messages of the cloud"),
    "asks_in_background": ({"coze"}, "a run in the background may ask something"),
    "bot_suggests": ({"coze", "studio"}, "answers come with suggested questions"),
}

# Where a question, a cancel and a file are sent to; a path of several ends with "*". Only POSTs.
ASK, CANCEL, UPLOAD = {
    "assistants": ("/v1/threads/*", "/v1/threads/*", "/v1/files"),
}.get(DIALECT, ("/v3/chat", "/v3/chat/cancel", "/v1/files/upload"))

# What an admin types, as (kind, id, name). A workflow's name and start parameters are Studio's secret.
BY_ID = [
    *(("bot", bot_id, "") for bot_id in BOT_IDS.values()),
    ("chatflow", TRAVEL_FLOW_ID, ""),
    ("workflow", CITY_WEATHER_ID, "City weather"),
]
STARTED_WITH = {
    "type": "object",
    "properties": {"city": {"type": "string", "title": "city"}, "date": {"type": "string", "title": "date"}},
}
SEED = """
from django.core.management import call_command
from chatweb.management.seeding import SIMULATED, host_chatflows, open_to_everyone, seed_people, seed_tools
from chatweb.models import Connection
from chatweb.turns.commands import add_by_id, import_bots
call_command("migrate", interactive=False, verbosity=0)
seed_people()
seed_tools()
connection = Connection.objects.create(name=SIMULATED, {fields})
for kind, upstream_id, name in {by_id!r}:
    add_by_id(connection, kind, upstream_id, name)
connection.bots.filter(kind="workflow").update(parameters={started_with!r})
import_bots(connection)
host_chatflows(connection)
open_to_everyone(connection)
"""


def running_simulator(rate: float | None = 0) -> AbstractContextManager[SimulatorProcess]:
    return simulator_process(rate=rate, dialect=DIALECT)


def seed_command(base_url: str, token: str) -> list[str]:
    """The management command that gives an empty site the demo's people and the simulator's bots."""
    if DIALECT == "coze":
        return ["demo", "--seed-only"]
    fields: dict[str, Any] = {"dialect": DIALECT, "base_url": base_url, "token": token, "beta": BETA}
    given = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    by_id = BY_ID if DIALECT == "studio" else []
    return ["shell", "-c", SEED.format(fields=given, by_id=by_id, started_with=STARTED_WITH)]


def lacking() -> dict[str, str]:
    """What this upstream has not, and why."""
    can = asdict(CAN)
    words = {word: reason for word, reason in REASONS.items() if not can[word]}
    return words | {word: f"not there: {what}" for word, (has, what) in OTHERS.items() if DIALECT not in has}


def needs_of(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers("needs"):
        for word in mark.args:
            if word not in REASONS and word not in OTHERS:
                raise pytest.UsageError(
                    f"{item.nodeid} needs {word!r}, which tests/upstream.py does not know"
                )
            yield word


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need what this upstream has not."""
    missing = lacking().keys()
    left_out = [item for item in items if missing & set(needs_of(item))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
