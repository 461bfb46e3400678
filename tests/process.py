"""The real site as a process of its own: `with running_site(folder, simulator) as site: …`."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.migrated import copy_migrated
from tests.shell import Shell
from tests.upstream import seed_command

ROOT = Path(__file__).parents[1]
START_SECONDS = 180
STOP_SECONDS = 15
MANAGE_SECONDS = 300  # all migrations, on a machine with other things to do
POLL_SECONDS = 0.05
# A setting of the machine's .env must not reach a test; an empty variable outranks it.
NEUTRAL = {
    "DEBUG": "false",
    "HTTPS_ONLY": "false",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "REDIS_URL": "",
    "COZE_BOT_ID": "",
    "SIGN_UP": "approval",
    "OIDC_ISSUER": "",
    "PASSWORD_SIGN_IN": "true",
    "SECOND_FACTOR_FOR_ROLES": "false",
    "EMAIL_URL": "dummymail://",
    "EMAIL_CHECK": "optional",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": "",
    "METRICS_NETWORKS": "127.0.0.0/8,::1/128",
    "TRACES_ENDPOINT": "",
    # A worker's tests are one person doing in a minute what people do in a day; tests/security has limits.
    "RATE_LIMITS": "ask=1000000/m,command=1000000/m,upload=1000000/m,search=1000000/m,export=1000000/m,"
    "archive=1000000/m,picture=1000000/m,view_as=1000000/m",
    "SOCKETS_A_SESSION": "100000",
}


RUNNING: list[Site] = []  # conftest.py shows their output when a test fails


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_arguments(server: str, port: int) -> list[str]:
    """The command line of daphne or uvicorn, as the documentation gives it."""
    if server == "daphne":
        endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
        return ["-m", "daphne", "-v", "0", "-e", endpoint, "chatweb.asgi:application"]
    if server == "uvicorn":
        return ["-m", "uvicorn", "--port", str(port), "--no-access-log", "chatweb.asgi:application"]
    raise ValueError(server)


class Site:
    """A database, a port and, from `start` to `kill`, a process. `url` has no slash at its end."""

    def __init__(
        self, folder: Path, upstream_url: str, token: str, server: str, env: Mapping[str, str]
    ) -> None:
        self.folder = folder
        self.server = server
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "site.log"
        self.database = folder / "site.sqlite3"  # unless `env` names another one
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {
            **os.environ,
            **NEUTRAL,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PROCESS_LOCK": str(folder / "site.lock"),
            "COZE_API_BASE": upstream_url,
            "COZE_API_TOKEN": token,
            "PICTURES_FROM_PRIVATE_HOSTS": urlsplit(upstream_url).netloc,
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        self._shell: Shell | None = None

    def shell(self, code: str) -> str:
        """What Python code prints in a shell of the site, which stays open. AssertionError if it fails."""
        if self._shell is None:
            self._shell = Shell(self.env)
        return self._shell.run(code)

    def manage(self, *arguments: str) -> str:
        """Run a management command against the site's database; its output. AssertionError if it fails."""
        command = [sys.executable, "manage.py", *arguments]
        answer = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=MANAGE_SECONDS
        )
        assert answer.returncode == 0, f"{' '.join(arguments)}:\n{answer.stdout}{answer.stderr}"
        return answer.stdout

    def start(self) -> None:
        """Start serving and return once the site answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *server_arguments(self.server, self.port)],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Until the launched site answers."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while not self.is_alive():
            assert self.process.poll() is None, f"the site ended with {self.process.returncode}"
            assert time.monotonic() < deadline, f"no answer within {START_SECONDS} s"
            time.sleep(POLL_SECONDS)

    def is_alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, closed or said."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """SIGTERM, as a service manager does; SIGKILL if that is not heard."""
        if self._shell is not None:
            self._shell.close()
            self._shell = None
        if not self.is_running():
            return
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def output(self, lines: int = 80) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


@contextmanager
def running_site(
    folder: Path,
    upstream_url: str,
    token: str,
    server: str = "daphne",
    env: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """A site with the demo's people and the upstream's bots, serving. `folder` keeps database and log."""
    site = Site(folder, upstream_url, token, server, env or {})
    RUNNING.append(site)
    try:
        if site.env["DATABASE_URL"] == f"sqlite:///{site.database}":
            copy_migrated(site.database, site.env)
        site.manage(*seed_command(upstream_url, token))
        site.start()
        yield site
    finally:
        site.stop()
        RUNNING.remove(site)
