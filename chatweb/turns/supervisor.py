"""One task a process: claims what there is to run, starts runners, does errands, takes over dead turns."""

from __future__ import annotations

import asyncio
import contextvars
import fcntl
import logging
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings

from chatweb.database import in_thread
from chatweb.telemetry import calls, runs
from chatweb.turns import background, chores, claims, deletions, errands, lease, patience, reviewing, services
from chatweb.turns.claims import Assignment
from chatweb.turns.courtesy import Courtesy, Due
from chatweb.turns.crossing import Crossing
from chatweb.turns.hub import Hub, hub
from chatweb.turns.ledger import LEAVES
from chatweb.turns.line import EVERYONE
from chatweb.turns.probe import is_anything_due
from chatweb.turns.pulse import pulse_forever
from chatweb.turns.runner import Runner
from chatweb.turns.writer import BEAT_SECONDS, Writer
from chatweb.upstreams.client import ConnectionSettings, HttpClient, Upstream, open_upstream

logger = logging.getLogger(__name__)
Ours = Callable[[Due], list[int]]

SWEEP_SECONDS = 1.0  # for what no wake announces: back-off that ran out, undo times, dead owners
PATIENCE_SECONDS = 10.0  # between two looks at what waits for people
MAX_UPSTREAMS = 1000


class AnotherProcess(RuntimeError):
    """Only one process may serve a site; the lock says another one does."""


class Supervisor:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.owner = str(uuid4())
        self.is_shared = bool(settings.REDIS_URL)  # other processes may serve beside this one
        self.writer = Writer()
        self.runners: dict[str, Runner] = {}  # by turn id
        self._tasks: set[asyncio.Task[Any]] = set()
        self._errands: set[int] = set()  # pks of those in hand
        self._wake = asyncio.Event()
        self._upstreams: dict[str, Upstream] = {}
        self._http: HttpClient | None = None
        self._lock: IO[str] | None = None
        self._patience = patience.Patience()
        self._patient_until = 0.0  # monotonic
        self._chores = chores.all_chores()
        self._is_background_wanted = self._is_background_busy = False
        self._over_upstream: set[int] = set()  # pks of waiting turns that the upstream no longer waits for
        self.running: dict[Runner, asyncio.Task[Any]] = {}
        self._others = lease.Watch()
        self._courtesy = Courtesy()
        self._is_oldest = not self.is_shared  # who does what one process is enough for
        self.beating: asyncio.Task[Any] | None = None
        self.is_leaving = False
        self.went_idle = asyncio.Event()

    # --- life --------------------------------------------------------------------------------------

    def start(self) -> None:
        """On the running loop. Idempotent. Raises AnotherProcess."""
        if self.hub.loop is not None or self.is_leaving:
            return
        loop = asyncio.get_running_loop()
        if not self.is_shared:
            self._lock = take_lock()
        self.hub.loop = loop
        self._http = HttpClient(calls.note)
        if self.is_shared:
            self._join_others()
        else:
            self.spawn(self.writer.run(errands.take_back))
            self.spawn(self.writer.run(deletions.take_back))
        self.spawn(self._watch())
        self.beating = self.spawn(self.writer.beat_forever(self.owner))
        self.spawn(pulse_forever(self.hub))
        logger.info("supervisor %s started", self.owner)

    async def stop(self) -> None:
        """Cancel every task; what is unfinished is recovered by whoever comes next."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.writer.desks:
            await self.writer.checkpoint(self.owner)
        if self._http is not None:
            await self._http.close()
        self.writer.close()
        self.hub.loop = None
        if self._lock is not None:
            self._lock.close()

    @property
    def is_busy(self) -> bool:
        return bool(self.runners or self._errands)

    def wake(self) -> None:
        """On the loop: there may be something to run, here or, when this process leaves, elsewhere."""
        self._wake.set()
        if self.is_leaving:
            self.went_idle.set()
            self.hub.cross(EVERYONE, kind="wake")

    def wake_here(self) -> None:
        """On the loop: somebody asked this process, so it need not leave the question to others."""
        self._courtesy.asked_here()
        self.wake()

    def _join_others(self) -> None:
        crossing = Crossing(self.hub, self.owner, self.spawn, self.stop_turn, self.lose, self.wake_here)
        self.hub.crossing = crossing
        self.spawn(crossing.line.keep_open())
        self.spawn(crossing.relaying.renew_forever())
        self.spawn(self.writer.run(errands.take_back, self.owner))
        self.spawn(self._look_at_others())

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task in an empty context: one that inherits a request's context fails at its first ORM call
        behind a sync middleware (design, section 4)."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(work, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._task_over)
        return task

    def _task_over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a task ended badly", exc_info=error)

    async def _watch(self) -> None:
        is_woken = True
        while True:
            try:
                owner = self.owner if self.is_shared else ""
                if self.is_leaving:
                    return
                if is_woken or await self.writer.run(is_anything_due, len(self.runners), owner):
                    await self.sweep()
                if self._is_oldest:
                    await self._look_after_waiting()
                    for chore in chores.due(self._chores):
                        chore.done(await self.writer.run(chore.work))
            except Exception:
                # Top of the task everything depends on: whatever it was, the next sweep is a second away.
                logger.exception("the sweep failed; trying again")
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass
            is_woken = self._wake.is_set()
            self._wake.clear()

    # --- work --------------------------------------------------------------------------------------

    async def sweep(self) -> None:
        """Take whatever is due and start it."""
        over, self._over_upstream = self._over_upstream, set()
        # Nobody else serves: all are ours.
        ours = self._courtesy.choice(self.hub.has_tabs, time.monotonic()) if self.is_shared else None
        for assignment in await self.writer.run(gather, self.owner, set(self.runners), over, ours):
            runner = Runner(assignment, self.upstream(assignment.settings), self.hub, self.writer)
            # Before its task begins: the next sweep takes a turn without a runner for an orphan.
            self.runners[runner.job.turn_id] = runner
            self.running[runner] = self.spawn(self._run(runner))
        owner = self.owner if self.is_shared else ""
        for errand in await self.writer.run(errands.due, frozenset(self._errands), owner):
            self._errands.add(errand.errand_pk)
            self.spawn(self._run_errand(errand))
        if await self.writer.run(deletions.take_step, {one.job.user_pk for one in self.runners.values()}):
            self.wake()  # the next step, after what others wait for
        for call in await self.writer.run(deletions.due):
            self.spawn(deletions.do(call, self.upstream(call.settings), self))
        for request in await self.writer.run(services.take_due):
            self.spawn(services.ask(request, self))
        if await self.writer.run(patience.expire_due):
            self.wake()
        if self._is_oldest:
            self._work_in_background()

    async def _look_at_others(self) -> None:
        """Once a second: who is dead, what of ours was taken over, which wishes to stop were not heard."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            epochs = {turn_id: runner.job.hold.epoch for turn_id, runner in self.runners.items()}
            try:
                found = await self.writer.run(lease.look, self._others, self.owner, epochs)
                if found.gone:
                    logger.warning("%d other process(es) died", found.gone)
                    await self.writer.run(errands.take_back, self.owner)
                    self.wake()
            except Exception:
                # Top of a task that must not end; nobody is taken for dead by a look that failed.
                logger.exception("looking at the other processes failed; trying again")
                continue
            self._is_oldest = found.is_oldest
            for turn_id in found.lost:
                self.lose(turn_id, epochs[turn_id])
            for turn_id, shown in found.stops.items():
                if (runner := self.runners.get(turn_id)) is not None:
                    runner.stop(shown)

    def lose(self, turn_id: str, epoch: int) -> None:
        """On the loop: another process has taken this turn over, from `epoch` on it is none of ours."""
        runner = self.runners.get(turn_id)
        if runner is not None and runner.job.hold.epoch <= epoch and runner in self.running:
            logger.warning("turn %s: taken over by another process", turn_id)
            self.running[runner].cancel()

    def _work_in_background(self) -> None:
        """What is slow and no turn waits for; somebody at it already takes this as a sign to look again."""
        self._is_background_wanted = True
        if not self._is_background_busy:
            self._is_background_busy = True
            self.spawn(self._take_background_steps())

    async def _take_background_steps(self) -> None:
        try:
            while self._is_background_wanted:
                self._is_background_wanted = False
                begun = time.monotonic()
                self._is_background_wanted |= await in_thread(background.take_steps)
                # As long again for those who chat: both share an interpreter.
                await asyncio.sleep(time.monotonic() - begun)
        finally:
            self._is_background_busy = False

    async def _look_after_waiting(self) -> None:
        """Ask upstreams, now and then, whether they still wait for what people are asked."""
        now = time.monotonic()
        if now < self._patient_until:
            return
        self._patient_until = now + min(PATIENCE_SECONDS, settings.WAITING_POLL_SECONDS)
        for turn_pk in self._patience.due(await self.writer.run(patience.waiting_turns)):
            self.spawn(patience.ask_about(turn_pk, self))
        await self.writer.run(reviewing.late_cards)
        self._work_in_background()  # what expires

    async def _run(self, runner: Runner) -> None:
        try:
            with runs.watched(runner):
                await runner.run()
        except LEAVES as lost:
            logger.warning("turn %s: %s", runner.job.turn_id, lost)
        finally:
            self.running.pop(runner, None)
            if self.runners.get(runner.job.turn_id) is runner:
                del self.runners[runner.job.turn_id]
            self._courtesy.served_here(runner.job.user_pk)
            self.wake()  # the queue's next question

    async def _run_errand(self, errand: errands.Task) -> None:
        try:
            await errands.do(errand, self)
            if self.is_shared:
                await self.writer.run(errands.put_down, errand.errand_pk, self.owner)
        finally:
            self._errands.discard(errand.errand_pk)
            self.wake()  # a newer wish may have waited for this one

    def upstream(self, settings_: ConnectionSettings) -> Upstream:
        """The client of a connection; a changed credential has another key and gets another client."""
        assert self._http is not None
        if settings_.key not in self._upstreams:
            if len(self._upstreams) >= MAX_UPSTREAMS:
                self._upstreams.clear()
            self._upstreams[settings_.key] = open_upstream(settings_, self._http)
        return self._upstreams[settings_.key]

    def recover_waiting(self, turn_pk: int) -> None:
        """On the loop: the upstream no longer waits for what this turn asks its person."""
        self._over_upstream.add(turn_pk)
        self.wake()

    def stop_turn(self, turn_id: str, shown: dict[str, Any]) -> None:
        """On the loop: a person wants a turn to stop."""
        if (runner := self.runners.get(turn_id)) is not None:
            runner.stop(shown)
        self.wake()


def gather(owner: str, running: set[str], over_upstream: set[int], are_ours: Ours | None) -> list[Assignment]:
    """Claim everything due; `running`: ids of the turns that have a runner. On the writer's thread.

    `are_ours`: of due questions, where other processes serve as well.
    """
    if are_ours is not None:
        lease.register(owner)  # who owns a turn must be known to live
    living = lease.living() if are_ours is not None else []
    due = claims.due_turns()
    ours = [pk for pk, _ in due] if are_ours is None else are_ours(due)
    jobs: list[tuple[Callable[..., Assignment | None], int, dict[str, int]]] = [
        *((claims.take_back, pk, {}) for pk in over_upstream),
        *(
            (claims.take_over, pk, {"epoch": epoch})
            for pk, epoch in claims.dead_turns(owner, running, living)
        ),
        *((claims.take_up, pk, {}) for pk in claims.resumable_turns()),
        *((claims.take_on, pk, {}) for pk in ours),
    ]
    taken = []
    for take, turn_pk, seen in jobs:
        try:
            assignment = take(turn_pk, owner, **seen)
        except LEAVES:
            logger.warning("turn %s is claimed at the next sweep: the database has trouble", turn_pk)
            continue
        except Exception:
            # One turn that cannot even be read (a secret no key opens) must not stop all the others.
            logger.exception("turn %s could not be claimed", turn_pk)
            claims.give_up(turn_pk, owner, living)
            continue
        if assignment is not None:
            taken.append(assignment)
    return taken


def take_lock() -> IO[str]:
    """The lock that makes this the only serving process; the kernel drops it with the process, however that
    ends. Raises AnotherProcess."""
    lock = Path(settings.PROCESS_LOCK).open("w")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise AnotherProcess("another process serves this site, and one is all it takes") from error
    return lock


supervisor = Supervisor(hub)
