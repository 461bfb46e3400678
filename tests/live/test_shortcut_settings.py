"""The keyboard of the chat page, as each person set it: kept on the server."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.visitor import Visitor, refusal_of

PATH = "/settings/shortcuts/"


def shortcuts(who: Visitor) -> Any:
    return who.page_state()["user"]["shortcuts"]


def test_each_person_has_their_own_on_every_device(demo, phone, demo2) -> None:
    chosen = {"is_off": False, "single_off": True, "keys": {"stop": "Mod+J", "new-chat": ""}}
    assert demo.post(PATH, chosen) == {"shortcuts": chosen}
    assert shortcuts(phone) == chosen
    assert shortcuts(demo2) == {}
    demo.post(PATH, {})
    assert shortcuts(phone) == {"is_off": False, "single_off": False, "keys": {}}


MANY = {f"a{chr(97 + n % 26)}{chr(97 + n // 26)}": "" for n in range(120)}


@pytest.mark.parametrize(
    "keys", ["Mod+J", ["stop"], {"Stop!": "Mod+J"}, {"stop": 7}, {"stop": "x" * 41}, MANY]
)
def test_what_is_no_keyboard_is_refused(demo, keys) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post(PATH, {"keys": keys})
    assert refusal_of(refused.value) == (400, "malformed")
