"""Admins see where somebody is signed in, and sign them out everywhere; that is recorded."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from chatweb.models import AuditEntry
from tests.admin.test_people import PEOPLE, change

AGENT = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


@pytest.fixture
def phone(ana) -> Client:
    client = Client(HTTP_USER_AGENT=AGENT, REMOTE_ADDR="192.0.2.7")
    client.force_login(ana)
    client.get("/settings/")
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_the_page_of_a_person_shows_where_they_are_signed_in(root, ana, phone):
    page = root.get(f"{PEOPLE}{ana.pk}/change/").content.decode()
    assert "Sign out everywhere" in page
    assert "signed in at" in page.lower()


def test_signing_somebody_out_everywhere_is_recorded(root, superuser, ana, phone):
    answer = root.post(f"{PEOPLE}{ana.pk}/sign-out/", follow=True)
    assert "1 session is signed out." in answer.content.decode()
    assert not is_in(phone)
    [entry] = AuditEntry.objects.filter(action="person.signed_out_everywhere")
    assert (entry.actor, entry.subject, entry.after) == (superuser, ana, {"sessions_ended": 1})


def test_an_admin_who_signs_themselves_out_everywhere_stays_in_here(root, superuser):
    elsewhere = Client()
    elsewhere.force_login(superuser)
    root.post(f"{PEOPLE}{superuser.pk}/sign-out/")
    assert root.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_only_who_may_change_people_may(client, helpdesk, superuser, ana, phone):
    client.force_login(helpdesk)
    assert client.post(f"{PEOPLE}{superuser.pk}/sign-out/").status_code == 403
    assert client.get(f"{PEOPLE}{ana.pk}/sign-out/").status_code == 405
    helpdesk.user_permissions.clear()
    assert client.post(f"{PEOPLE}{ana.pk}/sign-out/").status_code == 403
    client.force_login(User.objects.create_user("ben"))
    assert client.post(f"{PEOPLE}{ana.pk}/sign-out/").status_code == 302
    assert is_in(phone)
    assert not AuditEntry.objects.exists()


def test_somebody_switched_off_is_out_at_once(root, ana, phone):
    change(root, ana, is_active="")
    assert not ana.sign_ins.exists()


def test_a_password_given_by_an_admin_ends_the_sessions(root, ana, phone):
    new = {"usable_password": "true", "password1": "a long phrase", "password2": "a long phrase"}
    assert root.post(f"{PEOPLE}{ana.pk}/password/", new).status_code == 302
    assert not ana.sign_ins.exists()


def test_a_lost_second_factor_is_removed_and_recorded(root, ana, phone):
    page = f"{PEOPLE}{ana.pk}/change/"
    assert "Remove second factors" not in root.get(page).content.decode()
    Authenticator.objects.create(user=ana, type="totp", data={"secret": "kept-apart"})
    assert "Remove second factors" in root.get(page).content.decode()
    root.post(f"{PEOPLE}{ana.pk}/remove-second-factors/")
    assert not Authenticator.objects.exists()
    assert not is_in(phone)
    [entry] = AuditEntry.objects.filter(action="person.second_factors_removed")
    assert entry.before == {"second_factors": ["totp"]}


def test_only_a_superuser_removes_those_of_a_superuser(client, helpdesk, superuser):
    client.force_login(helpdesk)
    assert client.post(f"{PEOPLE}{superuser.pk}/remove-second-factors/").status_code == 403


def test_a_group_gets_its_rule_on_its_page(root, ana):
    group = Group.objects.create(name="Treasury")
    fields = {
        "name": "Treasury",
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "0",
        "rules-0-needs_second_factor": "on",
        "bot_grants-TOTAL_FORMS": "0",
        "bot_grants-INITIAL_FORMS": "0",
    }
    page = f"/admin/auth/group/{group.pk}/change/"
    for formset in root.get(page).context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        fields = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0", **fields}
    assert root.post(page, fields).status_code == 302
    ana.groups.add(group)
    member = Client()
    member.force_login(ana)
    assert member.get("/settings/")["Location"] == "/accounts/2fa/"
