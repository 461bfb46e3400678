"""The console over a million messages: every order, filter and search of the log, plots and usage tables.

Asked of the running site, on SQLite and on the PostgreSQL that BENCH_POSTGRES_URL names. A database that is
full already is not filled again; BENCH_SQLITE_FILE names one that stays.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from statistics import median, quantiles
from typing import Any

from bench.runs import Bench, say
from bench.server import COMMANDS, PROJECT, SERVER_CORE, Process, free_port
from bench.table import Row

TIMES = 9
CONVERSATIONS, MESSAGES = 100_000, 1_000_000


def console(bench: Bench) -> list[Row]:
    file = os.environ.get("BENCH_SQLITE_FILE", bench.site.folder / "console.sqlite3")
    databases = {"SQLite": f"sqlite:///{file}"}
    if url := os.environ.get("BENCH_POSTGRES_URL"):
        databases["PostgreSQL"] = url
    small = 1 if bench.extent.rounds > 1 else 100
    return [row for name, url in databases.items() for row in pages_of(bench, name, url, small)]


def pages_of(bench: Bench, name: str, url: str, small: int) -> list[Row]:
    environment = bench.site.environment(bench.site.database) | {"DATABASE_URL": url}
    sizes = ["--conversations", str(CONVERSATIONS // small), "--messages", str(MESSAGES // small)]
    filled: dict[str, Any] = json.loads(
        subprocess.run(
            [sys.executable, "-m", "bench.filled", *sizes],
            cwd=PROJECT,
            env=os.environ | environment,
            check=True,
            stdout=subprocess.PIPE,
        ).stdout.splitlines()[-1]
    )
    port = free_port()
    rows = []
    with Process(COMMANDS["daphne"](port), SERVER_CORE, port, environment) as server:
        server.wait_until_alive()
        for page, path in filled["pages"].items():
            before = server.cpu_seconds()
            took = times_of(f"http://127.0.0.1:{port}{path}", filled)
            cpu = (server.cpu_seconds() - before) / TIMES * 1000
            note = f"p95 {quantiles(took, n=20)[-1]:.0f} ms, the server's CPU {cpu:.0f} ms"
            rows.append(Row(f"{page}, {name}", median(took), "ms", 300, 150, note=note))
            say(rows[-1].line())
    return rows


def times_of(address: str, filled: dict[str, Any]) -> list[float]:
    """Milliseconds from the request until the whole page is there."""
    request = urllib.request.Request(
        address, headers={"Cookie": f"{filled['cookie']}={filled['session']}", "Accept": "text/html"}
    )
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.url == address, "the operator was not let in"
            answer.read()
        took.append((time.perf_counter() - begun) * 1000)
    return took
