"""A chat full of secrets: what logs, figures and traces tell of it, and that none of them tells a word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chatweb.telemetry.subject import span_of_question
from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess
from tests.telemetry.collector import Received, attributes, otlp_receiver
from tests.visitor import Visitor

WORD = "hunter2-my-pin-is-4711"
TOKEN = "metrics-token-of-the-test"


@pytest.fixture(scope="module")
def received() -> Iterator[Received]:
    with otlp_receiver() as received:
        yield received


@pytest.fixture(scope="module")
def watched(
    simulator: SimulatorProcess, received: Received, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    env = {
        "LOG_LEVEL": "DEBUG",
        "METRICS_TOKEN": TOKEN,
        "TRACES_ENDPOINT": received.url,
        "TRACES_HEADERS": "x-tenant=chat",
    }
    folder = tmp_path_factory.mktemp("watched")
    with running_site(folder, simulator.url, simulator.token, env=env) as site:
        yield site


@pytest.fixture(scope="module")
def person(watched: Site) -> Iterator[Visitor]:
    person = Visitor(watched.url, "demo")
    yield person
    person.close()


@pytest.fixture(scope="module")
def talk(person: Visitor, simulator: SimulatorProcess) -> tuple[str, str]:
    """One answer, one failure, one lost stream, one refused question: conversation and the first turn."""
    conversation, answered = person.begin(person.bot("Echo"), f"say {WORD} again")
    person.wait_for(conversation, answered, "completed")
    troubled, _ = person.begin(person.bot("Trouble"), f"fail {WORD}")
    person.wait_for(troubled, person.turns(troubled)[0]["id"], "failed")
    simulator.fault("/v3/chat/retrieve", count=1, code=4101, msg=f"not yet: {WORD}")
    lost = person.ask(conversation, f"tokens=20 drop_after=300 {WORD}")
    person.wait_for(conversation, lost, "completed", "failed", "lost")
    simulator.fault("/v3/chat", method="POST", count=1, code=4101, msg=f"you asked: {WORD}")
    person.wait_for(conversation, person.ask(conversation, f"{WORD} refused"), "failed")
    with pytest.raises(httpx.HTTPStatusError):
        person.post(f"/c/{conversation}/ask/", {"client_id": WORD, "text": WORD})
    person.http.get(f"/receipts/{WORD}/")
    person.http.get(f"/nowhere/{WORD}/?q={WORD}", headers={"X-Request-ID": "from-the-proxy-1"})
    return conversation, answered


def lines_of(site: Site) -> list[dict[str, object]]:
    return [json.loads(line) for line in site.output(100_000).splitlines()]


def test_every_line_is_json_and_none_tells_words_or_secrets(
    watched: Site, person: Visitor, simulator: SimulatorProcess, talk: tuple[str, str]
) -> None:
    assert lines_of(watched)
    log = watched.output(100_000)
    secrets = {
        "words": WORD,
        "session": person.http.cookies["sessionid"],
        "csrf": person.http.cookies["csrftoken"],
        "upstream token": simulator.token,
        "site's key": watched.env["SECRET_KEY"],
        "encryption key": watched.env["FIELD_ENCRYPTION_KEYS"],
        "metrics token": TOKEN,
    }
    assert [name for name, secret in secrets.items() if secret in log] == []


def test_a_line_names_turn_conversation_log_id_owner_and_epoch(watched: Site, talk: tuple[str, str]) -> None:
    conversation, turn = talk
    done = next(
        line
        for line in lines_of(watched)
        if line.get("turn") == turn and "-> completed" in str(line["message"])
    )
    assert done["conversation"] == conversation
    assert done["log_id"] and done["owner"] and done["epoch"] == 1


def test_a_request_has_an_id_in_its_answer_and_its_lines(
    watched: Site, person: Visitor, talk: tuple[str, str]
) -> None:
    asking = next(line for line in lines_of(watched) if line.get("turn") == talk[1] and line.get("request"))
    assert "POST /conversations/: 202" in str(asking["message"])
    answer = person.http.get("/tasks/", headers={"X-Request-ID": "bad id\tof somebody"})
    assert len(answer.headers["X-Request-ID"]) == 16
    given = person.http.get("/tasks/", headers={"X-Request-ID": "from-the-proxy-2"})
    assert given.headers["X-Request-ID"] == "from-the-proxy-2"
    assert any(line.get("request") == "from-the-proxy-1" for line in lines_of(watched))


def figures_of(site: Site, **headers: str) -> dict[str, float]:
    answer = httpx.get(f"{site.url}/metrics", headers=headers, trust_env=False)
    assert answer.status_code == 200
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_figures_tell_what_happened(watched: Site, talk: tuple[str, str]) -> None:
    figures = figures_of(watched)
    assert figures["chatweb_runs_total completed"] >= 1
    assert figures["chatweb_runs_total failed"] >= 2
    assert figures["chatweb_recoveries_total"] >= 1
    assert figures["chatweb_deltas_total"] > 20
    assert figures["chatweb_first_token_seconds_count"] >= 1
    assert figures["chatweb_upstream_errors_total 4101"] >= 1
    assert figures["chatweb_upstream_calls_total 200"] > 5
    assert figures["chatweb_queue_length"] == 0
    assert figures["chatweb_turns running"] == 0
    assert figures["chatweb_sockets"] == 0
    assert figures["chatweb_added_latency_seconds_count"] >= 1
    assert figures["process_resident_memory_bytes"] > 10_000_000


def test_figures_are_for_the_machine_itself_or_whoever_has_the_token(watched: Site) -> None:
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
    ask = f"{watched.url}/metrics"
    assert httpx.get(ask, trust_env=False, headers=through_a_proxy).status_code == 404
    wrong = {**through_a_proxy, "Authorization": "Bearer guessed"}
    assert httpx.get(ask, trust_env=False, headers=wrong).status_code == 404
    assert figures_of(watched, **through_a_proxy, Authorization=f"Bearer {TOKEN}")


def test_probes_answer_by_any_name_the_site_does_not(watched: Site) -> None:
    by_address = {"Host": "10.1.2.3:8000"}
    for path, status in {"/healthz": 200, "/readyz": 200, "/metrics": 200, "/accounts/login/": 400}.items():
        assert httpx.get(watched.url + path, trust_env=False, headers=by_address).status_code == status


def test_a_trace_joins_the_question_its_run_and_the_call_with_cozes_log_id(
    received: Received, watched: Site, talk: tuple[str, str]
) -> None:
    question = span_of_question(UUID(talk[1]))
    trace_id = question.trace_id.to_bytes(16, "big")
    mine = lambda span: span.trace_id == trace_id  # noqa: E731
    asked = received.until(lambda span: mine(span) and span.name == "POST /conversations/")
    run = received.until(lambda span: mine(span) and span.name == "run of a turn")
    leg = received.until(lambda span: mine(span) and span.name == "POST /v3/chat")
    assert asked.span_id == question.span_id.to_bytes(8, "big") and not asked.parent_span_id
    assert run.parent_span_id == asked.span_id
    assert leg.parent_span_id == run.span_id
    assert attributes(leg)["coze.log_id"] and attributes(leg)["chatweb.turn"] == talk[1]
    assert attributes(asked)["chatweb.turn"] == talk[1]
    assert received.headers["x-tenant"] == "chat"


def test_a_refused_leg_is_a_failed_span_without_words(
    received: Received, watched: Site, talk: tuple[str, str]
) -> None:
    received.until(
        lambda span: span.name == "run of a turn" and attributes(span)["chatweb.state"] == "failed"
    )
    assert WORD.encode() not in received.raw
