"""Runs one turn: opens a leg, reads it into the feed, and writes what it came to.

Lives on the event loop as a task of the supervisor. Bytes → events → feed and machine → effects.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from chatweb import frames
from chatweb.models import Leg as LegRow
from chatweb.sentences import reason_of
from chatweb.turns import ledger, machine, recovery
from chatweb.turns.announce import announce_end, announce_row
from chatweb.turns.claims import Assignment
from chatweb.turns.feed import Feed
from chatweb.turns.hub import Hub
from chatweb.turns.machine import Leg, Verdict
from chatweb.turns.states import OVER, TurnState
from chatweb.turns.writer import Desk, Writer
from chatweb.upstreams.client import EventStream, Upstream
from chatweb.upstreams.errors import Unreachable, UpstreamError
from chatweb.upstreams.events import Delta, Event, Received

logger = logging.getLogger(__name__)

CONNECT_DELAYS_SECONDS = (0.5, 1.0, 2.0)  # nothing was sent, so a repeat cannot double a question
CANCEL_SECONDS = 3.0


class Runner:
    def __init__(self, assignment: Assignment, upstream: Upstream, hub: Hub, writer: Writer) -> None:
        self.job = assignment
        self.upstream = upstream
        self.hub = hub
        self.writer = writer
        self.state = assignment.state
        self.upstream_conversation_id = assignment.upstream_conversation_id
        self.feed = Feed(assignment.head, assignment.parts)
        hold = assignment.hold
        self.desk = Desk(self.feed, hold.turn_pk, hold.conversation_pk, hold.owner)
        self.read = Leg()
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
            await announce_row(self.hub, self.job.hold.conversation_pk, self.job.user_pk)
            await self._go()
        except TakenOver:
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

    # --- legs --------------------------------------------------------------------------------------

    async def ask(self) -> None:
        """The first leg: a chat with the question."""
        try:
            await self._ensure_conversation()
        except UpstreamError as error:
            await self.fail(error)
            return
        await self._leg(LegRow.Kind.CHAT, self.job.question)

    async def answer(self) -> None:
        """A later leg: outputs of tool calls, or the reply to a question, which is a message (K10)."""
        if self.job.outputs:
            await self._leg(LegRow.Kind.SUBMIT)
        else:
            await self._leg(LegRow.Kind.RESUME, self.job.reply)

    async def _ensure_conversation(self) -> None:
        if self.upstream_conversation_id:
            return
        self.upstream_conversation_id = await self._patiently(
            lambda: self.upstream.create_conversation(self.job.user_id, self.job.bot_id)
        )
        await self.writer.run(
            ledger.store_conversation_id, self.job.hold.conversation_pk, self.upstream_conversation_id
        )

    async def _leg(self, kind: str, question: str = "") -> None:
        self.read, self.log_id = Leg(), ""
        self.desk.leg_pk = await self.writer.run(
            ledger.begin_leg, self.job.hold, kind, self.upstream_conversation_id
        )
        try:
            await self._patiently(lambda: self._read_body(kind, question))
        except Unreachable as error:
            await self.writer.run(ledger.forget_leg, self.desk.leg_pk)
            self.desk.leg_pk = None
            await self.fail(error)
            return
        await self._conclude()

    def _open(self, kind: str, question: str) -> Any:
        if kind == LegRow.Kind.SUBMIT:
            assert self.job.leg is not None
            return self.upstream.submit(
                user_id=self.job.user_id,
                conversation_id=self.job.leg.upstream_conversation_id,
                chat_id=self.job.leg.chat_id,
                outputs=self.job.outputs,
            )
        return self.upstream.chat(
            user_id=self.job.user_id,
            bot_id=self.job.bot_id,
            conversation_id=self.upstream_conversation_id,
            question=question,
            meta={"turn": self.job.turn_id},
        )

    async def _read_body(self, kind: str, question: str) -> None:
        """Read the leg to its end, or until somebody stops it. Raises Unreachable if nothing was sent."""
        if self.stop_shown is not None:
            return
        try:
            async with asyncio.timeout(None) as self._reading, self._open(kind, question) as stream:
                self.log_id = stream.log_id
                if self._should_drop():
                    return
                await self._read_events(stream)
        except TimeoutError:
            if self.stop_shown is None:
                raise
        finally:
            self._reading = None

    async def _read_events(self, stream: EventStream) -> None:
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
                elif machine.step(self.read, event):
                    await self._learned()
            grow(events)
            if self._should_drop():
                return

    async def _learned(self) -> None:
        """The upstream named the leg: stored before anything else happens with it."""
        assert self.desk.leg_pk is not None
        await self.writer.run(ledger.store_ids, self.desk.leg_pk, self.read, self.log_id)
        if self.read.conversation_id and self.read.conversation_id != self.upstream_conversation_id:
            # Some upstreams answer in another conversation than asked (wire-chat 11, 32).
            self.upstream_conversation_id = self.read.conversation_id
            await self.writer.run(
                ledger.store_conversation_id, self.job.hold.conversation_pk, self.read.conversation_id
            )
        if self.state == TurnState.RESUMING:
            await self.writer.run(ledger.settle_submitted, self.job.hold.turn_pk)
            await self.move(TurnState.RUNNING)

    async def _patiently(self, call: Any) -> Any:
        for delay in CONNECT_DELAYS_SECONDS:
            try:
                return await call()
            except Unreachable:
                if self.stop_shown is not None:
                    raise
                await asyncio.sleep(delay)
        return await call()

    # --- what it came to ---------------------------------------------------------------------------

    async def _conclude(self) -> None:
        if self.stop_shown is not None:
            await self.finish_stop()
            return
        verdict = machine.conclude(self.read)
        if self.desk.leg_pk is not None:
            await self.writer.run(ledger.end_leg, self.desk.leg_pk, self.read, self.feed.deltas)
        match verdict:
            case Verdict.COMPLETED:
                await self.end(TurnState.COMPLETED)
            case Verdict.REQUIRES_ACTION:
                await self.wait()
            case Verdict.CANCELED:
                await self.end(TurnState.CANCELED, stop_outcome="forgotten")
            case Verdict.LOST:
                await self.move(TurnState.RECOVERING)
                await recovery.recover(self)
            case _ if self.state == TurnState.RESUMING:
                # The outputs were refused: whether the round still waits is the upstream's to say.
                await self.writer.run(
                    ledger.refuse_submitted, self.job.hold.turn_pk, self.read.error_msg[:2000]
                )
                await self.move(TurnState.RECOVERING)
                await recovery.recover(self)
            case _ if str(self.read.error_code) == "4016" and not self.read.chat_id:
                await self.requeue()
            case _:
                await self.end(TurnState.FAILED, **self.error_of_leg())

    def error_of_leg(self) -> dict[str, str]:
        code = self.read.error_code
        return {
            "error_reason": reason_of(code, is_error=self.read.verdict is Verdict.ERROR),
            "error_code": "" if code is None else str(code)[:24],
            "error_message": self.read.error_msg[:2000],
            "log_id": self.log_id[:128],
        }

    async def fail(self, error: UpstreamError) -> None:
        if self.stop_shown is not None:
            await self.finish_stop()
            return
        reason = "unreachable" if isinstance(error, Unreachable) else reason_of(error.code, is_error=True)
        await self.end(
            TurnState.FAILED,
            error_reason=reason,
            error_code="" if error.code is None else str(error.code)[:24],
            error_message=error.message[:2000],
            log_id=error.log_id[:128],
        )

    async def wait(self) -> None:
        """Hand the turn over to a person: rows, and no task."""
        self.feed.end(is_complete=True)
        assert self.desk.leg_pk is not None
        version = await self.writer.run(
            ledger.open_actions, self.job.hold, self.desk.leg_pk, self.read, self.state, self.desk.capture()
        )
        await announce_end(self.hub, self.job, self._moved(TurnState.WAITING, version), "waiting")

    async def requeue(self) -> None:
        version = await self.writer.run(ledger.back_to_queue, self.job.hold, self.log_id, self.read.error_msg)
        await announce_end(self.hub, self.job, self._moved(TurnState.QUEUED, version), "")

    async def end(self, to: str, **changes: Any) -> None:
        """The last move: everything unsaved and the new state in one transaction, then the last frame."""
        self.feed.end(is_complete=to == TurnState.COMPLETED)
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
            raise TakenOver(f"turn {self.job.turn_id}: lost on the way from {self.state} to {to}")
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
        return self.stop_shown is not None and bool(self.read.chat_id or self.state == TurnState.RECOVERING)

    async def finish_stop(self) -> None:
        self.feed.is_frozen = True
        # Before the upstream is told, which may take long: what was on the screen survives a death here.
        await self.writer.checkpoint(self.job.hold.owner)
        outcome = await self.cancel_upstream()
        next_turn_pk = (self.stop_shown or {}).get("next")
        await self.end(TurnState.CANCELED, stop_outcome=outcome, next_turn_pk=next_turn_pk)

    async def cancel_upstream(self) -> str:
        """What Stop came to: forgotten, was_done (the answer was over), or local (nothing was sent)."""
        chat_id = self.read.chat_id or (self.job.leg.chat_id if self.job.leg else "")
        if not chat_id:
            return "local"
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                await self.upstream.cancel(
                    user_id=self.job.user_id,
                    conversation_id=self.upstream_conversation_id,
                    chat_id=chat_id,
                )
        except TimeoutError:
            logger.warning("turn %s: cancelling took too long", self.job.turn_id)
        except UpstreamError as error:
            if str(error.code) in ALREADY_OVER:
                return "was_done"
            logger.warning("turn %s: cancel refused: %s (%s)", self.job.turn_id, error.code, error.log_id)
        return "forgotten"


ALREADY_OVER = {"4104", "103200005"}  # Coze cloud, Studio


class TakenOver(RuntimeError):
    """Another process owns the turn by now: this one must not say another word about it."""
