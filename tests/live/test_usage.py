"""What the upstream says was used against what the figures hold (M-093)."""

from __future__ import annotations

from tests.live.upstream import a_mark, chat_of, rows
from tests.visitor import Visitor


def tokens_of(site, turn: str) -> int:
    return int(rows(site, f"print(TurnFigures.objects.get(turn__uuid='{turn}').tokens)"))


def test_usage_comes_with_the_turn_and_what_a_stopped_one_used_is_fetched_later(
    site, demo, echo, weather, simulator
) -> None:
    conversation, done = demo.begin(echo, "Hello tokens=20")
    demo.wait_for(conversation, done, "completed")
    waited_in, waited = demo.begin(weather, "Will it rain in Oslo? rate=0 tokens=7")
    [card] = demo.wait_for_round(waited_in, waited)
    demo.answer(waited_in, waited, {card["id"]: "30%"})
    demo.wait_for(waited_in, waited, "completed")
    mark = a_mark()
    stopped_in, stopped = demo.begin(echo, f"{mark} tokens=2000 rate=50")
    demo.until(stopped_in, stopped, lambda turn: turn["messages"] and turn["messages"][0]["text"])
    demo.stop(stopped_in, stopped, {})
    demo.wait_for(stopped_in, stopped, "canceled")
    assert tokens_of(site, done) > 20 and tokens_of(site, waited) > 0
    assert tokens_of(site, stopped) == 0
    report = site.manage("reconcile_usage")
    assert f"of turn {stopped}: " in report and "tokens, were not known" in report
    assert chat_of(simulator, mark)["status"] == "canceled"
    assert tokens_of(site, stopped) > 0
    # A stopped chat may go on counting upstream; the others told the truth at once.
    compared = site.manage("reconcile_usage", "--all")
    assert done not in compared and waited not in compared
    assert "0 looked at" in site.manage("reconcile_usage", "--since", "2999-01-01")
    site.manage("figures", "--check")


def test_the_page_of_ones_own_usage_has_it(site, demo, echo) -> None:
    conversation, turn = demo.begin(echo, "A talk about usage rate=0 tokens=5000")
    demo.wait_for(conversation, turn, "completed")
    page = demo.http.get("/settings/usage/", headers={"Accept": "text/html"})
    assert page.status_code == 200 and f"/c/{conversation}/" in page.text


def test_an_admin_has_it_reconciled_in_the_background_runs_too(site, demo, simulator) -> None:
    conversation, run = demo.begin(demo.bot("City weather"), "", {"city": "Oslo", "date": "today"})
    demo.wait_for(conversation, run, "completed", "waiting")
    demo.stop(conversation, run, {})
    legs = f"Leg.objects.filter(turn__uuid='{run}')"
    rows(site, f"{legs}.update(token_count=None)")
    [execute_id] = set(rows(site, f"print(*{legs}.values_list('execute_id', flat=True))").split())
    admin = Visitor(site.url, "admin")
    fields = {"csrfmiddlewaretoken": admin.http.cookies["csrftoken"]}
    reconciling = "/admin/chatweb/price/reconciling/"
    admin.http.post(reconciling, data=fields, headers={"Accept": "text/html"})
    page = admin.page_until(reconciling, lambda page: "Look again" not in page)
    admin.close()
    [line] = [part for part in page.split("<tr>") if execute_id in part]
    assert "workflow run" in line and "filled in" in line
    assert tokens_of(site, run) > 0
