"""`manage.py replay`: the command around the library (contract of the project's issues 2 and 3)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from .chat_samples import CHAT_SAMPLES
from .samples import Sample
from .waiting_samples import WAITING_SAMPLES
from .workflow_samples import WORKFLOW_SAMPLES

ROOT = Path(__file__).parents[2]
KEYS = [
    "status",
    "answers",
    "reasoning",
    "follow_ups",
    "tool_calls",
    "questions",
    "usage",
    "error",
    "chat_id",
    "conversation_id",
    "debug_url",
    "unknown_events",
]
RUN_KEYS = ["nodes", "interrupt", "execute_id", "output"]


@pytest.fixture
def recorded(tmp_path: Path):
    def write(sample: Sample) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.body"
        path.write_bytes(sample.body)
        return str(path)

    return write


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out)
    return out.getvalue()


def test_one_object_with_the_promised_keys(recorded):
    report = json.loads(printed(recorded(CHAT_SAMPLES["plain answer"])))
    assert list(report) == KEYS


def test_a_workflow_prints_more(recorded):
    sample = WORKFLOW_SAMPLES["S1: a run"]
    report = json.loads(printed(recorded(sample), "--dialect", "workflow", "--call", "run", "--chunk", "3"))
    assert list(report) == KEYS + RUN_KEYS
    assert report == sample.replay()


def test_options_reach_the_library(recorded):
    path = recorded(Sample(b"oops", {}))
    report = json.loads(printed(path, "--http-status", "503", "--content-type", "text/plain"))
    assert report["error"] == {"code": None, "msg": "HTTP 503: oops"}


@pytest.mark.parametrize(
    "arguments", [["/nowhere"], [], ["/nowhere", "--chunk", "0"], ["x", "--dialect", "klingon"]]
)
def test_what_cannot_be_read_is_an_error_of_the_command(arguments):
    with pytest.raises(CommandError):
        printed(*arguments)


def test_a_batch_answers_line_by_line(recorded):
    """As the outside checks use it: one process, a line in, a line out, before the next is written."""
    plain, studio = CHAT_SAMPLES["plain answer"], WAITING_SAMPLES["a Studio bot asks in words"]
    lines = [
        {"file": recorded(plain), "chunk": 1},
        {"file": recorded(studio), "dialect": "studio", "call": "chat", "http_status": 200},
        {"file": "/nowhere"},
        {"file": recorded(plain), "dialect": "klingon"},
        {"file": recorded(plain), "content_type": "text/event-stream", "chunk": 7},
    ]
    with subprocess.Popen(
        [sys.executable, "manage.py", "replay", "--batch"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        answers = []
        for line in lines:
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait() == 0
    assert answers[0] == answers[4] == plain.replay()
    assert answers[1] == studio.replay()
    assert "not replayed" in answers[2]["error"]["msg"]
    assert "klingon" in answers[3]["error"]["msg"]
