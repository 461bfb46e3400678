"""Sockets of a session that ends elsewhere close at once; those of a renewed one stay."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from websockets.exceptions import ConnectionClosed

from tests.leaving import PASSWORD, new_person, post_form
from tests.live.conftest import PHONE
from tests.live.test_ownership import socket
from tests.live.upstream import rows
from tests.visitor import Visitor

AT_ONCE_SECONDS = 5  # a pulse would take up to 25


@asynccontextmanager
async def open_socket(visitor: Visitor):
    async with socket(visitor) as ws:
        assert json.loads(await ws.recv())["type"] == "welcome"
        yield ws


async def heard(ws) -> dict[str, str]:
    """The next frame that is no pulse: where several processes serve, one comes as soon as the first tab of a
    person is heard of elsewhere."""
    while (frame := json.loads(await ws.recv()))["type"] == "ping":
        pass
    return frame


async def must_close(ws) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(AT_ONCE_SECONDS):
            assert await heard(ws) == {"type": "signed_out"}
            await ws.recv()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401


async def must_be_open(ws) -> None:
    """It still answers, and whatever was posted to the loop before is done by then."""
    await ws.send('{"type":"nonsense"}')
    assert await heard(ws) == {"type": "error", "reason": "unknown"}


def id_of(site, name: str, phrase: str) -> str:
    return rows(
        site,
        "from accounts.models import SignIn\n"
        f"print(SignIn.objects.get(user__username={name!r}, agent__contains={phrase!r}).uuid)",
    )


async def test_one_session_ended_closes_its_socket_and_no_other(site):
    laptop = await asyncio.to_thread(new_person, site, "sara")
    phone = await asyncio.to_thread(Visitor, site.url, "sara", PASSWORD, PHONE)
    async with open_socket(laptop) as here, open_socket(phone) as there:
        sign_in = await asyncio.to_thread(id_of, site, "sara", "Android")
        answer = await asyncio.to_thread(post_form, laptop, f"/settings/sessions/{sign_in}/end/")
        assert answer.status_code == 302
        await must_close(there)
        await must_be_open(here)


async def test_a_new_password_closes_the_others_and_keeps_the_own_tabs(site):
    laptop = await asyncio.to_thread(new_person, site, "selma")
    phone = await asyncio.to_thread(Visitor, site.url, "selma", PASSWORD, PHONE)
    new = "another long phrase"
    async with open_socket(laptop) as here, open_socket(phone) as there:
        answer = await asyncio.to_thread(
            post_form,
            laptop,
            "/accounts/password/change/",
            oldpassword=PASSWORD,
            password1=new,
            password2=new,
        )
        assert answer.status_code == 302
        await must_close(there)
        await must_be_open(here)
        # Under its new key the session can be ended as before.
        other = await asyncio.to_thread(Visitor, site.url, "selma", new, PHONE)
        await asyncio.to_thread(post_form, other, "/settings/sessions/end-others/")
        await must_close(here)


async def test_an_admin_ends_them_all(site):
    laptop = await asyncio.to_thread(new_person, site, "sven")
    admin = await asyncio.to_thread(Visitor, site.url, "admin")
    pk = rows(site, "from accounts.models import User\nprint(User.objects.get(username='sven').pk)")
    async with open_socket(laptop) as here, open_socket(admin) as there:
        await asyncio.to_thread(post_form, admin, f"/admin/accounts/user/{pk}/sign-out/")
        await must_close(here)
        await must_be_open(there)
