"""What changes around a conversation: grants, bots, credentials, a locked database, another server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from uuid import uuid4

import httpx
import pytest

from tests.database import Database
from tests.process import ROOT, free_port, running_site, server_arguments
from tests.tab import open_tab
from tests.visitor import Visitor


def shell(site, code: str) -> str:
    return site.shell(f"from chatweb.models import *\n{code}")


@pytest.fixture
def granted(site):
    """Whatever a test takes away comes back."""
    yield
    shell(
        site,
        "from django.contrib.auth.models import Group\n"
        "for bot in Bot.objects.all():\n"
        "    BotGrant.objects.get_or_create(bot=bot, group=Group.objects.get(name='Everyone'))\n"
        "Bot.objects.update(is_enabled=True)",
    )


@pytest.mark.parametrize(
    "change", ["BotGrant.objects.filter(bot__name='Echo').delete()", "Bot.objects.update(is_enabled=False)"]
)
async def test_a_withdrawn_bot_leaves_reading_and_forbids_asking(site, demo, echo, granted, change) -> None:
    conversation, turn = demo.begin(echo, "before it is taken away rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
    await asyncio.to_thread(shell, site, change)
    page = demo.conversation(conversation)
    assert page["conversation"]["can_ask"] is False
    assert page["turns"][0]["messages"][0]["text"] == "before it is taken away rate=0"
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.ask(conversation, "after")
    assert refused.value.response.json()["error"]["reason"] == "no_grant"
    body = {"bot": echo, "client_id": str(uuid4()), "turn_client_id": str(uuid4()), "text": "new"}
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post("/conversations/", body)
    assert refused.value.response.status_code == 404


async def test_a_grant_withdrawn_while_a_question_waits_fails_it_and_holds_the_rest(
    site, demo, echo, simulator, granted
) -> None:
    hold = f"h{uuid4().hex}"
    conversation, running = demo.begin(echo, f"tokens=5 rate=0 hold={hold} hold_at=first")
    waiting, behind = demo.ask(conversation, "waiting"), demo.ask(conversation, "behind")
    await simulator.areached(hold)
    await asyncio.to_thread(shell, site, "BotGrant.objects.filter(bot__name='Echo').delete()")
    simulator.release(hold)
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(waiting) == "failed")
        assert tab.view.state(running) == "completed"
        assert tab.view.turns[waiting]["error"]["reason"] == "no_grant"
        await tab.until(lambda view: view.turns[behind]["is_held"])


async def test_a_bot_deleted_upstream_says_so(demo, echo, simulator) -> None:
    upstream_id = simulator.requests("/v3/chat", "POST")[-1]["body"]["bot_id"]
    simulator.fault("/v3/chat", method="POST", count=1, code=4200, msg=f"bot_id={upstream_id} does not exist")
    conversation, turn = demo.begin(echo, "to a bot that is gone")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "failed")
        assert tab.view.turns[turn]["error"]["reason"] == "bot_missing"


async def test_a_wrong_token_is_the_sites_fault_and_a_right_one_heals_it(site, demo, echo, simulator) -> None:
    token = simulator.token
    await asyncio.to_thread(
        shell, site, f"c = Bot.objects.get(uuid='{echo}').connection; c.token = 'pat_wrong'; c.save()"
    )
    conversation, turn = demo.begin(echo, "with a wrong token rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "failed")
        assert tab.view.turns[turn]["error"]["reason"] == "token"
        assert "pat_wrong" not in str(tab.view.turns)
        await asyncio.to_thread(
            shell, site, f"c = Bot.objects.get(uuid='{echo}').connection; c.token = '{token}'; c.save()"
        )
        body = {"client_id": str(uuid4())}
        again = demo.post(f"/c/{conversation}/turns/{turn}/again/", body)["turn"]["id"]
        await tab.until(lambda view: view.state(again) == "completed")


async def test_an_upstream_that_is_down_is_named_and_nothing_was_sent(site, demo, echo) -> None:
    where = f"c = Bot.objects.get(uuid='{echo}').connection; c.base_url = 'http://127.0.0.1:9'; c.save()"
    back = (
        f"c = Bot.objects.get(uuid='{echo}').connection; c.base_url = '{site.env['COZE_API_BASE']}'; c.save()"
    )
    await asyncio.to_thread(shell, site, where)
    try:
        conversation, turn = demo.begin(echo, "nobody listens")
        async with open_tab(demo, conversation) as tab:
            await tab.until(lambda view: view.state(turn) == "failed")
            assert tab.view.turns[turn]["error"]["reason"] == "unreachable"
        ready = demo.http.get("/readyz").json()
        assert ready["database"] and ready["layer"]
    finally:
        await asyncio.to_thread(shell, site, back)


async def test_a_database_locked_for_a_second_costs_a_second_and_no_text(site, demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=60 rate=0 hold={hold} hold_at=delta:20")
    async with open_tab(demo, conversation) as tab:
        await simulator.areached(hold)
        await tab.until(lambda view: "w19" in "".join(view.answers(turn)))
        database = Database(site.env["DATABASE_URL"])
        database.lock()
        simulator.release(hold)
        asking = asyncio.create_task(asyncio.to_thread(demo.ask, conversation, "asked while locked rate=0"))
        await tab.until(lambda view: "w59" in "".join(view.answers(turn)))  # the live path needs no database
        await asyncio.sleep(1)
        database.close()
        second = await asking
        await tab.until(lambda view: view.state(second) == "completed")
        assert tab.view.state(turn) == "completed"
        assert tab.view.faults == []
    assert demo.turn(conversation, turn)["messages"][0]["text"] == tab.view.answers(turn)[0]


async def test_the_same_site_serves_under_uvicorn(tmp_path, simulator) -> None:
    with running_site(tmp_path, simulator.url, simulator.token, server="uvicorn") as site:
        visitor = Visitor(site.url, "demo")
        conversation, turn = visitor.begin(visitor.bot("Echo"), "tokens=100 rate=0")
        async with open_tab(visitor, conversation) as tab:
            await tab.until(lambda view: view.state(turn) == "completed")
            assert tab.view.faults == []
            said = tab.view.answers(turn)[0]
        site.kill()
        site.start()
        async with open_tab(visitor, conversation) as tab:
            assert tab.view.answers(turn) == [said]
            second = visitor.ask(conversation, "after the restart rate=0")
            await tab.until(lambda view: view.state(second) == "completed")
        visitor.close()


async def test_a_second_process_refuses_to_serve_the_same_site(site) -> None:
    port = free_port()
    second = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, *server_arguments("daphne", port)],
        cwd=ROOT,
        env=site.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert "another process serves this site" in second.stderr


async def test_a_leg_keeps_how_many_deltas_came_and_when(site, demo, echo) -> None:
    conversation, turn = demo.begin(echo, "tokens=30 rate=200 follow_ups=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
    code = f"leg = Leg.objects.get(turn__uuid='{turn}')\n"
    code += "print(leg.delta_count, leg.first_delta_at < leg.last_delta_at)"
    assert (await asyncio.to_thread(shell, site, code)).strip() == "30 True"
