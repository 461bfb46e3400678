"""Files in answers: uploaded at once, put in by the upstream's own ids, never somebody else's (M-050, K6)."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx
import pytest

from tests.live.upstream import a_mark, chat_of, let_in, run_of
from tests.process import running_site
from tests.visitor import Visitor, refusal_of

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


def test_a_file_in_an_output_becomes_the_upstreams_id_and_its_address(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm call=file rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    file = demo.upload(conversation, "sky 天.png", PIXEL)
    assert (file["name"], file["mime"], file["size_bytes"]) == ("sky 天.png", "image/png", len(PIXEL))
    demo.answer(conversation, turn, {card["id"]: json.dumps({"image": f"file:{file['id']}"})})
    done = demo.wait_for(conversation, turn, "completed")
    assert "Here is your picture: [sky 天.png](https://" in done["messages"][-1]["text"]
    [tried] = let_in(simulator, mark)
    [sent] = tried["outputs"]
    assert "file:" not in sent["output"] and json.loads(sent["output"])["image"].isdecimal()


def test_a_file_alone_and_files_in_lists(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm call=position,broken rate=0")
    alone, listed = demo.wait_for_round(conversation, turn)
    one, two = (demo.upload(conversation, f"{name}.png", PIXEL) for name in "ab")
    words = "file: not a uuid"
    demo.answer(
        conversation,
        turn,
        {
            alone["id"]: f"file:{one['id']}",
            listed["id"]: json.dumps([f"file:{one['id']}", {"deep": f"file:{two['id']}"}, words]),
        },
    )
    demo.wait_for(conversation, turn, "completed")
    [tried] = let_in(simulator, mark)
    first, second = (each["output"] for each in tried["outputs"])
    assert first.isdecimal()
    assert json.loads(second)[0] == first and json.loads(second)[1]["deep"].isdecimal()
    assert json.loads(second)[2] == words


def test_the_same_answer_with_a_file_again_is_no_other_answer(demo, weather, simulator) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} call=file rate=0 hold={hold} hold_at=submitted")
    [card] = demo.wait_for_round(conversation, turn)
    output = json.dumps({"image": f"file:{demo.upload(conversation, 'a.png', PIXEL)['id']}"})
    demo.answer(conversation, turn, {card["id"]: output})
    simulator.reached(hold)
    demo.answer(conversation, turn, {card["id"]: output})
    simulator.release(hold)
    demo.wait_for(conversation, turn, "completed")
    assert chat_of(simulator, mark)["accepted"] == 1


def test_a_field_of_a_form_holds_the_file_as_workflows_want_it(demo, city_weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(city_weather, "", {"city": f"{mark} ask=photo"})
    [card] = demo.wait_for_round(conversation, turn)
    file = demo.upload(conversation, "sky.png", PIXEL)
    demo.answer(conversation, turn, {card["id"]: json.dumps({"photo": f"file:{file['id']}"})})
    done = demo.wait_for(conversation, turn, "completed", "waiting", "failed")
    assert done["state"] == "completed"
    [tried] = run_of(simulator, mark)["submits"]
    assert json.loads(json.loads(tried["resume_data"])["photo"])["file_id"].isdecimal()


def test_a_file_of_another_conversation_or_person_is_not_found_and_nothing_is_sent(
    demo, demo2, weather, simulator
) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm call=file rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    mine, _turn = demo.begin(demo.bot("Echo"), "rate=0")
    theirs, _turn = demo2.begin(demo2.bot("Weather"), "rate=0")
    for file in (
        demo.upload(mine, "a.png", PIXEL)["id"],
        demo2.upload(theirs, "a.png", PIXEL)["id"],
        str(uuid4()),
    ):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.answer(conversation, turn, {card["id"]: json.dumps({"image": f"file:{file}"})})
        assert refusal_of(refused.value) == (404, "not_found")
    assert demo.turn(conversation, turn)["actions"][0]["state"] == "pending"
    assert chat_of(simulator, mark)["submits"] == []


def test_an_empty_file_and_none_at_all_are_refused(demo, weather) -> None:
    conversation, _turn = demo.begin(weather, "in Ulm rate=0")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.upload(conversation, "empty.png", b"")
    assert refusal_of(refused.value) == (400, "empty_file")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post(f"/c/{conversation}/files/", {"file": "x"})
    assert refusal_of(refused.value) == (400, "malformed")


def test_what_the_upstream_does_not_take_is_said(demo, weather, simulator) -> None:
    conversation, _turn = demo.begin(weather, "in Ulm rate=0")
    simulator.fault("/v1/files/upload", method="POST", count=1, code=4000, msg="too odd")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.upload(conversation, "odd.bin", PIXEL)
    assert refusal_of(refused.value) == (400, "not_uploaded")


def test_a_file_beyond_the_sites_limit_is_too_large(tmp_path, simulator) -> None:
    with running_site(tmp_path, simulator.url, simulator.token, env={"MAX_FILE_BYTES": "1000"}) as site:
        person = Visitor(site.url, "demo")
        conversation, _turn = person.begin(person.bot("Weather"), "in Ulm rate=0")
        person.upload(conversation, "fits.png", b"x" * 1000)
        with pytest.raises(httpx.HTTPStatusError) as refused:
            person.upload(conversation, "larger.png", b"x" * 1001)
        assert refusal_of(refused.value) == (413, "too_large")
        person.close()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "a\r\nX-Evil: 1.png", "名" * 300 + ".png", '"quoted".png']
)
def test_odd_names_of_files_do_no_harm(demo, weather, name) -> None:
    conversation, _turn = demo.begin(weather, "in Ulm rate=0")
    file = demo.upload(conversation, name, PIXEL)
    assert "/" not in file["name"] and "\n" not in file["name"] and len(file["name"]) <= 255
