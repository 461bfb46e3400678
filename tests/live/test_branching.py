"""An earlier question changed: a branch with a memory of its own, the old conversation untouched (M-008)."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.live.test_regenerating import answered, regenerate
from tests.live.upstream import a_mark, chat_of
from tests.simulator.process import SimulatorProcess
from tests.visitor import Json, Visitor, refusal_of

A_PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(40)


def branch(visitor: Visitor, conversation: str, turn: str, text: str, client_id: str = "") -> tuple[str, str]:
    """The uuids of the new conversation and of its question, which is answered."""
    body = {"client_id": client_id or str(uuid4()), "text": text}
    made = visitor.post(f"/c/{conversation}/turns/{turn}/branch/", body)
    new = str(made["conversation"]["id"]), str(made["turn"]["id"])
    answered(visitor, *new)
    return new


def asked(visitor: Visitor, bot: str, *questions: str) -> tuple[str, list[str]]:
    conversation, first = visitor.begin(bot, questions[0])
    turns = [first]
    answered(visitor, conversation, first)
    for question in questions[1:]:
        turns.append(visitor.ask(conversation, question))
        answered(visitor, conversation, turns[-1])
    return conversation, turns


def read(turns: list[Json]) -> list[tuple[str, list[str]]]:
    return [(turn["question"], [message["text"] for message in turn["messages"]]) for turn in turns]


def known_to_the_bot(simulator: SimulatorProcess, mark: str) -> list[str]:
    """What the bot was shown with the question that has the mark."""
    chat = chat_of(simulator, mark)
    kept = {each["id"]: each["content"] for each in simulator.messages(chat["conversation_id"])}
    return [kept[id_] for id_ in chat["context"]]


def test_a_branch_reads_and_remembers_what_was_before_and_the_old_one_stays(demo, echo, simulator) -> None:
    conversation, turns = asked(demo, echo, "one rate=0", "two rate=0", "three rate=0")
    before = demo.turns(conversation)
    mark = a_mark()
    new, question = branch(demo, conversation, turns[1], f"{mark} rate=0")
    shown = demo.turns(new)
    assert read(shown[:1]) == read(before[:1])
    assert [turn["copied"] for turn in shown] == ["remembered", ""]
    assert (shown[1]["id"], shown[1]["question"]) == (question, f"{mark} rate=0")
    assert known_to_the_bot(simulator, mark) == ["one rate=0", "one rate=0"], "the question and its echo"
    page = demo.conversation(new)["conversation"]
    assert page["branch_of"] == {"conversation": conversation, "name": "one rate=0"}
    after = demo.turns(conversation)
    assert after[1]["branches"] == [{"conversation": new, "name": page["name"]}]
    unchanged = {"version": 0, "branches": []}
    assert [turn | unchanged for turn in after] == [turn | unchanged for turn in before]
    answered(demo, conversation, demo.ask(conversation, "and on rate=0"))


def test_only_whole_turns_that_fit_are_remembered_and_the_cut_is_told(demo, echo, simulator) -> None:
    questions = [f"{number} rate=0" for number in range(10)]
    conversation, turns = asked(demo, echo, *questions)
    mark = a_mark()
    new, _ = branch(demo, conversation, turns[9], f"{mark} rate=0")
    assert [turn["copied"] for turn in demo.turns(new)] == ["forgotten", *["remembered"] * 8, ""]
    assert known_to_the_bot(simulator, mark) == [
        text for question in questions[1:9] for text in [question] * 2
    ]


def test_what_the_bot_forgot_stays_forgotten(demo, echo, simulator) -> None:
    conversation, _ = asked(demo, echo, "forgotten rate=0")
    demo.post(f"/c/{conversation}/clear/")
    second = demo.ask(conversation, "known rate=0")
    answered(demo, conversation, second)
    newer = regenerate(demo, conversation, second)["id"]
    answered(demo, conversation, newer)
    third = demo.ask(conversation, "third rate=0")
    answered(demo, conversation, third)
    mark = a_mark()
    new, _ = branch(demo, conversation, third, f"{mark} rate=0")
    shown = demo.turns(new)
    assert [turn["copied"] for turn in shown] == ["forgotten", "remembered", ""], "of versions the newest"
    assert [turn["section"] for turn in shown] == [0, 1, 1]
    assert known_to_the_bot(simulator, mark) == ["known rate=0"] * 2
    mark = a_mark()
    new, _ = branch(demo, conversation, newer, f"{mark} rate=0")
    assert [turn["question"] for turn in demo.turns(new)] == ["forgotten rate=0", f"{mark} rate=0"]


def test_the_first_question_and_a_branch_of_a_branch(demo, echo, simulator) -> None:
    conversation, turns = asked(demo, echo, "one rate=0", "two rate=0")
    mark = a_mark()
    new, _ = branch(demo, conversation, turns[0], f"{mark} rate=0")
    assert len(demo.turns(new)) == 1
    assert known_to_the_bot(simulator, mark) == []
    second, question = branch(demo, conversation, turns[1], "other two rate=0")
    mark = a_mark()
    third, _ = branch(demo, second, question, f"{mark} rate=0")
    assert demo.conversation(third)["conversation"]["branch_of"]["conversation"] == second
    assert known_to_the_bot(simulator, mark) == ["one rate=0"] * 2


def test_the_same_id_twice_is_one_branch_and_nonsense_is_refused(demo, echo, city_weather) -> None:
    conversation, [turn] = asked(demo, echo, "one rate=0")
    id_ = str(uuid4())
    assert len({branch(demo, conversation, turn, "two rate=0", id_) for _ in range(3)}) == 1
    path = f"/c/{conversation}/turns/{turn}/branch/"
    run, started = demo.begin(city_weather, "", {"city": "Ulm", "rate": "0"})
    for place, body, reason in (
        (path, {"client_id": str(uuid4()), "text": "  "}, (400, "empty")),
        (path, {"text": "two"}, (400, "malformed")),
        (f"/c/{run}/turns/{started}/branch/", {"client_id": str(uuid4()), "text": "x"}, (400, "malformed")),
    ):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.post(place, body)
        assert refusal_of(refused.value) == reason


def test_answers_to_the_bots_questions_go_along(demo, travel, simulator) -> None:
    conversation, turn = demo.begin(travel, "Plan a trip rate=0")
    number = 1
    while demo.wait_for(conversation, turn, "waiting", "completed")["state"] == "waiting":
        cards = demo.wait_for_round(conversation, turn, number)
        outputs = {
            card["id"]: (card["question"]["options"] or ["{}"])[0]
            if not card["question"]["fields"]
            else '{"days": 3, "with_children": false, "start": "2026-12-01"}'
            for card in cards
        }
        demo.answer(conversation, turn, outputs)
        demo.until(conversation, turn, lambda seen, n=number: seen["state"] == "completed"
                   or (seen["state"] == "waiting" and seen["actions"][-1]["round"] > n))  # fmt: skip
        number += 1
    later = demo.ask(conversation, "Thanks rate=0")
    demo.wait_for(conversation, later, "completed", "waiting")
    mark = a_mark()
    body = {"client_id": str(uuid4()), "text": f"Again {mark} rate=0"}
    new = demo.post(f"/c/{conversation}/turns/{later}/branch/", body)["conversation"]["id"]
    copy, old = demo.turns(new)[0], demo.turn(conversation, turn)
    assert [(card["output"], card["state"]) for card in copy["actions"]] == [
        (card["output"], card["state"]) for card in old["actions"]
    ]
    demo.wait_for(new, demo.turns(new)[-1]["id"], "completed", "waiting")
    known = known_to_the_bot(simulator, mark)
    assert known[0] == "Plan a trip rate=0"
    assert old["actions"][0]["question"]["text"] in known
    assert old["actions"][0]["output"] in known


def test_what_the_bot_read_can_be_looked_at_in_the_branch_too(demo) -> None:
    conversation, [first, second] = asked(demo, demo.bot("Reasoner"), "Why? rate=0", "And so? rate=0")
    old = demo.turn(conversation, first)
    assert old["sources"]
    new, _ = branch(demo, conversation, second, "And then? rate=0")
    copy = demo.turns(new)[0]
    assert copy["sources"] == old["sources"]
    assert read([copy]) == read([old])


@pytest.mark.needs("cloud")
def test_where_a_branch_begins_empty_the_page_knows_before(demo, studio_echo, simulator) -> None:
    memory = {bot["name"]: bot["branch_memory"] for bot in demo.page_state()["bots"]}
    assert (memory["Echo"], memory["Studio Echo"], memory["City weather"]) == (16, 0, 0)
    conversation, turns = asked(demo, studio_echo, "one rate=0", "two rate=0")
    mark = a_mark()
    new, _ = branch(demo, conversation, turns[1], f"{mark} rate=0")
    assert [turn["copied"] for turn in demo.turns(new)] == ["forgotten", ""]
    assert known_to_the_bot(simulator, mark) == []


def test_a_branch_lives_without_its_original_and_the_other_way_round(demo, echo) -> None:
    conversation, turns = asked(demo, echo, "one rate=0", "two rate=0")
    new, _ = branch(demo, conversation, turns[1], "other rate=0")
    demo.post(f"/c/{conversation}/delete/")
    page = demo.conversation(new)
    assert (page["conversation"]["branch_of"], len(page["turns"])) == (None, 2)
    answered(demo, new, demo.ask(new, "on rate=0"))
    conversation, [turn] = asked(demo, echo, "one rate=0")
    new, _ = branch(demo, conversation, turn, "other rate=0")
    demo.post(f"/c/{new}/delete/")
    assert demo.turn(conversation, turn)["branches"] == []


def test_a_cleared_branch_begins_with_nothing(demo, echo, simulator) -> None:
    conversation, turns = asked(demo, echo, "one rate=0", "two rate=0")
    new, _ = branch(demo, conversation, turns[1], "other rate=0")
    demo.post(f"/c/{new}/fresh/")
    mark = a_mark()
    answered(demo, new, demo.ask(new, f"{mark} rate=0"))
    assert known_to_the_bot(simulator, mark) == []
    copy = demo.turns(new)[0]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        regenerate(demo, new, copy["id"])
    assert refusal_of(refused.value) == (409, "not_last")


def test_files_go_along_and_stay_when_the_original_goes(demo, echo) -> None:
    conversation, first = demo.begin(echo, "one rate=0")
    answered(demo, conversation, first)
    file = demo.upload(conversation, "p.png", A_PNG)
    body = {"client_id": str(uuid4()), "text": "look rate=0", "files": [file["id"]]}
    second = demo.post(f"/c/{conversation}/ask/", body)["turn"]["id"]
    answered(demo, conversation, second)
    third = demo.ask(conversation, "three rate=0")
    answered(demo, conversation, third)
    with_file, question = branch(demo, conversation, second, "look again rate=0")
    after_file, _ = branch(demo, conversation, third, "other three rate=0")
    copies = [demo.turn(with_file, question)["files"][0], demo.turns(after_file)[1]["files"][0]]
    assert len({file["id"], *(copy["id"] for copy in copies)}) == 3
    demo.post(f"/c/{conversation}/delete/")
    for copy in copies:
        assert (copy["name"], demo.http.get(copy["copy"]).status_code) == ("p.png", 200)
