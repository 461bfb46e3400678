"""Rules of tools: who answers, what is remembered, and what is written down (M-051, M-054, M-063, M-094)."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from tests.live.upstream import a_mark, let_in, rows
from tests.visitor import refusal_of

Rule = Callable[..., None]


@pytest.fixture
def rule(site) -> Iterator[Rule]:
    """Register a rule for the tool that Weather calls; it is gone after the test."""

    def register(name: str = "get_rain_probability", *, bot: str = "", **fields: object) -> None:
        whose = f"Bot.objects.get(name={bot!r})" if bot else "None"
        fields = {"is_registered": True, **fields}
        rows(site, f"Tool.objects.update_or_create(bot={whose}, name={name!r}, defaults={fields!r})")

    yield register
    rows(site, "Tool.objects.filter(name='get_rain_probability').delete(); Allowance.objects.all().delete()")


def outputs(simulator, mark: str) -> list[list[str]]:
    return [[each["output"] for each in tried["outputs"]] for tried in let_in(simulator, mark)]


def test_approve_sends_what_the_admin_said_whatever_the_browser_sent(demo, weather, simulator) -> None:
    """M-051: the demo's book_umbrella is approved or declined."""
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} call=book rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    assert (card["tool"]["mode"], card["tool"]["may_allow"]) == ("approve", True)
    demo.answer(conversation, turn, {card["id"]: "whatever a browser made up"})
    demo.wait_for(conversation, turn, "completed")
    assert outputs(simulator, mark) == [['{"approved": true}']]


def test_declining_sends_the_admins_words_with_the_reason(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} call=book rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, declined={card["id"]: 'too "dear"'})
    demo.wait_for(conversation, turn, "completed")
    [[sent]] = outputs(simulator, mark)
    assert json.loads(sent) == {"approved": False, "reason": 'too "dear"'}


def test_m_054_allowed_for_this_conversation_the_next_call_asks_nobody(
    site, demo, weather, simulator, rule
) -> None:
    conversation, turn = demo.begin(weather, "call=book rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: ""}, allow=[card["id"]])
    demo.wait_for(conversation, turn, "completed")
    mark = a_mark()
    second = demo.ask(conversation, f"{mark} call=book rate=0")
    done = demo.wait_for(conversation, second, "completed", "waiting")
    assert done["state"] == "completed"
    [auto] = done["actions"]
    assert (auto["state"], auto["decision"], auto["answered_by"]) == ("answered", "auto", "")
    assert outputs(simulator, mark) == [['{"approved": true}']]
    other, elsewhere = demo.begin(weather, "call=book rate=0")
    assert demo.wait_for_round(other, elsewhere)[0]["state"] == "pending", "allowed in another conversation"


def test_allowing_is_not_possible_where_the_policy_does_not_let_people(site, demo, weather, rule) -> None:
    rule(mode="approve", may_be_allowed=False)
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    assert card["tool"]["may_allow"] is False
    demo.answer(conversation, turn, {card["id"]: ""}, allow=[card["id"]])
    demo.wait_for(conversation, turn, "completed")
    second = demo.ask(conversation, "in Bonn rate=0")
    assert demo.wait_for_round(conversation, second)[0]["state"] == "pending"


def test_auto_answers_at_once_from_a_template(demo, weather, simulator, rule) -> None:
    rule(mode="auto", template='{"probability": 0.5, "where": "{location}"}')
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Bonn then Mainz rate=0")
    done = demo.wait_for(conversation, turn, "completed", "waiting")
    assert done["state"] == "completed"
    assert [(card["round"], card["decision"]) for card in done["actions"]] == [(1, "auto"), (2, "auto")]
    told = [json.loads(sent)["where"] for [sent] in outputs(simulator, mark)]
    assert "Bonn" in told[0] and "Mainz" in told[1]


def test_auto_beside_a_call_that_a_person_answers(demo, weather, simulator, rule) -> None:
    rule(mode="auto", template="auto says {location}")
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn call=rain,broken rate=0")
    auto, open_ = demo.wait_for_round(conversation, turn)
    assert (auto["state"], auto["decision"], open_["state"]) == ("ready", "auto", "pending")
    demo.answer(conversation, turn, {open_["id"]: "mine"})
    demo.wait_for(conversation, turn, "completed")
    assert outputs(simulator, mark) == [["auto says Bonn", "mine"]]


def test_what_a_rule_answered_may_be_changed_while_another_card_is_open(
    demo, weather, simulator, rule
) -> None:
    rule(mode="auto", template="auto")
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn call=rain,broken rate=0")
    auto, open_ = demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/actions/{auto['id']}/change/")
    demo.answer(conversation, turn, {auto["id"]: "by hand", open_["id"]: "mine"})
    done = demo.wait_for(conversation, turn, "completed")
    assert done["actions"][0]["decision"] == "answered"
    assert outputs(simulator, mark) == [["by hand", "mine"]]


def test_refused_at_once_and_the_bot_goes_on(demo, weather, simulator, rule) -> None:
    rule(mode="refuse", decline_output="not here")
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn rate=0")
    done = demo.wait_for(conversation, turn, "completed", "waiting")
    assert done["state"] == "completed"
    assert (done["actions"][0]["state"], done["actions"][0]["decision"]) == ("declined", "declined")
    assert outputs(simulator, mark) == [["not here"]]


def test_deny_wins_over_the_bots_own_entry(demo, weather, simulator, rule) -> None:
    rule(mode="refuse", decline_output="never")
    rule(bot="Weather", mode="auto", template="always")
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn rate=0")
    demo.wait_for(conversation, turn, "completed")
    assert outputs(simulator, mark) == [["never"]]


def test_the_bots_own_entry_wins_otherwise(demo, weather, simulator, rule) -> None:
    rule(mode="auto", template="for all")
    rule(bot="Weather", mode="auto", template="for this one")
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn rate=0")
    demo.wait_for(conversation, turn, "completed")
    assert outputs(simulator, mark) == [["for this one"]]


def test_a_form_checks_what_is_entered_and_keeps_the_card_open(demo, weather, simulator, rule) -> None:
    schema = {
        "type": "object",
        "properties": {"probability": {"type": "number"}},
        "required": ["probability"],
    }
    rule(mode="form", schema=schema)
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Bonn rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    assert card["tool"]["schema"] == schema
    for bad in ('{"probability": "much"}', "{}", "no JSON", ""):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.answer(conversation, turn, {card["id"]: bad})
        assert refusal_of(refused.value) == (400, "wrong_values")
    assert demo.turn(conversation, turn)["actions"][0]["state"] == "pending"
    demo.answer(conversation, turn, {card["id"]: '{"probability": 0.25}'})
    assert "25%" in demo.wait_for(conversation, turn, "completed")["messages"][-1]["text"]


def test_m_094_an_unknown_tool_waits_in_the_inbox_with_how_often_it_was_seen(
    site, demo, weather, rule
) -> None:
    def seen() -> str:
        return rows(
            site,
            "t = Tool.objects.get(bot__name='Weather', name='get_rain_probability')\n"
            "print(t.is_registered, t.seen_count, t.sample_arguments)",
        )

    rows(site, "Tool.objects.filter(name='get_rain_probability').delete()")
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    cards = demo.wait_for_round(conversation, turn)
    assert [card["tool"] for card in cards] == [None, None], "nobody registered it"
    assert seen() == 'False 2 {"location":"Rome"}'
    demo.answer(conversation, turn, {card["id"]: "dry" for card in cards})
    demo.wait_for(conversation, turn, "completed")
    assert seen().startswith("False 2 "), "answering is no seeing"


def test_m_063_every_decision_is_written_down_for_good(site, demo, phone, weather, rule) -> None:
    conversation, turn = demo.begin(weather, "in Bonn call=rain,broken rate=0")
    first, second = demo.wait_for_round(conversation, turn)
    phone.answer(conversation, turn, {first["id"]: "hasty"})
    demo.post(f"/c/{conversation}/actions/{first['id']}/change/")
    demo.answer(conversation, turn, {first["id"]: "considered"}, {second["id"]: "no"})
    demo.wait_for(conversation, turn, "completed")
    kept = rows(
        site,
        f"for d in Decision.objects.filter(action__turn__uuid='{turn}'):\n"
        "    print(d.action.name, d.decision, d.user, d.device or '-', d.arguments_sha256, d.output_sha256)",
    )

    def digest(text: str) -> str:
        return sha256(text.encode()).hexdigest()

    declined = demo.turn(conversation, turn)["actions"][1]["output"]
    assert [line.rsplit(" ", 2) for line in kept.splitlines()] == [
        [
            "get_rain_probability answered demo Firefox · Android",
            digest(first["arguments"]),
            digest("hasty"),
        ],
        ["get_rain_probability answered demo -", digest(first["arguments"]), digest("considered")],
        ["report_cloud declined demo -", digest(second["arguments"]), digest(declined)],
    ]


def test_a_double_click_is_one_decision(site, demo, weather) -> None:
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    with ThreadPoolExecutor(4) as clicks:
        for told in [clicks.submit(demo.answer, conversation, turn, {rome["id"]: "wet"}) for _ in range(4)]:
            assert told.result()["state"] == "waiting"
    count = f"print(Decision.objects.filter(action__turn__uuid='{turn}').count())"
    assert rows(site, count) == "1"
    version = demo.turn(conversation, turn)["version"]
    assert demo.answer(conversation, turn, {rome["id"]: "wet"})["version"] == version
    demo.answer(conversation, turn, {rome["id"]: "very wet"})
    assert rows(site, count) == "2"
    demo.answer(conversation, turn, {paris["id"]: "dry"})
    demo.wait_for(conversation, turn, "completed")


def test_what_a_rule_decided_is_written_down_with_nobody(site, demo, weather, rule) -> None:
    rule(mode="auto", template="auto")
    conversation, turn = demo.begin(weather, "in Bonn rate=0")
    demo.wait_for(conversation, turn, "completed")
    kept = rows(
        site,
        f"for d in Decision.objects.filter(action__turn__uuid='{turn}'):\n"
        "    print(d.decision, d.user, d.output_sha256)",
    )
    assert kept == f"auto None {sha256(b'auto').hexdigest()}"


def test_a_bot_that_asks_a_rule_for_ever_meets_a_person_at_last(demo, weather, rule) -> None:
    rule(mode="auto", template="auto")
    conversation, turn = demo.begin(weather, "in Bonn follow_ups=0 rate=0 call=" + "/".join(["rain"] * 25))
    seen = demo.wait_for(conversation, turn, "completed", "waiting", seconds=60)
    assert (seen["state"], len(seen["actions"])) == ("waiting", 21)
    assert (seen["actions"][-1]["state"], seen["actions"][-1]["decision"]) == ("pending", "")


class Service:
    """A service of the site's own, as a real server; `asked` are the questions whose signature is right."""

    SECRET = "a secret of theirs"

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.status, self.answer = 200, {"output": {"probability": 0.3}}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                moment, given = re.fullmatch(
                    r"t=(\d+),v1=(\w+)", self.headers["X-Chatweb-Signature"]
                ).groups()
                right = hmac.new(service.SECRET.encode(), f"{moment}.".encode() + body, "sha256")
                if hmac.compare_digest(right.hexdigest(), given):
                    service.asked.append(json.loads(body))
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(json.dumps(service.answer).encode())

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def rule(self) -> dict[str, object]:
        url = f"http://127.0.0.1:{self.server.server_port}/rain"
        return {"mode": "webhook", "webhook_url": url, "webhook_secret": self.SECRET}


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.shutdown()


def test_m_055_a_service_answers_in_the_persons_place(demo, weather, simulator, rule, service) -> None:
    rule(**service.rule)
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for(conversation, turn, "completed")["actions"]
    assert (card["state"], card["decision"], card["answered_by"]) == ("answered", "auto", "")
    assert card["device"] == "127.0.0.1", "the card says who answered"
    assert outputs(simulator, mark) == [['{"probability": 0.3}']]
    [asked] = service.asked
    assert (asked["tool"], asked["conversation"]) == ("get_rain_probability", conversation)


def test_m_055_without_an_answer_the_card_is_the_persons(demo, weather, simulator, rule, service) -> None:
    service.status = 500
    rule(**service.rule)
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.until(conversation, turn, lambda _turn: service.asked)
    demo.answer(conversation, turn, {card["id"]: "dry"})
    demo.wait_for(conversation, turn, "completed")
    assert outputs(simulator, mark) == [["dry"]]
    assert len(service.asked) == 1
