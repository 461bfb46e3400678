"""Patterns of a site: switched off, added and tried in the admin, used at once wherever operators read."""

from __future__ import annotations

import json
import time

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chatweb.console.pattern_check import try_pattern
from chatweb.console.redaction import BUILT_IN, redact_json, redactor
from chatweb.models import AuditEntry, Look, RedactionPattern
from tests.console.conftest import signed_in

ADD = "admin:chatweb_redactionpattern_add"


@pytest.fixture
def root(db) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def add(root: Client, expression: str, name: str = "badge", **more: str):
    return root.post(reverse(ADD), {"name": name, "expression": expression, "is_active": "on", **more})


# --- what holds --------------------------------------------------------------------------------------


def test_a_pattern_holds_from_the_moment_it_is_saved(root):
    assert redactor()("B-1234, call 13812345678") == "B-1234, call [phone]"
    assert add(root, r"\bB-\d{4}\b").status_code == 302
    assert redactor()("B-1234, call 13812345678") == "[badge], call [phone]"
    RedactionPattern.objects.filter(name="badge").update(replacement=r"\1 <badge>")
    assert redactor()("B-1234") == r"\1 <badge>"
    RedactionPattern.objects.filter(name="badge").update(is_active=False)
    assert redactor()("B-1234") == "B-1234"


def test_a_built_in_one_is_switched_off_and_never_deleted(root):
    phone = RedactionPattern.objects.get(built_in="phone")
    place = reverse("admin:chatweb_redactionpattern_change", args=[phone.pk])
    assert "1[3-9]" in root.get(place).content.decode()
    answer = root.post(place, {"replacement": "", "expression": ".", "name": "other"})
    assert answer.status_code == 302
    phone.refresh_from_db()
    assert (phone.name, phone.expression, phone.is_active) == ("phone", "", False)
    assert redactor()("13812345678 a@example.com") == "13812345678 [mail]"
    gone = reverse("admin:chatweb_redactionpattern_delete", args=[phone.pk])
    assert root.post(gone, {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_without_rows_all_built_in_ones_hold():
    RedactionPattern.objects.all().delete()
    assert redactor()("13812345678 a@example.com") == "[phone] [mail]"


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("[", "no regular expression"),
        ("a*", "nothing at all"),
        ("(a+)+$", "very long"),
        (r"\d+x", "very long"),
    ],
)
def test_a_pattern_that_is_wrong_or_runs_away_is_refused_and_kept_in_the_form(root, expression, said):
    answer = add(root, expression)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert said in page and f'value="{expression}"' in page
    assert not RedactionPattern.objects.filter(name="badge").exists()


@pytest.mark.parametrize("expression", [r"(a|aa)+b", r"x(y+)+z", r"(ab|a|b)*c", r"(\w|\d)+!", r"(.*a){20}"])
def test_hostile_patterns_are_found_whatever_they_repeat(expression):
    assert "very long" in try_pattern(expression).problem


@pytest.mark.parametrize("expression", [*BUILT_IN.values(), r"B-\d{2,8}", r"工号[::]?\s{0,3}\d{4,10}"])
def test_honest_patterns_pass(expression):
    assert try_pattern(expression).problem == ""


@pytest.mark.parametrize("unit", ["a", "1", "a.", "a@", "86 ", "+1 ", "pat_", "138-"])
def test_the_built_in_ones_are_quick_on_any_text(unit):
    redact = redactor(BUILT_IN)
    begin = time.process_time()
    redact(unit * (100_000 // len(unit)))
    assert time.process_time() - begin < 1


# --- trying ------------------------------------------------------------------------------------------


def test_a_text_is_tried_before_anything_is_kept(root):
    place = reverse("admin:chatweb_redactionpattern_preview")
    body = {"name": "badge", "expression": r"B-\d{4}", "replacement": "", "sample": "B-1234 in <b>"}
    assert root.post(place, body).json() == {"problem": "", "shown": "[badge] in <b>"}
    assert "very long" in root.post(place, {**body, "expression": "(a+)+$"}).json()["problem"]
    assert place in root.get(reverse(ADD)).content.decode()
    assert not RedactionPattern.objects.filter(name="badge").exists()


def test_only_admins_with_the_permission_try_and_change(ana, olga):
    place = reverse("admin:chatweb_redactionpattern_preview")
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_redactionpattern"))
    for person in (ana, olga):
        assert signed_in(person).post(place, {"expression": "a"}).status_code == 302
        assert signed_in(person).post(reverse(ADD)).status_code == 302
    assert signed_in(reader).post(place, {"expression": "a"}).status_code == 403
    assert signed_in(reader).post(reverse(ADD)).status_code == 403
    pattern = RedactionPattern.objects.create(name="mine", expression="abc")
    page = signed_in(reader).get(reverse("admin:chatweb_redactionpattern_change", args=[pattern.pk]))
    assert page.status_code == 200


# --- JSON --------------------------------------------------------------------------------------------


def test_json_stays_json():
    text = json.dumps(
        {
            "to 13812345678": ["a@b.example", 13812345678, 1.5, None, True],
            "inner": json.dumps({"said": 'she said "13812345678"', "n": 13812345678}),
        }
    )
    clean = json.loads(redact_json(text, redactor(BUILT_IN)))
    assert clean["to [phone]"] == ["[mail]", "[phone]", 1.5, None, True]
    assert json.loads(clean["inner"]) == {"said": 'she said "[phone]"', "n": "[phone]"}


def test_escaped_letters_hide_nothing():
    text = r'{"phone": "\u0031\u0033812345678"}'
    assert redact_json(text, redactor(BUILT_IN)) == '{"phone": "[phone]"}'


@pytest.mark.parametrize("text", ['{"a": 1.50, "b":  [] }', "[DONE]", "", '"data', "[" * 100_000])
def test_what_needs_nothing_stays_as_it_was(text):
    assert redact_json(text, redactor(BUILT_IN)) == text


# --- the original ------------------------------------------------------------------------------------


@pytest.fixture
def place(talk) -> str:
    return reverse("console_conversation", args=[talk.conversation.uuid])


def test_the_original_takes_a_permission_and_is_recorded(operator, olga, talk, place, ana):
    original = reverse("console_original", args=[talk.conversation.uuid])
    assert "Show original" not in operator.get(place).content.decode()
    assert operator.post(original).status_code == 403
    olga.user_permissions.add(Permission.objects.get(codename="see_original"))
    assert "Show original" in operator.get(place).content.decode()
    assert operator.post(original, {"next": place})["Location"] == place
    page = operator.get(place).content.decode()
    assert "13812345678" in page and "oslo@example.com" in page and "without redaction" in page
    assert "Ana Lima" not in page  # names are another matter
    assert AuditEntry.objects.get(action="original.shown").subject == ana
    assert Look.objects.get().revealed == ["original"]
    operator.post(reverse("console_redact", args=[talk.conversation.uuid]))
    assert "13812345678" not in operator.get(place).content.decode()


def test_the_original_ends_with_the_permission(operator, olga, talk, place):
    olga.user_permissions.add(Permission.objects.get(codename="see_original"))
    operator.get(place)
    operator.post(reverse("console_original", args=[talk.conversation.uuid]))
    olga.user_permissions.clear()
    assert "13812345678" not in operator.get(place).content.decode()
