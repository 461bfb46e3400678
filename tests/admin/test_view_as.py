"""Who may see the site as whom, and what is written down of it (M-089)."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from chatweb.models import AuditEntry
from chatweb.viewing import SESSION_KEY

VIEW = {"reason": "ticket 12", "confirmed": "1"}


def door(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/view-as/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def state_of(client: Client) -> str:
    return client.get("/").context["page_state"]["user"]["name"]


def test_beginning_and_ending_are_recorded_with_the_admins_name(root, superuser, ana):
    assert "You only look" in root.get(door(ana)).content.decode()
    assert root.post(door(ana), VIEW).headers["Location"] == "/"
    assert state_of(root) == "Ana María"
    page = root.get("/").content.decode()
    assert "You see the site as Ana María." in page
    ended = root.post("/viewing/end/")
    assert ended.headers["Location"] == f"/admin/accounts/user/{ana.pk}/change/"
    assert state_of(root) == "root"
    begun, over = AuditEntry.objects.filter(action__startswith="person.view").order_by("pk")
    assert (begun.action, begun.actor, begun.subject, begun.reason) == (
        "person.viewed_as", superuser, ana, "ticket 12",
    )  # fmt: skip
    assert (over.action, over.actor, over.subject, over.after) == (
        "person.view_ended", superuser, ana, {"how": "ended"},
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_reason_no_look(root, ana, reason):
    assert "errorlist" in root.post(door(ana), {**VIEW, "reason": reason}).content.decode()
    assert state_of(root) == "root"


def test_a_helpdesk_sees_people_but_no_superuser(helpdesk, ana, superuser):
    client = signed_in(helpdesk)
    assert client.post(door(superuser), VIEW).status_code == 403
    assert client.post(door(helpdesk), VIEW).status_code == 403
    assert client.post(door(ana), VIEW).status_code == 302
    # Raised meanwhile: nobody climbs up by looking.
    User.objects.filter(pk=ana.pk).update(is_superuser=True)
    assert state_of(client) == "helpdesk"
    assert AuditEntry.objects.get(action="person.view_ended").after == {"how": "over"}


def test_it_takes_a_permission_of_its_own(helpdesk, ana):
    helpdesk.user_permissions.remove(Permission.objects.get(codename="view_as_user"))
    client = signed_in(helpdesk)
    assert client.post(door(ana), VIEW).status_code == 403
    assert door(ana) not in client.get(f"/admin/accounts/user/{ana.pk}/change/").content.decode()


@pytest.mark.parametrize("field", ["is_active", "is_approved"])
def test_somebody_who_cannot_come_in_is_not_looked_at(root, ana, field):
    User.objects.filter(pk=ana.pk).update(**{field: False})
    assert root.post(door(ana), VIEW).status_code == 403


def test_it_ends_by_itself(root, ana):
    root.post(door(ana), VIEW)
    session = root.session
    session[SESSION_KEY] = {**session[SESSION_KEY], "until": time.time() - 1}
    session.save()
    assert state_of(root) == "root"
    assert AuditEntry.objects.get(action="person.view_ended").after == {"how": "over"}


def test_a_permission_taken_away_ends_it_at_once(helpdesk, ana):
    client = signed_in(helpdesk)
    client.post(door(ana), VIEW)
    assert state_of(client) == "Ana María"
    helpdesk.user_permissions.clear()
    assert state_of(client) == "helpdesk"


def test_an_operators_console_and_an_admins_pages_are_closed(root, helpdesk):
    User.objects.filter(pk=helpdesk.pk).update(is_operator=True)
    root.post(door(helpdesk), VIEW)
    for path in ("/console/", "/admin/", "/settings/my-data/", "/settings/my-data/download/", "/accounts/"):
        page = root.get(path, follow=True)
        assert page.status_code in {403, 404}, path
    assert "This is closed while you see the site as somebody else" in root.get("/admin/").content.decode()


def test_ending_what_was_never_begun_is_nothing(root):
    assert root.post("/viewing/end/").headers["Location"] == "/"
    assert not AuditEntry.objects.filter(action="person.view_ended").exists()


def test_ending_takes_the_csrf_token(superuser, ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(superuser)
    assert strict.post("/viewing/end/").status_code == 403
