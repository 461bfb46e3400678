"""Quotas through the front door: two tabs at the last question, the warning, and the queue (M-092)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.live.upstream import rows
from tests.postgres import postgres_cluster
from tests.process import Site, running_site
from tests.visitor import Visitor, refusal_of

TABS = 8


@contextmanager
def quota(site: Site, **fields: Any) -> Iterator[None]:
    """For demo2, who asks here only as often as it is said here."""
    pk = rows(
        site,
        "from accounts.models import User\n"
        f"print(Quota.objects.create(user=User.objects.get(username='demo2'), **{fields!r}).pk)",
    )
    try:
        yield
    finally:
        rows(site, f"Quota.objects.filter(pk={pk}).delete()")


def used(site: Site) -> int:
    asked = "TurnFigures.objects.filter(user__username='demo2')"
    return int(rows(site, f"print({asked}.count())"))


def standing(visitor: Visitor, bot: str) -> Any:
    answer = visitor.http.get(f"/bots/{bot}/quota/")
    answer.raise_for_status()
    return answer.json()["line"]


def try_to_ask(visitor: Visitor, conversation: str) -> tuple[int, str]:
    try:
        visitor.ask(conversation, "The last one? tokens=1")
    except httpx.HTTPStatusError as refused:
        return refusal_of(refused)
    return 202, ""


def tabs_take_the_last_one(site: Site) -> list[tuple[int, str]]:
    """What tabs of one person get that ask at once, in a conversation each, when one question is left."""
    visitors = [Visitor(site.url, "demo2") for _ in range(TABS)]
    echo = visitors[0].bot("Echo")
    conversations = []
    for visitor in visitors:
        conversation, turn = visitor.begin(echo, "Hello tokens=1")
        visitor.wait_for(conversation, turn, "completed")
        conversations.append(conversation)
    with quota(site, limit=used(site) + 1), ThreadPoolExecutor(TABS) as pool:
        answers = list(pool.map(try_to_ask, visitors, conversations))
    for visitor in visitors:
        visitor.close()
    return answers


def test_of_many_tabs_one_takes_the_last_question(site: Site) -> None:
    answers = tabs_take_the_last_one(site)
    assert sorted(answers) == [(202, "")] + [(429, "quota_reached")] * (TABS - 1)


def test_on_postgresql_it_is_the_same(simulator, tmp_path) -> None:
    with (
        postgres_cluster() as database,
        running_site(tmp_path, simulator.url, simulator.token, env={"DATABASE_URL": database}) as site,
    ):
        answers = tabs_take_the_last_one(site)
        assert sorted(answers) == [(202, "")] + [(429, "quota_reached")] * (TABS - 1)


def test_the_warning_follows_each_turn_and_the_refusal_says_when_it_resets(site, demo2, echo) -> None:
    before = used(site)
    with quota(site, limit=5 * before + 5):
        assert standing(demo2, echo) is None
    with quota(site, limit=before + 2):
        conversation, turn = demo2.begin(echo, "Hello tokens=1")
        demo2.wait_for(conversation, turn, "completed")
        demo2.ask(conversation, "Once more tokens=1")
        line = standing(demo2, echo)
        assert line["is_reached"] and "your time" in line["sentence"]
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo2.ask(conversation, "And more")
        assert refusal_of(refused.value) == (429, "quota_reached")
        assert refused.value.response.json()["error"]["sentence"] == line["sentence"]


def test_tokens_are_counted_and_what_is_queued_behind_them_is_not_asked(site, demo2, echo) -> None:
    mine = "TurnFigures.objects.filter(user__username='demo2')"
    spent = int(rows(site, f"print(sum(one.tokens for one in {mine}))"))
    with quota(site, unit="tokens", limit=spent + 100):
        conversation, turn = demo2.begin(echo, "Hello tokens=300 rate=100")
        queued = demo2.ask(conversation, "And then?")
        demo2.wait_for(conversation, turn, "completed")
        seen = demo2.wait_for(conversation, queued, "failed")
        assert seen["error"]["reason"] == "quota_reached"
