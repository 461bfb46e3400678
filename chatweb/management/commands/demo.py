"""`manage.py demo`: a whole site for one computer. Migrates, seeds, starts simulator and site, stops both."""

from __future__ import annotations

import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from chatweb.management.children import Child, ChildFailed, Errors, free_port, is_free, running
from chatweb.management.seeding import PEOPLE, REAL, SIMULATED, Upstream, seed_bots, seed_people, seed_tools
from chatweb.models import Connection
from chatweb.upstreams.errors import UpstreamError

START_SECONDS = 60.0
WATCH_SECONDS = 0.5
SIMULATOR_TOKEN = "pat_demo"  # noqa: S105 - the simulator's documented default


class Command(BaseCommand):
    help = "Run a demo site: on the built-in simulator, or on Coze when COZE_API_TOKEN is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR) / ".run",
            help="Where logs and the simulator's memory are kept.",
        )
        parser.add_argument(
            "--seed-only",
            action="store_true",
            help="Migrate, add people, bots and the demo's tools, and start nothing.",
        )

    def handle(self, *, port: int, folder: Path, seed_only: bool, **options: Any) -> None:
        if not (seed_only or is_free(port)):
            raise CommandError(f"Port {port} is taken. Try another one: make run PORT={port + 1}")
        call_command("migrate", interactive=False, verbosity=0)
        seed_people()
        if seed_only:
            seed_tools()
            seed_bots(_real_upstream())
            return
        signal.signal(signal.SIGTERM, _interrupt)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with ExitStack() as children:
                self._run(children, folder, port)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except ChildFailed as error:
            raise CommandError(str(error)) from error

    def _run(self, children: ExitStack, folder: Path, port: int) -> None:
        """Start what is needed, say when it is ready, and stay until a child ends."""
        household: list[Child] = []
        others: dict[Connection.Dialect, str] = {}
        upstream = _real_upstream()
        if not upstream.token:
            simulators = {each: _start_simulator(children, folder, each) for each in Connection.Dialect}
            household += simulators.values()
            urls = {each: _ready_at(folder, each, simulator) for each, simulator in simulators.items()}
            upstream = Upstream(SIMULATED, urls[Connection.Dialect.COZE], SIMULATOR_TOKEN)
            others = {each: url for each, url in urls.items() if each is not Connection.Dialect.COZE}
            seed_tools()
        self._seed(upstream)
        site = _start_site(children, folder, port, [upstream.base_url, *others.values()], bool(others))
        household.append(site)
        site.wait_for(f"http://127.0.0.1:{port}/readyz", lambda status: status == 200, START_SECONDS)
        logins = ", ".join(f"{person.name}/{person.name}" for person in PEOPLE)
        self.stdout.write(f"Upstream: {upstream.name} at {upstream.base_url}. Log: {site.log}")
        for dialect, url in others.items():
            # Not seeded: their bots have the names of the first one's. docs/admin.md connects them.
            self.stdout.write(f"To connect as admin: {dialect.label} at {url}, token {SIMULATOR_TOKEN}")
        self.stdout.write(f"Demo logins (name/password): {logins}")
        self.stdout.write(f"Chatweb is ready: http://127.0.0.1:{port}/")
        self.stdout.flush()
        errors = [Errors(child.log, sys.stderr) for child in household]
        while True:
            for child, log in zip(household, errors, strict=True):
                log.copy()
                child.check()
            time.sleep(WATCH_SECONDS)

    def _seed(self, upstream: Upstream) -> None:
        """An upstream that cannot be read is no reason not to start: an admin can mend it on the site."""
        try:
            count = seed_bots(upstream)
        except UpstreamError as error:
            self.stderr.write(f"The bots of {upstream.base_url} could not be read: {error}")
            return
        if not count:
            self.stderr.write(f"{upstream.base_url} lists no bot that this token may use.")


def _interrupt(signal_number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _real_upstream() -> Upstream:
    return Upstream(REAL, settings.COZE_API_BASE, settings.COZE_API_TOKEN, settings.COZE_BOT_ID)


def _named(dialect: Connection.Dialect) -> str:
    return "simulator" if dialect is Connection.Dialect.COZE else f"simulator-{dialect.value}"


def _start_simulator(children: ExitStack, folder: Path, dialect: Connection.Dialect) -> Child:
    """The same port as last time if it is free, so that connections and links in its answers stay good."""
    name = _named(dialect)
    remembered = folder / f"{name}.port"
    port = int(remembered.read_text()) if remembered.exists() else free_port()
    if not is_free(port):
        port = free_port()
    remembered.write_text(str(port))
    options = {
        "port": port,
        "token": SIMULATOR_TOKEN,
        "state": folder / f"{name}.json",
        "dialect": dialect.value,
    }
    arguments = [text for option, value in options.items() for text in (f"--{option}", str(value))]
    command = [sys.executable, "-m", "simulator", *arguments]
    return children.enter_context(running(name, command, folder / f"{name}.log", os.environ))


def _ready_at(folder: Path, dialect: Connection.Dialect, simulator: Child) -> str:
    """Its address, once it answers."""
    base_url = f"http://127.0.0.1:{(folder / f'{_named(dialect)}.port').read_text()}"
    simulator.wait_for(f"{base_url}/v1/users/me", lambda status: status > 0, START_SECONDS)
    return base_url


def _start_site(
    children: ExitStack, folder: Path, port: int, upstreams: list[str], are_simulated: bool
) -> Child:
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
    arguments = [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "chatweb.asgi:application"]
    picture_hosts = [urlsplit(url).netloc for url in upstreams] if are_simulated else []
    environment = _local(os.environ, picture_hosts)
    return children.enter_context(running("site", arguments, folder / "site.log", environment))


def _local(environment: Mapping[str, str], picture_hosts: list[str]) -> dict[str, str]:
    """The environment of a site on plain http://127.0.0.1, whatever .env says for production.

    Simulators serve their bots' pictures from loopback, where no other site's are fetched from.
    """
    picture_hosts = [*settings.PICTURES_FROM_PRIVATE_HOSTS, *picture_hosts]
    hosts = [*settings.ALLOWED_HOSTS, "127.0.0.1", "localhost"]
    return {
        **environment,
        "HTTPS_ONLY": "false",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts)),
        "PICTURES_FROM_PRIVATE_HOSTS": ",".join(picture_hosts),
        # One computer is everybody here, and whoever tries out how much it bears is welcome.
        "RATE_LIMITS": "ask=10000/m,command=30000/m,upload=10000/m,search=10000/m",
        "SOCKETS_A_SESSION": "100000",
        "PYTHONUNBUFFERED": "1",
    }
