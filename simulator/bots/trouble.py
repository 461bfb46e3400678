"""Trouble fails in the way it is told to: fail, drop, stall, busy, quota, garbage."""

from __future__ import annotations

import re
from dataclasses import replace

from simulator.bots.bot import Bot
from simulator.directives import Directives
from simulator.stage import Stage

_ORDER = re.compile(r"\b(fail|drop|stall|quota|garbage)\b", re.IGNORECASE)
_HELP = """\
I go wrong in the way you ask for. Say

| word | what happens |
|---|---|
| `fail` | the chat fails with an error of the model |
| `drop` | the connection dies in the middle of the answer |
| `stall` | the answer stops and nothing more comes |
| `busy` | another client holds this conversation for a while |
| `quota` | the free quota is used up |
| `garbage` | bytes that mean nothing arrive in the middle |

This answer went well."""


def adapt(directives: Directives, question: str) -> Directives:
    match = _ORDER.search(question)
    order = match[1].lower() if match else ""
    if order == "fail":
        return replace(directives, error=5000)
    if order == "quota":
        return replace(directives, error=4028)
    if order == "drop" and directives.drop_after is None:
        return replace(directives, drop_after=4000)
    if order == "stall":
        return replace(directives, hang_after=8)
    return replace(directives, garbage=True) if order == "garbage" else directives


async def play(stage: Stage) -> None:
    await stage.answer(_HELP)
    stage.finish_answers()
    await stage.suggest(["fail", "drop", "stall"])


TROUBLE = Bot(
    id="7430000000000000106",
    name="Trouble",
    description="Fails, drops, stalls, is busy, has no quota or speaks garbage, on demand.",
    prologue="I go wrong on demand: say `fail`, `drop`, `stall`, `busy`, `quota` or `garbage`.",
    suggested_questions=["fail", "drop", "stall", "busy", "quota", "garbage"],
    play=play,
    adapt=adapt,
    obeys_busy=True,
)
