"""Looks: every opening leaves a record, by policy with a reason, and people see them if the site says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chatweb.models import AuditEntry, Look
from tests.console.conftest import KEY, signed_in


@pytest.fixture
def place(talk) -> str:
    return reverse("console_conversation", args=[talk.conversation.uuid])


@pytest.fixture
def look_place(talk) -> str:
    return reverse("console_look", args=[talk.conversation.uuid])


@pytest.fixture
def strict(settings):
    settings.CONSOLE_NEEDS_REASON = True


def test_opening_leaves_one_record_an_hour(operator, olga, ana, talk, place):
    operator.get(place)
    operator.get(place + "?at=first")
    look = Look.objects.get()
    assert (look.operator, look.person, look.conversation, look.reason) == (olga, ana, talk.conversation, "")
    entry = AuditEntry.objects.get(action="conversation.opened")
    assert (entry.actor, entry.subject, entry.object_id) == (olga, ana, str(talk.conversation.uuid))
    Look.objects.update(at=timezone.now() - timedelta(minutes=61))
    operator.get(place)
    assert Look.objects.count() == 2


def test_the_look_of_a_colleague_opens_nothing(operator, talk, place, strict):
    other = User.objects.create_user("otto", is_operator=True)
    Look.objects.create(
        operator=other, operator_name="otto", person=talk.conversation.user,
        conversation=talk.conversation, conversation_uuid=talk.conversation.uuid,
    )  # fmt: skip
    assert "Why do you open this conversation?" in operator.get(place).content.decode()


def test_the_question_why_tells_nothing_of_the_conversation(operator, talk, place, strict):
    page = operator.get(place + f"?turn={talk.first.uuid}").content.decode()
    assert "Helper" in page and "Person " in page
    for secret in ("Rain in Oslo", "Hello", "80 percent", "ana.lima", "Ana Lima", KEY, "7550000000000000001"):
        assert secret not in page, secret
    assert not Look.objects.exists()


def test_a_reason_opens_it_and_leads_where_one_went(operator, talk, place, look_place, strict):
    there = f"{place}?turn={talk.first.uuid}&events=1"
    given = {"suggested": "An answer was rated bad", "words": " the second one ", "next": there}
    answer = operator.post(look_place, given)
    assert (answer.status_code, answer["Location"]) == (303, there)
    assert Look.objects.get().reason == "An answer was rated bad: the second one"
    assert AuditEntry.objects.get().reason == "An answer was rated bad: the second one"
    assert "Hello" in operator.get(there).content.decode()


def test_without_a_reason_it_stays_closed_and_nothing_typed_is_lost(
    operator, talk, place, look_place, strict
):
    answer = operator.post(look_place, {"words": "   ", "next": place + "?at=first"})
    assert answer.status_code == 422
    assert "Choose a reason, or write one." in answer.content.decode()
    long = operator.post(look_place, {"words": "x" * 501, "next": place + "?at=first"})
    assert long.status_code == 422
    assert "x" * 501 in long.content.decode()
    assert "?at=first" in long.content.decode()
    assert not Look.objects.exists()


@pytest.mark.parametrize(
    "there", ["https://evil.example.com/", "//evil.example.com/", "javascript:alert(1)", ""]
)
def test_one_is_led_to_no_other_site(operator, talk, place, look_place, there):
    assert operator.post(look_place, {"next": there})["Location"] == place


def test_nobody_else_makes_looks(ana, talk, look_place):
    assert signed_in(ana).post(look_place).status_code == 403
    assert not Look.objects.exists()


# --- names -------------------------------------------------------------------------------------------


def test_a_name_is_revealed_for_an_hour_and_recorded(operator, ana, talk, place, monkeypatch):
    operator.get(place)
    reveal = reverse("console_reveal_name", args=[ana.uuid])
    answer = operator.post(reveal, {"next": place})
    assert answer["Location"] == place
    page = operator.get(place).content.decode()
    assert "Ana Lima" in page and "ana.lima@example.com" in page and KEY in page
    assert "Hello **Ana Lima**" in page
    entry = AuditEntry.objects.get(action="name.revealed")
    assert (entry.subject, entry.object_id) == (ana, str(ana.uuid))
    assert Look.objects.get().revealed == ["name"]
    operator.post(reverse("console_mask_name", args=[ana.uuid]), {"next": place})
    assert "Ana Lima" not in operator.get(place).content.decode()


def test_revealing_takes_a_reason_by_policy(operator, ana, talk, place, strict):
    reveal = reverse("console_reveal_name", args=[ana.uuid])
    asked = operator.get(reveal, {"next": place}).content.decode()
    assert "Why do you need the name?" in asked and "Ana Lima" not in asked
    assert operator.post(reveal, {"next": place}).status_code == 422
    assert not AuditEntry.objects.exists()
    assert operator.post(reveal, {"words": "a complaint", "next": place}).status_code == 303
    assert AuditEntry.objects.get().reason == "a complaint"


def test_a_get_reveals_nothing(operator, ana, talk, place):
    operator.get(reverse("console_reveal_name", args=[ana.uuid]))
    assert "Ana Lima" not in operator.get(place).content.decode()


def test_only_operators_reveal(ana, olga, talk):
    assert signed_in(ana).post(reverse("console_reveal_name", args=[ana.uuid])).status_code == 403
    nobody = User.objects.create_user("nobody")
    missing = signed_in(olga).post(reverse("console_reveal_name", args=[nobody.uuid]))
    assert missing.status_code == 404  # nothing of theirs is in the console


# --- admins ------------------------------------------------------------------------------------------


def test_admins_read_looks_and_change_none(operator, talk, place):
    operator.get(place)
    root = signed_in(User.objects.create_superuser("root"))
    page = root.get(reverse("admin:chatweb_look_changelist")).content.decode()
    assert "olga" in page
    look = Look.objects.get()
    assert root.get(reverse("admin:chatweb_look_change", args=[look.pk])).status_code == 200
    assert root.post(reverse("admin:chatweb_look_delete", args=[look.pk])).status_code == 403


# --- people ------------------------------------------------------------------------------------------


@pytest.fixture
def looked(operator, ana, place) -> Look:
    operator.get(place)
    Look.objects.update(reason="a <b>complaint</b>")
    return Look.objects.get()


def test_people_see_who_looked_when_and_why(ana, talk, looked):
    page = signed_in(ana).get(reverse("looks")).content.decode()
    assert "an operator" in page and "Olga" not in page and "olga" not in page
    assert "a &lt;b&gt;complaint&lt;/b&gt;" in page
    assert reverse("conversation", args=[talk.conversation.uuid]) in page
    assert reverse("looks") in signed_in(ana).get(reverse("settings")).content.decode()


def test_operators_have_names_there_if_the_site_says_so(ana, looked, settings):
    settings.LOOKS_NAME_OPERATORS = True
    assert "Olga Ortiz" in signed_in(ana).get(reverse("looks")).content.decode()
    looked.operator.delete()
    assert "olga" in signed_in(ana).get(reverse("looks")).content.decode()


def test_nobody_sees_looks_at_others(looked):
    zoe = User.objects.create_user("zoe")
    page = signed_in(zoe).get(reverse("looks"), {"before": str(looked.uuid)}).content.decode()
    assert "complaint" not in page and "Nobody has opened" in page


def test_a_deleted_conversation_has_no_name_there(ana, talk, looked):
    talk.conversation.deleted_at = timezone.now()
    talk.conversation.save()
    page = signed_in(ana).get(reverse("looks")).content.decode()
    assert "A conversation that was deleted" in page and "Rain in Oslo" not in page


def test_looks_come_in_pages(ana, talk, looked, olga):
    for number in range(35):
        Look.objects.create(
            operator=olga, operator_name="olga", person=ana, conversation=talk.conversation,
            conversation_uuid=talk.conversation.uuid, reason=f"number {number}",
        )  # fmt: skip
    client = signed_in(ana)
    first = client.get(reverse("looks")).content.decode()
    assert "number 34" in first and "number 4<" not in first
    before = first.split("?before=")[1].split('"')[0]
    second = client.get(reverse("looks"), {"before": before}).content.decode()
    assert "number 4<" in second and "complaint" in second and "number 34" not in second


def test_without_the_policy_there_is_no_such_page(ana, looked, settings):
    settings.LOOKS_SHOWN_TO_USERS = False
    client = signed_in(ana)
    assert client.get(reverse("looks")).status_code == 404
    assert reverse("looks") not in client.get(reverse("settings")).content.decode()
