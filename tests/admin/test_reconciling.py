"""The page that compares usage with the upstreams: who may begin one, what it shows (M-093)."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from chatweb.models import AuditEntry, Leg, Reconciliation
from chatweb.turns.commands import reconciling

PAGE = "/admin/chatweb/price/reconciling/"


@pytest.fixture
def unreachable(talk):
    """Two chats of turns that are over, at an upstream where nobody listens."""
    talk.bot.connection.base_url = "http://127.0.0.1:9"
    talk.bot.connection.save()
    Leg.objects.create(turn=talk.turn, ordinal=1, chat_id="7660000000000000002")
    return talk


def test_it_is_begun_once_and_lists_what_could_not_be_asked(root, unreachable, monkeypatch):
    assert "Nobody has begun one yet." in root.get(PAGE).content.decode()
    root.post(PAGE, {"since": "2026-01-01"})
    assert "One runs already." in root.post(PAGE, {}, follow=True).content.decode()
    run = Reconciliation.objects.get()
    assert AuditEntry.objects.get(action="usage.reconciled").after == {
        "since": "2026-01-01",
        "everything": False,
    }
    monkeypatch.setattr(reconciling, "STEP_SECONDS", 0)
    assert reconciling.take_step()
    run.refresh_from_db()
    assert (run.state, run.looked_at_count) == ("running", 1)  # a step is short, and the next goes on there
    while reconciling.take_step():
        pass
    run.refresh_from_db()
    assert (run.state, run.looked_at_count, run.problem_count) == ("done", 2, 2)
    page = root.get(PAGE).content.decode()
    assert "7660000000000000001" in page and "7660000000000000002" in page
    assert f"/admin/chatweb/turn/{unreachable.turn.pk}/change/" in page


def test_what_is_stopped_stays_stopped(root, unreachable):
    root.post(PAGE, {})
    root.post(PAGE, {"stop": "1"})
    assert not reconciling.take_step()
    assert Reconciliation.objects.get().state == "stopped"


def test_reading_figures_is_not_beginning_one(db):
    reader = User.objects.create_user("reader", is_staff=True)
    client = Client()
    client.force_login(reader)
    assert client.get(PAGE).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_turnfigures"))
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {}).status_code == 403
