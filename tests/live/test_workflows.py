"""Workflows: started with parameters, streamed or in the background, every kind of question (M-067 …)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.live.upstream import a_mark, rows, run_of
from tests.tab import open_tab
from tests.visitor import Visitor, refusal_of

pytestmark = pytest.mark.needs("streams_workflows")

FORM = {
    "city": "Rome",
    "days": 3,
    "start": "2026-12-24",
    "guest": {"name": "Ada", "age": 36},
    "vegetarian": False,
    "tags": ["a", "b"],
}


def start(person: Visitor, bot: str, said: str) -> tuple[str, str]:
    return person.begin(bot, "", {"city": said})


@pytest.fixture
def in_background(site) -> Iterator[None]:
    rows(site, "Bot.objects.filter(name='City weather').update(runs_in_background=True)")
    yield
    rows(site, "Bot.objects.filter(name='City weather').update(runs_in_background=False)")


@pytest.mark.needs("cloud_words")
def test_the_third_miss_fails_the_turn_with_its_cards_settled(demo, city_weather, simulator) -> None:
    """M-069, K9."""
    mark = a_mark()
    conversation, turn = demo.begin(city_weather, "", {"date": f"{mark}=1 rate=0"})
    shown = []
    for number, words in enumerate(("?", "??", "???"), start=1):
        [card] = demo.wait_for_round(conversation, turn, number)
        shown.append(card["attempt"])
        demo.answer(conversation, turn, {card["id"]: words})
    failed = demo.wait_for(conversation, turn, "failed", "completed")
    assert shown == [None, {"number": 2, "of": 3, "before": "?"}, {"number": 3, "of": 3, "before": "??"}]
    assert failed["state"] == "failed"
    assert failed["error"]["code"] == "5000"
    assert [card["state"] for card in failed["actions"]] == ["answered"] * 3
    assert [tried["resume_data"] for tried in run_of(simulator, mark)["submits"]] == [
        "?",
        "??",
        "???",
    ]
    assert demo.conversation(conversation)["conversation"]["waiting"] == 0


@pytest.mark.needs("cloud_words")
def test_a_miss_then_a_hit_completes(demo, city_weather) -> None:
    conversation, turn = start(demo, city_weather, "")
    [first] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {first["id"]: "Paris"})
    [second] = demo.wait_for_round(conversation, turn, 2)
    assert second["attempt"] == {"number": 2, "of": 3, "before": "Paris"}
    demo.answer(conversation, turn, {second["id"]: "tomorrow"})
    done = demo.wait_for(conversation, turn, "completed")
    assert [each["title"] for each in done["messages"]] == ["Question", "Question", "Output"]
    assert "Paris, tomorrow" in done["messages"][-1]["text"]


@pytest.mark.needs("asks_again")
def test_every_type_of_field_comes_with_what_is_known_of_it(demo, city_weather) -> None:
    """M-068, K8."""
    conversation, turn = start(demo, city_weather, "ask=form")
    [card] = demo.wait_for_round(conversation, turn)
    fields = card["question"]["fields"]
    types = {name: field["type"] for name, field in fields.items()}
    assert types == {
        "city": "string",
        "days": "integer",
        "budget": "number",
        "vegetarian": "boolean",
        "start": "time",
        "guest": "object",
        "tags": "array",
        "photo": "image",
        "ticket": "file",
    }
    assert fields["city"]["required"] and not fields["budget"]["required"]
    assert fields["days"]["default"] == "3" and fields["city"]["description"] == "Where to"
    assert fields["guest"]["schema"] and fields["tags"]["schema"]
    bad = json.dumps({**FORM, "days": "many"})
    demo.answer(conversation, turn, {card["id"]: bad})
    [again] = demo.wait_for_round(conversation, turn, 2)
    assert again["attempt"] == {"number": 2, "of": None, "before": bad}
    demo.answer(conversation, turn, {again["id"]: json.dumps(FORM)})
    done = demo.wait_for(conversation, turn, "completed")
    told = json.loads(done["messages"][-1]["text"].removeprefix("I was told: "))["form"]
    assert told == {**FORM, "guest": {"name": "Ada", "age": 36}}


@pytest.mark.parametrize(
    ("ask", "kind", "type_"),
    [("plugin", "tool_call", 1), ("plugin6", "tool_call", 6), ("signin", "question", 7)],
)
def test_plugins_and_sign_in_echo_what_the_run_waits_for(
    demo, city_weather, simulator, ask, kind, type_
) -> None:
    mark = a_mark()
    conversation, turn = start(demo, city_weather, f"{mark} ask={ask}")
    [card] = demo.wait_for_round(conversation, turn)
    assert card["kind"] == kind
    if ask == "signin":
        assert card["question"]["link"].startswith("https://auth.example.com/")
    else:
        assert card["name"] == "get_rain_probability"
        assert json.loads(card["arguments"]) == {"location": "Oslo"}
    demo.answer(conversation, turn, {card["id"]: "" if ask == "signin" else "dry"})
    demo.wait_for(conversation, turn, "completed")
    run = run_of(simulator, mark)
    assert (run["accepted"], run["refused"]) == (1, 0)


def test_options_of_a_workflow_and_words_of_ones_own(demo, city_weather) -> None:
    conversation, turn = start(demo, city_weather, "ask=options,options")
    [first] = demo.wait_for_round(conversation, turn)
    assert first["question"]["options"] == ["Umbrella", "Raincoat", "Stay at home"]
    demo.answer(conversation, turn, {first["id"]: "Raincoat"})
    [second] = demo.wait_for_round(conversation, turn, 2)
    assert second["attempt"] is None, "with options nothing ever misses"
    demo.answer(conversation, turn, {second["id"]: "Something else"})
    done = demo.wait_for(conversation, turn, "completed")
    assert "Something else" in done["messages"][-1]["text"]


@pytest.mark.needs("asks_in_background")
def test_in_the_background_the_same_questions_are_asked(demo, city_weather, simulator, in_background) -> None:
    mark = a_mark()
    conversation, turn = start(demo, city_weather, f"{mark} ask=options,form")
    [options] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {options["id"]: "Umbrella"})
    [form] = demo.wait_for_round(conversation, turn, 2)
    demo.answer(conversation, turn, {form["id"]: json.dumps(FORM)})
    done = demo.wait_for(conversation, turn, "completed")
    assert len([each for each in done["messages"] if "Umbrella" in each["text"]]) == 1
    run = run_of(simulator, mark)
    assert (run["mode"], run["accepted"], run["refused"]) == (2, 2, 0)


def test_in_the_background_without_a_question(demo, city_weather, in_background) -> None:
    conversation, turn = demo.begin(city_weather, "", {"city": "Rome", "date": "today"})
    done = demo.wait_for(conversation, turn, "completed")
    assert [each["text"] for each in done["messages"]] == ["It will rain in Rome, today: take an umbrella."]


def test_only_operators_get_the_debug_url(site, demo, city_weather) -> None:
    operator = Visitor(site.url, "operator")
    for person, is_shown in ((demo, False), (operator, True)):
        conversation, turn = person.begin(city_weather, "", {"city": "Rome", "date": "today"})
        done = person.wait_for(conversation, turn, "completed")
        assert bool(done["debug_url"]) is is_shown
    operator.close()


# --- start parameters ------------------------------------------------------------------------------


def test_start_parameters_of_the_wrong_kind_are_refused_and_nothing_starts(
    demo, city_weather, simulator
) -> None:
    runs = len(simulator.runs())
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.begin(city_weather, "", {"city": 5})
    assert refusal_of(refused.value) == (400, "wrong_values")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.begin(city_weather, "", {})
    assert refusal_of(refused.value) == (400, "empty")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post(
            "/conversations/",
            {
                "bot": city_weather,
                "client_id": str(uuid4()),
                "turn_client_id": str(uuid4()),
                "parameters": [1],
            },
        )
    assert refusal_of(refused.value) == (400, "malformed")
    assert len(simulator.runs()) == runs


def test_parameters_are_offered_the_next_time_to_their_user_only(demo, demo2, city_weather) -> None:
    demo.begin(city_weather, "", {"city": "Bergen", "date": "today"})

    def kept(person: Visitor) -> dict:
        bots = person.page_state()["bots"]
        return next(bot["kept_parameters"] for bot in bots if bot["id"] == city_weather)

    assert kept(demo) == {"city": "Bergen", "date": "today"}
    assert kept(demo2) != kept(demo)


def test_again_starts_with_the_same_parameters(demo, city_weather) -> None:
    conversation, turn = demo.begin(city_weather, "", {"city": "Bergen", "date": "today"})
    demo.wait_for(conversation, turn, "completed")
    new = demo.post(f"/c/{conversation}/turns/{turn}/again/", {"client_id": str(uuid4())})["turn"]
    assert new["parameters"] == {"city": "Bergen", "date": "today"}
    done = demo.wait_for(conversation, new["id"], "completed")
    assert "Bergen, today" in done["messages"][-1]["text"]


def test_only_a_workflow_may_be_asked_without_words(demo, weather) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.begin(weather, "", {"city": "Rome"})
    assert refusal_of(refused.value) == (400, "empty")


def test_a_workflow_without_a_schema_starts_with_words_alone(site, demo, city_weather) -> None:
    schema = rows(site, "print(repr(Bot.objects.get(name='City weather').parameters))")
    rows(site, "Bot.objects.filter(name='City weather').update(parameters=None)")
    try:
        conversation, turn = demo.begin(city_weather, "go")
        [card] = demo.wait_for_round(conversation, turn)
        demo.answer(conversation, turn, {card["id"]: "Rome tomorrow"})
        demo.wait_for(conversation, turn, "completed")
    finally:
        rows(site, f"Bot.objects.filter(name='City weather').update(parameters={schema})")


async def test_a_streamed_workflow_speaks_live_with_the_nodes_title(demo, city_weather) -> None:
    conversation, turn = demo.begin(city_weather, "", {"city": "Rome", "date": "today rate=50"})
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
        assert [each["title"] for each in tab.view.messages(turn)] == ["Output"]
        assert tab.frames.get("delta", 0) > 1
        assert tab.view.faults == []
