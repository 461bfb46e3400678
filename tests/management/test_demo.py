"""`make run` from its ready line to its end, as a person at a terminal meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.migrated import copy_migrated
from tests.process import NEUTRAL, ROOT, free_port
from tests.simulator.process import BOT_IDS, SimulatorProcess
from tests.visitor import Visitor

LOGINS = ["demo", "demo2", "operator", "admin"]


def environment(folder: Path, **env: str) -> dict[str, str]:
    """A site of the folder's own; what is there of its database already stays."""
    database = {"DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}", "PROCESS_LOCK": str(folder / "lock")}
    return {**os.environ, **NEUTRAL, "COZE_API_TOKEN": "", **database, **env}


def migrated(folder: Path) -> None:
    """Saves the first run its longest part, which another test watches."""
    copy_migrated(folder / "demo.sqlite3", environment(folder))


def command(folder: Path, port: int) -> list[str]:
    return [sys.executable, "manage.py", "demo", "--port", str(port), "--folder", str(folder / "run")]


@contextmanager
def demo(folder: Path, stop: signal.Signals = signal.SIGTERM, **env: str) -> Iterator[list[str]]:
    """What it printed up to its ready line; asserts that it ends well at the end."""
    port = free_port()
    process = subprocess.Popen(
        command(folder, port),
        cwd=ROOT,
        env=environment(folder, **env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Chatweb is ready"):
                break
        assert lines[-1:] == [f"Chatweb is ready: http://127.0.0.1:{port}/"], lines
        yield lines
        process.send_signal(stop)
        rest = process.stdout.read()
        assert process.wait(30) == 0, rest
        assert "Traceback" not in rest
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def url_of(lines: list[str]) -> str:
    return lines[-1].partition("http")[1] + lines[-1].partition("http")[2].rstrip("/")


def is_open(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) == 0


def test_a_second_run_keeps_what_was_written_and_ends_cleanly(tmp_path: Path):
    with demo(tmp_path) as lines:
        site = url_of(lines)
        simulator = next(line for line in lines if "simulator at" in line).split(" at ")[1].split(". Log")[0]
        for name in LOGINS:
            assert any(f"{name}/{name}" in line for line in lines)
            Visitor(site, name).close()
        visitor = Visitor(site, "demo")
        kinds = {bot["name"]: bot["kind"] for bot in visitor.page_state()["bots"]}
        assert kinds.keys() >= set(BOT_IDS)
        assert kinds["City weather"] == "workflow"
        assert kinds["Travel planner"] == "chatflow"
        icon = next(bot["icon"] for bot in visitor.page_state()["bots"] if bot["name"] == "Travel")
        assert visitor.http.get(icon).headers["content-type"] == "image/png"
        conversation, turn = visitor.begin(visitor.bot("Echo"), "kept")
        visitor.close()
    assert not is_open(site)
    assert not is_open(simulator)
    with demo(tmp_path, stop=signal.SIGINT) as lines:
        visitor = Visitor(url_of(lines), "demo")
        assert visitor.turn(conversation, turn)["question"] == "kept"
        assert len(visitor.page_state()["bots"]) == len({bot["id"] for bot in visitor.page_state()["bots"]})
        visitor.ask(conversation, "the simulator remembers the conversation too")
        visitor.close()


def admin_post(admin: Visitor, path: str, **fields: object) -> str:
    """The page that follows."""
    fields["csrfmiddlewaretoken"] = admin.http.cookies["csrftoken"]
    answer = admin.http.post(path, data=fields, headers={"Accept": "text/html"}, follow_redirects=True)
    return answer.raise_for_status().text


def connect(admin: Visitor, dialect: str, line: str) -> str:
    """Make a connection to what the line says, save and test it; its page."""
    url, _, token = line.partition(" at ")[2].partition(", token ")
    fields = {"name": f"My {dialect}", "dialect": dialect, "beta": "assistants=v2", "base_url": url}
    fields |= {"auth": "token", "token": token, "is_enabled": "on", "_test": "Save and test"}
    page = admin_post(admin, "/admin/chatweb/connection/add/", **fields)
    assert "Connected" in page, page
    return "/admin/chatweb/connection/" + re.findall(r"/admin/chatweb/connection/(\d+)/import/", page)[0]


def grant(admin: Visitor, connection: str, bot: str) -> None:
    """To everyone, on the page of grants; the bot is the only one of its name at the connection."""
    rows = admin.http.get("/admin/chatweb/bot/", params={"q": bot}, headers={"Accept": "text/html"}).text
    [row] = [row for row in re.findall(r"<tr>.*?</tr>", rows, re.DOTALL) if f">{connection}<" in row]
    [pk] = re.findall(r"/admin/chatweb/bot/(\d+)/change/", row)
    page = admin_post(admin, "/admin/chatweb/botgrant/add/", bot=pk, group="1")
    assert "was added successfully" in page, page


def test_a_connection_of_each_kind_is_made_tested_imported_from_and_chatted_with(tmp_path: Path):
    """The walk-through of docs/admin.md."""
    with demo(tmp_path) as lines:
        site = url_of(lines)
        studio, assistants = [line for line in lines if line.startswith("To connect as admin: ")]
        admin, person = Visitor(site, "admin"), Visitor(site, "demo")
        page = connect(admin, "studio", studio)
        added = admin_post(admin, f"{page}/import/", kind="bot", upstream_id=BOT_IDS["Travel"])
        assert "Travel is here." in added
        page = connect(admin, "assistants", assistants)
        offered = admin.http.get(f"{page}/import/", headers={"Accept": "text/html"}).text
        chosen = re.findall(r'name="chosen" value="([^"]+)"', offered)
        [digest] = re.findall(r'name="digest" value="([^"]+)"', offered)
        assert f"{len(chosen)} added" in admin_post(admin, f"{page}/import/", chosen=chosen, digest=digest)
        known = {bot["id"] for bot in person.page_state()["bots"]}
        grant(admin, "My studio", "Travel")
        grant(admin, "My assistants", "Weather")
        new = {bot["name"]: bot["id"] for bot in person.page_state()["bots"] if bot["id"] not in known}
        assert new.keys() == {"Travel", "Weather"}
        conversation, turn = person.begin(new["Travel"], "Plan a trip")
        [where] = person.wait_for_round(conversation, turn)
        assert where["question"]["options"] == ["Paris", "Rome", "Kyoto"]
        conversation, turn = person.begin(new["Weather"], "Will it rain in Oslo?")
        [rain] = person.wait_for_round(conversation, turn)
        person.answer(conversation, turn, {rain["id"]: '{"probability": 0.5}'})
        assert "50%" in person.wait_for(conversation, turn, "completed")["messages"][-1]["text"]
        for visitor in (admin, person):
            visitor.close()


def test_with_a_token_it_runs_against_that_upstream(tmp_path: Path, simulator: SimulatorProcess):
    real = {"COZE_API_BASE": simulator.url, "COZE_API_TOKEN": simulator.token}
    migrated(tmp_path)
    with demo(tmp_path, **real, COZE_BOT_ID=BOT_IDS["Reasoner"]) as lines:
        assert any(simulator.url in line for line in lines)
        assert not (tmp_path / "run/simulator.log").exists()
        visitor = Visitor(url_of(lines), "demo")
        assert [bot["name"] for bot in visitor.page_state()["bots"]] == ["Reasoner"]
        assert httpx.get(url_of(lines) + "/readyz", trust_env=False).json()["ready"]
        visitor.close()


def test_a_wrong_token_is_said_and_the_site_starts_all_the_same(tmp_path: Path, simulator: SimulatorProcess):
    migrated(tmp_path)
    with demo(tmp_path, COZE_API_BASE=simulator.url, COZE_API_TOKEN="pat_wrong") as lines:
        assert any("could not be read" in line for line in lines)
        Visitor(url_of(lines), "admin").close()


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            command(tmp_path, port), cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
        )
    assert answer.returncode == 1
    assert (
        answer.stderr.strip()
        == f"CommandError: Port {port} is taken. Try another one: make run PORT={port + 1}"
    )
