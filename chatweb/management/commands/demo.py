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
        upstream = _real_upstream()
        if not upstream.token:
            simulator, upstream = _start_simulator(children, folder)
            household.append(simulator)
            seed_tools()
        self._seed(upstream)
        site = _start_site(children, folder, port, upstream)
        household.append(site)
        site.wait_for(f"http://127.0.0.1:{port}/readyz", lambda status: status == 200, START_SECONDS)
        logins = ", ".join(f"{person.name}/{person.name}" for person in PEOPLE)
        self.stdout.write(f"Upstream: {upstream.name} at {upstream.base_url}. Log: {site.log}")
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


def _start_simulator(children: ExitStack, folder: Path) -> tuple[Child, Upstream]:
    """The same port as last time if it is free, so that links in its answers stay good."""
    remembered = folder / "simulator.port"
    port = int(remembered.read_text()) if remembered.exists() else free_port()
    if not is_free(port):
        port = free_port()
    remembered.write_text(str(port))
    arguments = [
        "--port",
        str(port),
        "--token",
        SIMULATOR_TOKEN,
        "--state",
        str(folder / "simulator.json"),
    ]
    simulator = children.enter_context(
        running(
            "simulator",
            [sys.executable, "-m", "simulator", *arguments],
            folder / "simulator.log",
            os.environ,
        )
    )
    base_url = f"http://127.0.0.1:{port}"
    simulator.wait_for(f"{base_url}/v1/users/me", lambda status: status > 0, START_SECONDS)
    return simulator, Upstream(SIMULATED, base_url, SIMULATOR_TOKEN)


def _start_site(children: ExitStack, folder: Path, port: int, upstream: Upstream) -> Child:
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
    arguments = [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "chatweb.asgi:application"]
    environment = _local(os.environ, upstream)
    return children.enter_context(running("site", arguments, folder / "site.log", environment))


def _local(environment: Mapping[str, str], upstream: Upstream) -> dict[str, str]:
    """The environment of a site on plain http://127.0.0.1, whatever .env says for production.

    The simulator serves its bots' pictures from loopback, where no other site's are fetched from.
    """
    picture_hosts = [*settings.PICTURES_FROM_PRIVATE_HOSTS]
    if upstream.name == SIMULATED:
        picture_hosts.append(urlsplit(upstream.base_url).netloc)
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
