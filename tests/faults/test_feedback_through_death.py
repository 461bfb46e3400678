"""A rating that is on its way when the process dies: upstream is one final state, the last."""

from __future__ import annotations

import time
from uuid import uuid4

from tests.live.test_feedback import begin, facts, shown, upstream_has
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

SECONDS = 30


def until(check) -> None:
    deadline = time.monotonic() + SECONDS
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_between_the_wish_and_the_answer(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    told, untold, changed = (begin(visitor, simulator, visitor.bot("Echo")) for _ in range(3))
    hold = f"h{uuid4().hex}"
    simulator.fault(changed.path, hold=hold)
    visitor.rate(changed.conversation, changed.message, "good")
    simulator.reached(hold)
    visitor.rate(changed.conversation, changed.message, "bad", comment="the last word")
    visitor.rate(untold.conversation, untold.message, "bad")
    mortal_site.kill()
    simulator.release(hold)  # the older wish arrives after all
    mortal_site.start()
    visitor.rate(told.conversation, told.message, "good")
    for answer, kind in [(changed, "unlike"), (untold, "unlike"), (told, "like")]:
        until(lambda answer=answer: facts(mortal_site, answer)["sync_state"] == "sent")
        assert upstream_has(simulator, answer)["feedback_type"] == kind
    assert upstream_has(simulator, changed)["comment"] == "the last word"
    assert shown(visitor, changed)["comment"] == "the last word"
    assert simulator.requests(changed.path)[-1]["body"]["feedback_type"] == "unlike"


def test_killed_after_the_upstream_knew_and_before_it_was_noted(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    answer = begin(visitor, simulator, visitor.bot("Echo"))
    visitor.rate(answer.conversation, answer.message, "bad", comment="once")
    until(lambda: upstream_has(simulator, answer))
    mortal_site.kill()
    mortal_site.start()
    visitor.rate(answer.conversation, answer.message, "")
    until(lambda: facts(mortal_site, answer)["sync_state"] == "sent")
    assert upstream_has(simulator, answer) is None
