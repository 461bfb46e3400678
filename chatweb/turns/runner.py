"""Runs one turn: opens a leg, reads it into the feed, and writes what it came to.

Lives on the event loop as a task of the supervisor. Bytes → events → feed and machine → effects.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from chatweb import frames
from chatweb.models import Leg as LegRow
from chatweb.turns import ledger, machine, recovery, replacing, rounds, settling
from chatweb.turns.announce import announce_end, announce_start
from chatweb.turns.canceling import cancel_upstream, canceled_outcome
from chatweb.turns.claims import Assignment
from chatweb.turns.faults import code_text, fault_of, fault_of_leg
from chatweb.turns.feed import Feed
from chatweb.turns.hub import Hub
from chatweb.turns.machine import Leg, Verdict
from chatweb.turns.states import OVER, TurnState
from chatweb.turns.talks import LegStream, OpenLeg, Place, talk_of
from chatweb.turns.writer import Desk, Writer
from chatweb.upstreams.client import Upstream
from chatweb.upstreams.errors import OCCUPIED_CODES, Unreachable, UpstreamError
from chatweb.upstreams.events import ChatStarted, Delta, Event, Received

logger = logging.getLogger(__name__)

CONNECT_DELAYS_SECONDS = (0.5, 1.0, 2.0)  # nothing was sent, so a repeat cannot double a question
TOOK_ANSWERS = (Verdict.COMPLETED, Verdict.CANCELED, Verdict.REQUIRES_ACTION)


class Runner:
    def __init__(self, assignment: Assignment, upstream: Upstream, hub: Hub, writer: Writer) -> None:
        self.job = assignment
        self.upstream = upstream
        self.talk = talk_of(assignment.asked, upstream)
        self.hub = hub
        self.writer = writer
        self.state = assignment.state
        self.upstream_conversation_id = assignment.upstream_conversation_id
        self.feed = Feed(assignment.head, assignment.parts)
        hold = assignment.hold
        self.desk = Desk(self.feed, hold.turn_pk, hold.conversation_pk, hold.owner)
        self.read = Leg()
        self.leg_ordinal = 0
        self.has_gone_on = False  # a question that stood upstream unanswered was asked about again
        self.log_id = ""
        self.stop_shown: dict[str, Any] | None = assignment.stop_shown
        self._reading: asyncio.Timeout | None = None

    # --- the whole of it ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Until the turn is over, waits, or is queued again. Never leaves it running without a task."""
        self.hub.feeds[self.job.conversation_id] = self.feed
        self.writer.desks.add(self.desk)
        self.publish_turn()
        try:
            await announce_start(self.hub, self.job)
            await self._go()
        except ledger.LEAVES:
            raise
        except Exception:
            # Top of a task: whatever it was, the turn must not stay without an owner.
            logger.exception("turn %s: the runner failed", self.job.turn_id)
            if self.state not in OVER:
                await self.end(TurnState.FAILED, error_reason="internal")
        finally:
            self.writer.desks.discard(self.desk)
            if self.hub.feeds.get(self.job.conversation_id) is self.feed:
                del self.hub.feeds[self.job.conversation_id]

    async def _go(self) -> None:
        if self.state == TurnState.RECOVERING:
            await recovery.recover(self)
        elif self.state == TurnState.RESUMING:
            await self.answer()
        else:
            await self.ask()

    async def write(self, call: Callable[..., Any], *args: Any) -> Any:
        """What does not name owner and epoch itself is written while the turn is ours. Raises TakenOver."""
        return await self.writer.run(ledger.while_held, self.job.hold, call, *args)

    # --- legs --------------------------------------------------------------------------------------

    async def ask(self) -> None:
        """The first leg."""
        try:
            await self._ensure_conversation()
            await replacing.make_room(self)
        except UpstreamError as error:
            await self.fail(error)
            return
        await self._leg(LegRow.Kind.CHAT)

    async def answer(self) -> None:
        """A later leg: outputs of tool calls, a resume, or the message that answers a question (K10)."""
        await self._leg(LegRow.Kind.SUBMIT if self.talk.submits else LegRow.Kind.RESUME)

    async def _ensure_conversation(self) -> None:
        if self.upstream_conversation_id or not self.talk.has_conversation:
            return
        self.upstream_conversation_id = await self.patiently(self.talk.create_conversation)
        await self._store_conversation_id()

    async def _store_conversation_id(self) -> None:
        conversation_pk = self.job.hold.conversation_pk
        await self.write(ledger.store_conversation_id, conversation_pk, self.upstream_conversation_id)

    async def _leg(self, kind: str) -> None:
        # Outputs go into the chat or run that asked for them; everything else begins one of its own.
        before = self.job.leg if kind == LegRow.Kind.SUBMIT else None
        self.read = Leg(chat_id=before.chat_id, execute_id=before.execute_id) if before else Leg()
        self.log_id = ""
        where = self.upstream_conversation_id
        leg = await self.write(ledger.begin_leg, self.job.hold, kind, where, self.read)
        self.desk.leg_pk, self.leg_ordinal = leg.pk, leg.ordinal
        open_leg = self.talk.ask if kind == LegRow.Kind.CHAT else self.talk.answer
        try:
            await self.patiently(lambda: self.read_body(open_leg))
        except Unreachable as error:
            await self.write(ledger.forget_leg, self.desk.leg_pk)
            self.desk.leg_pk = None
            await self.fail(error)
            return
        await self.conclude()

    @property
    def place(self) -> Place:
        """Where the leg happens. Its ordinal is in the message's meta data too: a turn may send several."""
        return Place(
            conversation_id=self.upstream_conversation_id,
            chat_id=self.read.chat_id,
            meta={"turn": self.job.turn_id, "leg": str(self.leg_ordinal)},
            prefix=f"{self.desk.leg_pk}/",
        )

    async def read_body(self, open_leg: OpenLeg) -> None:
        """Read the leg to its end, or until somebody stops it. Raises Unreachable if nothing was sent."""
        if self.stop_shown is not None:
            return
        try:
            async with asyncio.timeout(None) as self._reading, open_leg(self.place) as stream:
                self.log_id = stream.log_id
                if self._should_drop():
                    return
                await self._read_events(stream)
        except TimeoutError:
            if self.stop_shown is None:
                raise
        finally:
            self._reading = None

    async def _read_events(self, stream: LegStream) -> None:
        feed, hub, conversation_id = self.feed, self.hub, self.job.conversation_id

        def grow(events: list[Event]) -> None:
            if ops := feed.take(events):
                hub.publish(conversation_id, feed.frame(ops))

        stream.hand_over(grow)
        async for events in stream:
            for event in events:
                if type(event) is Delta:
                    continue
                if type(event) is Received:
                    self.desk.record(event.name, event.data)
                elif machine.step(self.read, event) or self._is_taken_by(event):
                    await self._learned()
            grow(events)
            if self._should_drop():
                return

    async def _learned(self) -> None:
        """The upstream named the leg: stored before anything else happens with it."""
        assert self.desk.leg_pk is not None
        await self.write(ledger.store_ids, self.desk.leg_pk, self.read, self.log_id)
        if self.read.conversation_id and self.read.conversation_id != self.upstream_conversation_id:
            # Some upstreams answer in another conversation than asked (wire-chat 11, 32).
            self.upstream_conversation_id = self.read.conversation_id
            await self._store_conversation_id()
        if self.state == TurnState.RESUMING:
            await self._taken()

    def _is_taken_by(self, event: Event) -> bool:
        """A leg that goes on with a chat or run brings no new id: that it starts says it took the answers."""
        return type(event) is ChatStarted and self.state == TurnState.RESUMING

    async def _taken(self) -> None:
        """The upstream took the answers: the cards are settled, the turn goes on."""
        await self.settle()
        await self.move(TurnState.RUNNING)

    async def settle(self) -> None:
        self.feed.head["actions"] = await self.write(rounds.settle_and_show, self.job.hold.turn_pk)

    async def patiently(self, call: Any) -> Any:
        for delay in CONNECT_DELAYS_SECONDS:
            try:
                return await call()
            except Unreachable:
                if self.stop_shown is not None:
                    raise
                await asyncio.sleep(delay)
        return await call()

    # --- what it came to ---------------------------------------------------------------------------

    async def conclude(self) -> None:
        if self.stop_shown is not None:
            await self.finish_stop()
            return
        verdict = machine.conclude(self.read)
        if self.state == TurnState.RESUMING and verdict in TOOK_ANSWERS:
            await self._taken()
        if self.desk.leg_pk is not None:
            await self.write(ledger.end_leg, self.desk.leg_pk, self.read, self.feed.deltas)
        match verdict:
            case Verdict.COMPLETED:
                await self.end(TurnState.COMPLETED)
            case Verdict.REQUIRES_ACTION:
                await self.wait()
            case Verdict.CANCELED:
                await self.end(TurnState.CANCELED, stop_outcome=canceled_outcome(self.upstream.capabilities))
            case Verdict.LOST:
                await self.move(TurnState.RECOVERING)
                await recovery.recover(self)
            case _ if self.state == TurnState.RESUMING:
                await self.refused(self.read.error_msg, code_text(self.read.error_code), self.log_id)
            case _ if str(self.read.error_code) in OCCUPIED_CODES and not self.read.chat_id:
                await self.requeue()
            case _:
                await self.end(TurnState.FAILED, **fault_of_leg(self.read, self.log_id))

    async def fail(self, error: UpstreamError) -> None:
        if self.stop_shown is not None:
            await self.finish_stop()
            return
        if self.state == TurnState.RESUMING:
            await self.refused(error.message, code_text(error.code), error.log_id)
        else:
            await self.end(TurnState.FAILED, **fault_of(error))

    async def refused(self, message: str, code: str, log_id: str) -> None:
        """The answers were refused: they are kept. Whether the round still waits is the upstream's to say,
        unless they would have begun a chat of their own: a refusal with a code says that there is none."""
        await self.write(settling.refuse, self.job.hold.turn_pk, message, code, log_id)
        await self.move(TurnState.RECOVERING)
        if self.desk.leg_pk is not None and (self.talk.submits or not code):
            await recovery.recover(self)
        else:
            await self.reopen()

    async def wait(self) -> None:
        """Hand the turn over to a person: rows, and no task."""
        self.feed.end(is_complete=True)
        assert self.desk.leg_pk is not None
        await self._opened(
            await self.writer.run(
                rounds.open_round,
                self.job.hold,
                self.desk.leg_pk,
                self.read,
                self.state,
                self.desk.capture(),
                self.feed.last_ordinal,
            )
        )

    async def reopen(self) -> None:
        """The answers are not with the upstream: the round is open again."""
        if self.stop_shown is not None:
            await self.finish_stop()
            return
        await self._opened(
            await self.writer.run(rounds.reopen_round, self.job.hold, self.state, self.desk.capture())
        )

    async def _opened(self, opened: rounds.Opened) -> None:
        version = self._moved(TurnState.WAITING, opened.version)
        self.state = opened.state
        is_asking = opened.state == TurnState.WAITING
        await announce_end(self.hub, self.job, version, "waiting" if is_asking else "")

    async def requeue(self) -> None:
        version = await self.writer.run(ledger.back_to_queue, self.job.hold, self.read, self.log_id)
        await announce_end(self.hub, self.job, self._moved(TurnState.QUEUED, version), "")

    async def end(self, to: str, **changes: Any) -> None:
        """The last move: everything unsaved and the new state in one transaction, then the last frame."""
        self.feed.end(is_complete=to == TurnState.COMPLETED, is_cut_off=self.read.is_cut_off)
        version = await self.writer.run(
            ledger.move, self.job.hold, self.state, to, self.desk.capture(), **changes
        )
        kinds = {TurnState.COMPLETED: "ready", TurnState.CANCELED: "stopped"}
        kind = kinds.get(TurnState(to), "failed")
        await announce_end(self.hub, self.job, self._moved(to, version), kind)

    async def move(self, to: str, **changes: Any) -> None:
        """A move in mid-turn; followers see it."""
        version = await self.writer.run(ledger.move, self.job.hold, self.state, to, None, **changes)
        self._moved(to, version)
        self.publish_turn()

    def _moved(self, to: str, version: int | None) -> int:
        """The new version. Raises TakenOver when the move was lost."""
        if version is None:
            raise ledger.TakenOver(f"turn {self.job.turn_id}: lost on the way from {self.state} to {to}")
        logger.info("turn %s: %s -> %s", self.job.turn_id, self.state, to)
        self.state = to
        self.feed.head.update(state=str(to), version=version)
        return version

    def publish_turn(self) -> None:
        self.feed.seq += 1
        self.hub.tell(self.job.conversation_id, frames.turn(self.feed.snapshot()))

    # --- stop --------------------------------------------------------------------------------------

    def stop(self, shown: dict[str, Any]) -> None:
        """On the loop: cut to what was on the screen, at once; the upstream hears of it right after."""
        if self.stop_shown is not None:
            return
        self.stop_shown = shown
        self.feed.cut(shown.get("shown"), shown.get("thought"))
        self.publish_turn()
        if self._reading is not None and self._should_drop():
            self._reading.reschedule(asyncio.get_running_loop().time())

    def _should_drop(self) -> bool:
        """Stopped, and there is a chat id to cancel. Without one: keep reading, unseen, until it comes."""
        if self.stop_shown is None:
            return False
        is_known = self.read.chat_id or not self.talk.is_canceled_upstream
        return bool(is_known) or self.state == TurnState.RECOVERING

    async def finish_stop(self) -> None:
        self.feed.is_frozen = True
        # Before the upstream is told, which may take long: what was on the screen survives a death here.
        await self.writer.checkpoint(self.job.hold.owner)
        outcome = await cancel_upstream(self)
        next_turn_pk = (self.stop_shown or {}).get("next")
        await self.end(TurnState.CANCELED, stop_outcome=outcome, next_turn_pk=next_turn_pk)
