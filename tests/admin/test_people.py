"""Roles, approval and grants; and that an admin of people cannot become more than that."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from chatweb.models import Bot, BotGrant

PEOPLE = "/admin/accounts/user/"
NEW_PASSWORD = {"usable_password": "true", "password1": "a long phrase", "password2": "a long phrase"}


def form_of(client: Client, path: str) -> dict[str, str]:
    """The fields of a change page as a browser would send them back unchanged."""
    form = client.get(path).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields if name != "password"}
    values = {name: value for name, value in fields.items() if value not in (None, False)}
    for formset in client.get(path).context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        values |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**values, "_continue": "1"}


def change(client: Client, user: User, **fields: object):
    path = f"{PEOPLE}{user.pk}/change/"
    values = {name: value for name, value in {**form_of(client, path), **fields}.items() if value != ""}
    return client.post(path, values)


def test_a_superuser_gives_every_role(root, ana):
    assert change(root, ana, is_operator="on", is_staff="on").status_code == 302
    ana.refresh_from_db()
    assert ana.is_operator
    assert ana.is_staff


def test_an_admin_of_people_makes_operators_and_nothing_more(client, helpdesk, ana):
    client.force_login(helpdesk)
    change(client, ana, is_operator="on", is_staff="on", is_superuser="on", user_permissions="1")
    ana.refresh_from_db()
    assert ana.is_operator
    assert not (ana.is_staff or ana.is_superuser or ana.user_permissions.exists())


def test_an_admin_of_people_cannot_touch_a_superuser(client, helpdesk, superuser):
    client.force_login(helpdesk)
    page = f"{PEOPLE}{superuser.pk}/"
    assert client.post(f"{page}change/", {"username": "mine"}).status_code == 403
    assert client.get(f"{page}password/").status_code == 403
    assert client.post(f"{page}password/", {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403


def test_an_admin_of_people_cannot_promote_themselves_through_a_group(client, helpdesk, talk):
    client.force_login(helpdesk)
    path = f"/admin/auth/group/{talk.group.pk}/change/"
    client.post(path, {**form_of(client, path), "permissions": ["1"]})
    assert talk.group.permissions.count() == 0


def test_ticking_approved_mails_the_person(root, ana, mailoutbox, settings):
    settings.CAN_SEND_MAIL = True
    User.objects.filter(pk=ana.pk).update(is_approved=False)
    assert "waits for approval" in root.get(PEOPLE).content.decode()
    change(root, ana, is_approved="on")
    change(root, ana, is_approved="on", full_name="Ana")
    assert [mail.to for mail in mailoutbox] == [["ana@example.com"]]


def test_a_new_address_is_the_one_to_sign_in_with(root, ana):
    EmailAddress.objects.create(user=ana, email="ana@example.com", primary=True, verified=True)
    change(root, ana, email="ana@new.example")
    assert list(ana.emailaddress_set.values_list("email", "verified")) == [("ana@new.example", False)]


def test_a_person_made_here_signs_in(client, root, db):
    fields = {"username": "carl", "email": "carl@example.com", **NEW_PASSWORD}
    assert root.post(f"{PEOPLE}add/", fields).status_code == 302
    assert User.objects.get(username="carl").password.startswith("argon2")
    answer = client.post("/accounts/login/", {"login": "carl@example.com", "password": "a long phrase"})
    assert answer.status_code == 302


def test_a_name_that_differs_in_case_only_is_refused_with_a_sentence(root, ana):
    page = root.post(f"{PEOPLE}add/", {"username": "ANA", **NEW_PASSWORD})
    assert "already exists" in page.content.decode()


def test_a_password_never_shows_its_hash(root, ana):
    ana.set_password("a long phrase")
    ana.save()
    page = root.get(f"{PEOPLE}{ana.pk}/change/").content.decode()
    assert ana.password not in page
    assert not re.search(r"argon2id\$v=", page)


@pytest.mark.parametrize("side", ["user", "group"])
def test_a_grant_on_the_bots_page_reaches_the_person(root, talk, ana, side):
    BotGrant.objects.all().delete()
    ana.groups.add(talk.group)
    path = f"/admin/chatweb/bot/{talk.bot.pk}/change/"
    granted = {"grants-TOTAL_FORMS": "1", "grants-0-bot": talk.bot.pk}
    granted[f"grants-0-{side}"] = {"user": ana.pk, "group": talk.group.pk}[side]
    lists = {"suggested_questions": "[]", "shortcut_commands": "[]"}
    answer = root.post(path, {**form_of(root, path), **lists, **granted})
    assert answer.status_code == 302
    assert list(Bot.objects.usable_by(ana)) == [talk.bot]


@pytest.mark.parametrize("sides", [[], ["user", "group"]], ids=["nobody", "both"])
def test_a_grant_is_to_a_person_or_a_group(root, talk, ana, sides):
    fields = {"bot": talk.bot.pk, **{side: {"user": ana.pk, "group": talk.group.pk}[side] for side in sides}}
    page = root.post("/admin/chatweb/botgrant/add/", fields)
    assert "Choose a user or a group, not both." in page.content.decode()
    assert BotGrant.objects.count() == 1
