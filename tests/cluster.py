"""The site as several processes on PostgreSQL and Redis: `with running_cluster(folder, simulator): …`.

A proxy in front hands every connection to another process, so each request and each socket may land anywhere.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.database import open_database
from tests.postgres import Postgres, running_postgres
from tests.process import RUNNING, Site
from tests.proxy import Proxy, running_proxy
from tests.redis_server import Redis, running_redis
from tests.simulator.process import SimulatorProcess
from tests.upstream import seed_command

COUNT = 3
SECRETS = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS")
OWNERS = "SELECT DISTINCT owner FROM chatweb_turn WHERE state IN ('running', 'resuming', 'recovering')"
OWNER = re.compile(r"supervisor (\S+) started")


class Cluster:
    """To a test that asks for no more it is a `Site`.

    `sites` are the processes, each with `kill`, `start`, `freeze` and `thaw` of its own.
    """

    def __init__(self, sites: list[Site], proxy: Proxy, postgres: Postgres, redis: Redis) -> None:
        self.sites = sites
        self.proxy = proxy
        self.postgres = postgres
        self.redis = redis
        self.url = proxy.url
        self.folder, self.server = sites[0].folder, sites[0].server
        self.env = sites[0].env
        self.manage = sites[0].manage
        self.shell = sites[0].shell

    def kill(self) -> None:
        """SIGKILL to every process that has a turn in its hands, or to one of them."""
        for site in self._at_work():
            site.kill()

    def stop(self) -> None:
        """SIGTERM, to the same."""
        stop_all(self._at_work())

    def _at_work(self) -> list[Site]:
        with open_database(self) as database:
            owners = {str(owner) for (owner,) in database.rows(OWNERS)}
        return [site for site in self.sites if owner_of(site) in owners] or self.sites[:1]

    def start(self) -> None:
        """Those that were killed or stopped."""
        for site in self.sites:
            if not site.is_running():
                site.start()

    def output(self, lines: int = 80) -> str:
        return "\n".join(f"--- {site.url}\n{site.output(lines)}" for site in self.sites)


def owner_of(site: Site) -> str:
    """The name under which the running process claims turns."""
    said = OWNER.findall(site.log.read_text(errors="replace"))
    return said[-1] if said else ""


@contextmanager
def running_cluster(
    folder: Path,
    simulator: SimulatorProcess,
    count: int = COUNT,
    server: str = "daphne",
    env: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """The demo's people and the simulator's bots, served by `count` processes. `folder` keeps the logs."""
    with ExitStack() as stack:
        redis = stack.enter_context(running_redis(folder))
        shared = {"REDIS_URL": redis.url, "FILES_FOLDER": str(folder / "files"), **(env or {})}
        sites = [new_site(folder / f"site-{number}", simulator, server, shared) for number in range(count)]
        for site in sites[1:]:  # what signs cookies and encrypts is one for all of them
            site.env.update({name: sites[0].env[name] for name in SECRETS})
        postgres = stack.enter_context(running_postgres(migrated=sites[0].env))
        for site in sites:
            site.env["DATABASE_URL"] = postgres.url
            RUNNING.append(site)
            stack.callback(RUNNING.remove, site)
        stack.callback(stop_all, sites)
        for site in sites:
            site.launch()
        # Meanwhile: nobody is there yet to ask.
        sites[0].manage(*seed_command(simulator.url, simulator.token))
        for site in sites:
            site.wait()
        proxy = stack.enter_context(running_proxy([site.port for site in sites]))
        yield Cluster(sites, proxy, postgres, redis)


def new_site(own: Path, simulator: SimulatorProcess, server: str, env: Mapping[str, str]) -> Site:
    own.mkdir()
    return Site(own, simulator.url, simulator.token, server, env)


def stop_all(sites: list[Site]) -> None:
    """All at once, for each takes a moment to leave."""
    for site in filter(Site.is_running, sites):
        site.signal(signal.SIGTERM)
    for site in sites:
        site.stop()
