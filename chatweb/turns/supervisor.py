"""One task a process: claims what there is to run, starts runners, does errands, takes over dead turns."""

from __future__ import annotations

import asyncio
import contextvars
import fcntl
import logging
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings

from chatweb.turns import claims, deletions, errands, patience, services
from chatweb.turns.claims import Assignment
from chatweb.turns.hub import Hub, hub
from chatweb.turns.probe import is_anything_due
from chatweb.turns.pulse import pulse_forever
from chatweb.turns.runner import Runner, TakenOver
from chatweb.turns.writer import Writer
from chatweb.upstreams.client import ConnectionSettings, HttpClient, Upstream, open_upstream

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0  # for what no wake announces: back-off that ran out, undo times, dead owners
PATIENCE_SECONDS = 10.0  # between two looks at what waits for people
MAX_UPSTREAMS = 1000


class AnotherProcess(RuntimeError):
    """Only one process may serve a site; the lock says another one does."""


class Supervisor:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.owner = str(uuid4())
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
        self._over_upstream: set[int] = set()  # pks of waiting turns that the upstream no longer waits for

    # --- life --------------------------------------------------------------------------------------

    def start(self) -> None:
        """On the running loop. Idempotent. Raises AnotherProcess."""
        if self.hub.loop is not None:
            return
        loop = asyncio.get_running_loop()
        self._lock = take_lock()
        self.hub.loop = loop
        self._http = HttpClient()
        self.spawn(self.writer.run(errands.take_back))
        self.spawn(self.writer.run(deletions.take_back))
        self.spawn(self._watch())
        self.spawn(self.writer.beat_forever(self.owner))
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

    def wake(self) -> None:
        """On the loop: there may be something to run."""
        self._wake.set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """A task in an empty context: one that inherits a request's context fails at its first ORM call
        behind a sync middleware (design, section 4)."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(work, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._task_over)

    def _task_over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a task ended badly", exc_info=error)

    async def _watch(self) -> None:
        is_woken = True
        while True:
            try:
                if is_woken or await self.writer.run(is_anything_due, len(self.runners)):
                    await self.sweep()
                await self._look_after_waiting()
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
        for assignment in await self.writer.run(gather, self.owner, set(self.runners), over):
            runner = Runner(assignment, self.upstream(assignment.settings), self.hub, self.writer)
            # Before its task begins: the next sweep takes a turn without a runner for an orphan.
            self.runners[runner.job.turn_id] = runner
            self.spawn(self._run(runner))
        for errand in await self.writer.run(errands.due, frozenset(self._errands)):
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

    async def _look_after_waiting(self) -> None:
        """Ask upstreams, now and then, whether they still wait for what people are asked."""
        now = time.monotonic()
        if now < self._patient_until:
            return
        self._patient_until = now + min(PATIENCE_SECONDS, settings.WAITING_POLL_SECONDS)
        for turn_pk in self._patience.due(await self.writer.run(patience.waiting_turns)):
            self.spawn(patience.ask_about(turn_pk, self))

    async def _run(self, runner: Runner) -> None:
        try:
            await runner.run()
        except TakenOver as lost:
            logger.warning("%s", lost)
        finally:
            self.runners.pop(runner.job.turn_id, None)
            self.wake()  # the queue's next question

    async def _run_errand(self, errand: errands.Task) -> None:
        try:
            await errands.do(errand, self)
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


def gather(owner: str, running: set[str], over_upstream: set[int]) -> list[Assignment]:
    """Claim everything due; `running`: ids of the turns that have a runner. On the writer's thread."""
    jobs = [
        *((claims.take_back, pk) for pk in over_upstream),
        *((claims.take_over, pk) for pk in claims.dead_turns(owner, running)),
        *((claims.take_up, pk) for pk in claims.resumable_turns()),
        *((claims.take_on, pk) for pk in claims.due_turns()),
    ]
    taken = []
    for take, turn_pk in jobs:
        try:
            assignment = take(turn_pk, owner)
        except Exception:
            # One turn that cannot even be read (a secret no key opens) must not stop all the others.
            logger.exception("turn %s could not be claimed", turn_pk)
            claims.give_up(turn_pk)
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
