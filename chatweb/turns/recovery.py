"""A lost stream or a killed process: what the upstream knows of the turn is the truth (design, section 4)."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import TYPE_CHECKING

from chatweb.telemetry import figures
from chatweb.turns import ledger, settling
from chatweb.turns.canceling import canceled_outcome
from chatweb.turns.faults import fault_of_leg
from chatweb.turns.machine import FAILURES, Leg, Verdict
from chatweb.turns.states import ANSWERABLE, TurnState
from chatweb.upstreams.errors import Missing, UpstreamError
from chatweb.upstreams.events import Message

if TYPE_CHECKING:
    from chatweb.turns.runner import Runner

logger = logging.getLogger(__name__)

FIND_DELAYS_SECONDS = (0.0, 0.3, 0.7, 1.5, 3.0, 6.0)  # the question may be saved a little after the POST
POLL_FIRST_SECONDS, POLL_LAST_SECONDS = 0.25, 2.0
# A question that is there and that nobody answers after this many looks was left alone by who asked it. Were
# it answered all the same, the upstream would refuse a second run of the conversation.
SURE_ABSENCES = 4
SURE_SECONDS = 1.0
NOT_FOUND = 404
GIVE_UP_SECONDS = 600.0  # as long as the read timeout of a stream
GONE = {"4001", "4002", "4200", "103000002", "103200003"}


async def recover(runner: Runner) -> None:
    """From `recovering` to whatever the upstream says. A stopped turn is never made longer."""
    figures.recoveries.inc()
    leg = runner.job.leg
    if runner.desk.leg_pk is None and leg is not None:
        runner.desk.leg_pk, runner.leg_ordinal = leg.pk, leg.ordinal
        runner.read = Leg(chat_id=leg.chat_id, execute_id=leg.execute_id, question_id=leg.question_id)
        runner.upstream_conversation_id = leg.upstream_conversation_id or runner.upstream_conversation_id
    if runner.desk.leg_pk is None and runner.stop_shown is None:
        # Killed before the request was written down, so it was never sent.
        await runner.move(TurnState.RUNNING)
        await runner.ask()
    elif runner.job.asked.given and runner.desk.leg_pk == runner.job.asked_in:
        # Killed before the answers were written down as sent: they never left.
        await runner.reopen()
    elif not runner.talk.can_look(runner.read) and not await find_chat(runner):
        if runner.read.question_id and runner.stop_shown is None and not runner.has_gone_on:
            await go_on(runner)
        else:
            await give_up(runner)
    elif runner.stop_shown is not None:
        shown = runner.stop_shown
        runner.feed.cut(shown.get("shown"), shown.get("thought"))
        await runner.finish_stop()
    else:
        if runner.job.asked.given and not runner.talk.submits:
            # They began a chat of their own: that it is there says that they were taken.
            await runner.settle()
        await follow_up(runner)


async def go_on(runner: Runner) -> None:
    """The rest of a first leg: whoever asked died, or lost its connection, before anybody was to answer."""
    runner.has_gone_on = True
    question_id = runner.read.question_id
    await runner.move(TurnState.RUNNING)
    await runner.read_body(lambda place: runner.talk.answer_asked(place, question_id))
    await runner.conclude()


async def find_chat(runner: Runner) -> bool:
    """Look for the leg's message in the newest of the conversation; True when its chat is known.

    Where asking is two steps, `question_id` says afterwards whether the first of them was made.
    """
    runner.read.question_id = ""
    if not runner.upstream.capabilities.finds_by_meta or not runner.upstream_conversation_id:
        return False
    sent = runner.place.meta
    deadline = time.monotonic() + GIVE_UP_SECONDS
    absences = 0  # only an answer without the chat counts, not a call that failed
    while absences < len(FIND_DELAYS_SECONDS) and time.monotonic() < deadline:
        await asyncio.sleep(FIND_DELAYS_SECONDS[absences] or POLL_FIRST_SECONDS)
        try:
            messages = await runner.upstream.newest_messages(
                user_id=runner.job.asked.user_id, conversation_id=runner.upstream_conversation_id
            )
        except UpstreamError as error:
            if is_gone(error):
                return False
            logger.info("turn %s: looking for its chat: %s", runner.job.turn_id, error)
            await asyncio.sleep(POLL_LAST_SECONDS)
            continue
        found = next((m for m in messages if sent.items() <= m.meta.items() and m.chat_id), None)
        found = found or await find_shortcut(runner, messages)
        if found is not None:
            runner.read.chat_id, runner.read.question_id = found.chat_id, found.id
            assert runner.desk.leg_pk is not None
            await runner.write(ledger.store_ids, runner.desk.leg_pk, runner.read, runner.log_id)
            return True
        absences += 1
        if runner.upstream.capabilities.asks_in_two_steps and absences >= SURE_ABSENCES:
            said = next((m for m in messages if sent.items() <= m.meta.items()), None)
            if said is not None:
                runner.read.question_id = said.id
                return False
    return False


def is_gone(error: UpstreamError) -> bool:
    return str(error.code) in GONE or (isinstance(error, Missing) and error.http_status == NOT_FOUND)


async def find_shortcut(runner: Runner, messages: list[Message]) -> Message | None:
    """A shortcut command's question is made upstream and bears no mark of ours: it is the one with the same
    words whose chat none of our legs knows."""
    asked = runner.job.asked
    if asked.shortcut is None or asked.given:
        return None
    known = await runner.writer.run(ledger.known_chats, runner.job.hold.conversation_pk)
    return next(
        (
            message
            for message in messages
            if message.chat_id
            and message.chat_id not in known
            and message.type == "question"
            and message.content.strip() == asked.question
        ),
        None,
    )


async def give_up(runner: Runner) -> None:
    """The upstream does not know the question (or cannot be asked): the person decides. Answers that it does
    not know are sent again."""
    if runner.stop_shown is not None:
        outcome = "local" if runner.talk.is_canceled_upstream else "dropped"
        await runner.end(TurnState.CANCELED, stop_outcome=outcome)
    elif runner.job.asked.given and not runner.talk.submits:
        await runner.reopen()
    else:
        await runner.end(TurnState.LOST, error_reason="lost", log_id=runner.log_id[:128])


async def follow_up(runner: Runner) -> None:
    """Ask how the chat goes, with back-off, until it is over; then take what it says."""
    # A run that nobody streams may take a day.
    deadline = math.inf if runner.job.asked.is_polled else time.monotonic() + GIVE_UP_SECONDS
    delay = POLL_FIRST_SECONDS
    is_unsure = bool(runner.job.asked.given) and runner.talk.submits and runner.read.verdict is None
    while time.monotonic() < deadline:
        try:
            state = await runner.talk.look(runner.read, runner.place)
            if is_unsure and state is not None and state.verdict is Verdict.REQUIRES_ACTION:
                # Answers may be on their way still: what is waited for twice did not arrive.
                is_unsure = False
                await asyncio.sleep(SURE_SECONDS)
                continue
            if state is not None:
                await take(runner, state)
                return
        except UpstreamError as error:
            if is_gone(error):
                await give_up(runner)
                return
            logger.info("turn %s: asking how it goes: %s", runner.job.turn_id, error)
        if runner.stop_shown is not None:
            await runner.finish_stop()
            return
        await asyncio.sleep(delay)
        delay = min(delay * 1.5, POLL_LAST_SECONDS)
    await runner.end(TurnState.LOST, error_reason="lost", log_id=runner.log_id[:128])


async def take(runner: Runner, state: Leg) -> None:
    """The chat is over, or waits: write its messages, then move."""
    verdict = state.verdict
    if verdict in (Verdict.COMPLETED, Verdict.REQUIRES_ACTION, Verdict.CANCELED):
        # Not for a failed chat: the list call fails there and hides the cause (wire-chat 5).
        messages = await runner.talk.messages(runner.read, runner.place)
        if runner.stop_shown is None:
            runner.feed.agree_with(messages)
    if runner.stop_shown is not None:
        await runner.finish_stop()
        return
    state.chat_id = state.chat_id or runner.read.chat_id
    state.execute_id = state.execute_id or runner.read.execute_id
    was_refused = runner.read.verdict in FAILURES
    runner.read = state
    assert runner.desk.leg_pk is not None
    await runner.write(ledger.end_leg, runner.desk.leg_pk, state, runner.feed.deltas)
    match verdict:
        case Verdict.COMPLETED:
            await runner.end(TurnState.COMPLETED)
        case Verdict.REQUIRES_ACTION:
            await runner.wait()
        case Verdict.CANCELED:
            outcome = canceled_outcome(runner.upstream.capabilities)
            await runner.end(TurnState.CANCELED, stop_outcome=outcome)
        case _:
            fault = fault_of_leg(state, runner.log_id)
            waited = any(action["state"] in ANSWERABLE for action in runner.feed.head["actions"])
            if waited or (state.is_expired and was_refused):
                fault["error_reason"] = "expired"  # while it waited for a person
                await runner.write(settling.take_back_refused, runner.job.hold.turn_pk)
            await runner.end(TurnState.FAILED, **fault)
