"""Retention rules, the dry run, legal holds and people deleted by an admin, through the administration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatweb.models import AuditEntry, Conversation, Deletion, LegalHold, RetentionRule
from chatweb.turns import deletions

RULES = "/admin/chatweb/retentionrule/"
HOLDS = "/admin/chatweb/legalhold/"
PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def old_talk(talk) -> Conversation:
    when = timezone.now() - timedelta(days=100)
    Conversation.objects.filter(pk=talk.conversation.pk).update(last_asked_at=when)
    return talk.conversation


def errors(answer) -> str:
    return str(answer.context["adminform"].form.errors)


def taken_apart() -> None:
    """What the supervisor does, a step after the other."""
    for _step in range(20):
        if not deletions.take_step([]):
            return


# --- rules -----------------------------------------------------------------------------------------


def test_a_rule_is_made_and_recorded(root, talk):
    root.post(f"{RULES}add/", {"bot": talk.bot.pk, "conversation_days": "30", "event_days": "7"})
    rule = RetentionRule.objects.get()
    assert (rule.bot, rule.conversation_days, rule.file_days) == (talk.bot, 30, None)
    entry = AuditEntry.objects.get(action="retentionrule.added")
    assert entry.after["conversation_days"] == 30


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"bot": "{bot}", "group": "{group}", "conversation_days": "3"}, "not both"),
        ({"conversation_days": "0"}, "greater than or equal to 1"),
        ({"conversation_days": "soon"}, "whole number"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(root, talk, fields, sentence):
    ids = {"bot": talk.bot.pk, "group": talk.group.pk}
    answer = root.post(f"{RULES}add/", {name: value.format(**ids) for name, value in fields.items()})
    assert sentence in errors(answer)
    assert not RetentionRule.objects.exists()


def test_the_site_has_one_rule(root, db):
    root.post(f"{RULES}add/", {"conversation_days": "30"})
    answer = root.post(f"{RULES}add/", {"conversation_days": "40"})
    assert "The whole site has a rule already." in errors(answer)


def test_the_dry_run_counts_and_removes_nothing(root, old_talk):
    RetentionRule.objects.create(conversation_days=30)
    page = root.get(f"{RULES}dry-run/")
    [one] = page.context["outlook"]
    assert (one.conversations, one.messages, one.files) == (1, 2, 1)
    assert "the whole site" in page.content.decode()
    assert Conversation.objects.exists()


def test_the_dry_run_is_for_who_may_see_the_rules(client, db):
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get(f"{RULES}dry-run/").status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_retentionrule"))
    assert client.get(f"{RULES}dry-run/").status_code == 200
    operator = Client()
    operator.force_login(User.objects.create_user("op", is_operator=True))
    assert operator.get(f"{RULES}dry-run/", follow=True).status_code == 403


# --- holds -----------------------------------------------------------------------------------------


def test_a_conversation_is_held_by_any_of_its_ids_and_lifted_again(root, superuser, old_talk, talk):
    root.post(f"{HOLDS}add/", {"conversation_id": talk.leg.chat_id, "reason": "case 7"})
    hold = LegalHold.objects.get()
    assert (hold.conversation, hold.placed_by) == (old_talk, superuser)
    assert AuditEntry.objects.get(action="legalhold.added").after["reason"] == "case 7"
    RetentionRule.objects.create(conversation_days=30)
    [one] = root.get(f"{RULES}dry-run/").context["outlook"]
    assert (one.conversations, one.held) == (0, 1)
    root.post(HOLDS, {"action": "lift", "_selected_action": [hold.pk]})
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_at is None) == (superuser, False)
    assert [entry.action for entry in AuditEntry.objects.filter(object_type="legalhold")] == [
        "legalhold.lifted",
        "legalhold.added",
    ]
    [one] = root.get(f"{RULES}dry-run/").context["outlook"]
    assert (one.conversations, one.held) == (1, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "x"}, "Choose one"),
        ({"reason": "x", "user": "{ana}", "bot": "{bot}"}, "Choose one"),
        ({"reason": "x", "conversation_id": "unheard of"}, "This id is of no conversation"),
        ({"user": "{ana}"}, "This field is required"),
    ],
)
def test_what_is_wrong_with_a_hold_is_said_and_nothing_typed_is_lost(root, talk, ana, fields, sentence):
    sent = {name: value.format(ana=ana.pk, bot=talk.bot.pk) for name, value in fields.items()}
    answer = root.post(f"{HOLDS}add/", sent)
    assert sentence in errors(answer)
    assert fields.get("conversation_id", "") in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_a_hold_in_force_is_neither_rewritten_nor_deleted(root, ana):
    hold = LegalHold.objects.create(user=ana, reason="x")
    page = f"{HOLDS}{hold.pk}/"
    assert root.get(f"{page}change/").status_code == 200
    assert root.post(f"{page}change/", {"reason": "y"}).status_code == 403
    assert root.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    LegalHold.objects.update(lifted_at=timezone.now())
    assert root.post(f"{page}delete/", {"post": "yes"}).status_code == 302


# --- people ----------------------------------------------------------------------------------------


def test_a_person_is_deleted_as_they_would_themselves(root, ana, talk):
    asked = root.get(f"{PEOPLE}{ana.pk}/delete/").content.decode()
    assert "1 conversation, here and upstream" in asked
    answer = root.post(f"{PEOPLE}{ana.pk}/delete/", {"post": "yes"}, follow=True)
    deletion = Deletion.objects.get()
    assert f"/admin/chatweb/deletion/{deletion.pk}/change/" in answer.content.decode()
    ana.refresh_from_db()
    assert not ana.is_active
    assert AuditEntry.objects.get(action="user.deletion_asked").subject == ana
    taken_apart()
    assert not User.objects.filter(username="ana").exists()
    [call] = deletion.calls.all()
    assert call.upstream_id == talk.conversation.upstream_id
    page = root.get(f"/admin/chatweb/deletion/{deletion.pk}/change/").content.decode()
    assert f"/receipts/{deletion.token}/" in page
    assert "carried out" in page
    assert "0 of 1 over" in page
    assert "ana" not in str(list(AuditEntry.objects.values_list()))
    stranger = Client().get(f"/receipts/{deletion.token}/?format=json").json()
    assert {row["kind"]: row["count"] for row in stranger["removed"]}["chatweb.Conversation"] == 1


def test_several_at_once_but_not_the_last_admin(root, superuser, ana, helpdesk):
    chosen = [ana.pk, helpdesk.pk]
    root.post(PEOPLE, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert Deletion.objects.count() == 2
    root.post(PEOPLE, {"action": "delete_selected", "_selected_action": [superuser.pk], "post": "yes"})
    assert root.post(f"{PEOPLE}{superuser.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Deletion.objects.count() == 2


def test_an_admin_of_people_deletes_no_superuser(client, helpdesk, superuser, ana):
    client.force_login(helpdesk)
    chosen = [superuser.pk, ana.pk]
    client.post(PEOPLE, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert not Deletion.objects.exists()  # told that one of them may not be deleted; nothing by halves
    assert client.post(f"{PEOPLE}{ana.pk}/delete/", {"post": "yes"}).status_code == 302


def test_what_a_hold_keeps_is_told_to_the_person_and_on_the_receipt(client, ana, talk):
    ana.set_password("a long passphrase")
    ana.save()
    LegalHold.objects.create(conversation=talk.conversation, reason="case 7, do not tell")
    client.force_login(ana)
    page = client.get("/settings/my-data/").content.decode()
    assert "1 conversation stays, and the closed account with it" in page
    assert "case 7" not in page
    path = client.post("/settings/my-data/delete/", {"password": "a long passphrase"}).headers["location"]
    taken_apart()
    Deletion.objects.update(expires_at=timezone.now() - timedelta(days=1))  # it waits for the end of the hold
    receipt = Client().get(path).content.decode()
    assert "A legal hold keeps 1 conversation and the closed account until it is lifted." in receipt
    assert "A legal hold keeps" in Client().get(f"{path}?format=text").content.decode()
    told = Client().get(f"{path}?format=json").json()
    assert (told["held"]["conversations"], told["carried_out_at"]) == (1, None)
    assert "case 7" not in receipt
    LegalHold.objects.update(lifted_at=timezone.now())
    Deletion.look_again()
    taken_apart()
    told = Client().get(f"{path}?format=json").json()
    assert told["held"] is None
    assert told["carried_out_at"]
