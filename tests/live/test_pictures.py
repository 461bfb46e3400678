"""Remote pictures through the site: for the person whom the link is for, as inert bytes, and no others."""

from __future__ import annotations

import httpx
import pytest

from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Json, Visitor


def looks_of(visitor: Visitor, name: str) -> Json:
    return next(bot for bot in visitor.page_state()["bots"] if bot["name"] == name)


def test_icon_and_backgrounds_come_from_the_site_itself(demo: Visitor, simulator: SimulatorProcess) -> None:
    bot = looks_of(demo, "Travel")
    links = [bot["icon"], bot["background"]["picture"], bot["mobile_background"]["picture"]]
    assert len(set(links)) == 3 and all(link.startswith("/pictures/") for link in links)
    for link in links:
        answer = demo.http.get(link)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content.startswith(b"\x89PNG")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["cache-control"].startswith("private, max-age=")
    [*asked] = [one for one in simulator.requests() if one["path"].startswith("/pictures/")]
    assert asked and all(one["headers"]["user-agent"] == "chatweb-pictures" for one in asked)
    assert not any("authorization" in one["headers"] for one in asked)


def test_links_stay_the_same_so_that_browsers_keep_the_picture(demo: Visitor) -> None:
    assert looks_of(demo, "Travel")["icon"] == looks_of(demo, "Travel")["icon"]


def test_a_bot_without_pictures_has_no_links(demo: Visitor) -> None:
    bot = looks_of(demo, "Echo")
    assert (bot["icon"], bot["background"], bot["mobile_background"]) == ("", None, None)


def test_how_a_bot_likes_to_be_asked_comes_along(demo: Visitor) -> None:
    assert looks_of(demo, "Travel")["default_input_mode"] == "voice"
    assert looks_of(demo, "Echo")["default_input_mode"] == "text"


def test_a_chatflow_has_the_looks_of_its_role(demo: Visitor) -> None:
    assert demo.http.get(looks_of(demo, "Travel planner")["icon"]).status_code == 200


@pytest.fixture
def link(demo: Visitor) -> str:
    link = str(looks_of(demo, "Weather")["icon"])
    assert demo.http.get(link).status_code == 200
    return link


def assert_nothing(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["cache-control"] == "no-store"


def test_a_link_is_for_one_person(demo2: Visitor, site: Site, link: str) -> None:
    assert_nothing(demo2.http.get(link))
    assert_nothing(httpx.get(site.url + link, trust_env=False))


def test_a_link_that_was_changed_leads_nowhere(demo: Visitor, link: str) -> None:
    payload, moment, signature = link.removeprefix("/pictures/").strip("/").split(":")
    for changed in (f"{payload}x:{moment}:{signature}", f"{payload}:{moment}:{signature[:-1]}", "x", payload):
        assert_nothing(demo.http.get(f"/pictures/{changed}/"))


def test_only_get(demo: Visitor, link: str) -> None:
    headers = {"X-CSRFToken": demo.http.cookies["csrftoken"]}
    assert demo.http.post(link, headers=headers).status_code == 405


def links_of(visitor: Visitor, conversation: str, message: str, *addresses: str) -> Json:
    body = {"message": message, "addresses": addresses}
    return dict(visitor.post(f"/c/{conversation}/pictures/", body))


def test_pictures_of_an_answer_are_signed_and_no_others(
    demo: Visitor, echo: str, simulator: SimulatorProcess
) -> None:
    shown, other = f"{simulator.url}/pictures/sunset-web.png", f"{simulator.url}/pictures/shower-web.png"
    conversation, turn = demo.begin(echo, f"rate=0 ![a]({shown})")
    [answer] = demo.wait_for(conversation, turn, "completed")["messages"]
    told = links_of(demo, conversation, answer["id"], shown, other, f"{simulator.url}/pictures", "x" * 10)
    assert [*told["links"]] == [shown] and told["asks"] is False
    assert demo.http.get(told["links"][shown]).headers["content-type"] == "image/png"


def test_only_answers_of_the_conversation_have_pictures(demo: Visitor, echo: str) -> None:
    conversation, turn = demo.begin(echo, "rate=0 ![a](https://a.example/b.png)")
    [answer] = demo.wait_for(conversation, turn, "completed")["messages"]
    other, _ = demo.begin(echo, "rate=0 another")
    headers = {"X-CSRFToken": demo.http.cookies["csrftoken"]}

    def status(place: str, body: Json) -> int:
        return demo.http.post(f"/c/{place}/pictures/", json=body, headers=headers).status_code

    assert status(other, {"message": answer["id"], "addresses": ["https://a.example/b.png"]}) == 404
    assert status(conversation, {"message": conversation, "addresses": []}) == 404
    assert status(conversation, {"message": answer["id"], "addresses": [1]}) == 400
    assert status(conversation, {"message": answer["id"], "addresses": ["x"] * 101}) == 400
