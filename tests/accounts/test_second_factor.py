"""A second factor: set up, asked for, recovered from, and required by a group."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import GroupRules, User
from chatweb.models import AuditEntry

from .front_door import is_signed_in, sign_in

PAGE = "/accounts/2fa/"
SET_UP = f"{PAGE}totp/activate/"


def code_of(secret: str, steps_later: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps_later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up_app(client: Client) -> str:
    """The secret that the app was given."""
    page = client.get(SET_UP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    [secret] = re.findall(r'id="totp-key">([A-Z2-7]+)<', page)
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer["Location"] == f"{PAGE}recovery-codes/"
    return secret


@pytest.fixture
def at_home(client, ana) -> Client:
    sign_in(client, "ana")
    return client


@pytest.fixture
def rule(ana) -> GroupRules:
    group = Group.objects.create(name="Treasury")
    ana.groups.add(group)
    return GroupRules.objects.create(group=group, needs_second_factor=True)


def test_after_the_password_comes_the_code(at_home):
    secret = set_up_app(at_home)
    elsewhere = Client()
    assert sign_in(elsewhere, "ana")["Location"] == f"{PAGE}authenticate/"
    assert not is_signed_in(elsewhere)
    wrong = elsewhere.post(f"{PAGE}authenticate/", {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert not is_signed_in(elsewhere)
    elsewhere.post(f"{PAGE}authenticate/", {"code": code_of(secret, steps_later=1)})
    assert is_signed_in(elsewhere)


def test_a_code_is_good_once(at_home):
    secret = set_up_app(at_home)
    code = code_of(secret, steps_later=1)
    for browser, comes_in in ((Client(), True), (Client(), False)):
        sign_in(browser, "ana")
        browser.post(f"{PAGE}authenticate/", {"code": code})
        assert is_signed_in(browser) is comes_in


def test_guessing_codes_is_stopped(at_home):
    secret = set_up_app(at_home)
    thief = Client()
    sign_in(thief, "ana")
    for guess in range(5):
        thief.post(f"{PAGE}authenticate/", {"code": f"{guess:06d}"})
    answer = thief.post(f"{PAGE}authenticate/", {"code": code_of(secret, steps_later=1)})
    assert "Too many attempts" in answer.content.decode()
    assert not is_signed_in(thief)


def test_a_recovery_code_lets_in_once(at_home):
    set_up_app(at_home)
    codes = re.findall(r"<li><code>(\w+)</code>", at_home.get(f"{PAGE}recovery-codes/").content.decode())
    assert len(codes) == 10
    for browser, comes_in in ((Client(), True), (Client(), False)):
        sign_in(browser, "ana")
        browser.post(f"{PAGE}authenticate/", {"code": codes[0]})
        assert is_signed_in(browser) is comes_in
    assert "9 codes are left" in at_home.get(PAGE).content.decode()


def test_secrets_lie_encrypted(at_home):
    secret = set_up_app(at_home)
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "gAAAA" in kept


def test_turning_it_off_needs_proof_that_it_is_them(at_home, ana):
    set_up_app(at_home)
    session = at_home.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 9999}]
    session.save()
    answer = at_home.post(f"{PAGE}totp/deactivate/")
    assert "/reauthenticate/" in answer["Location"]
    assert Authenticator.objects.filter(user=ana, type="totp").exists()


def test_whoever_must_have_one_does_nothing_before(at_home, rule):
    assert at_home.get("/")["Location"] == PAGE
    assert at_home.get("/settings/")["Location"] == PAGE
    assert "You need a second factor here." in at_home.get(PAGE).content.decode()
    for answer in (
        at_home.get("/tasks/", HTTP_ACCEPT="application/json"),
        at_home.post("/conversations/", {}, content_type="application/json"),
        at_home.post("/settings/", {"full_name": "x"}),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["reason"] == "second_factor"
    set_up_app(at_home)
    assert at_home.get("/settings/").status_code == 200
    assert "You need a second factor" not in at_home.get(PAGE).content.decode()


def test_their_socket_is_that_of_nobody(at_home, rule):
    from chatweb.tab_person import person_of

    assert person_of(at_home.session.session_key) == (None, False)
    rule.delete()
    assert person_of(at_home.session.session_key)[0] is not None


def test_tabs_that_were_open_are_signed_out_by_the_next_pulse(at_home, ana, rule):
    from chatweb.turns.pulse import look_up

    pair = (at_home.session.session_key, ana.get_session_auth_hash())
    assert look_up({ana.pk}, {pair}) == ({}, set())
    rule.delete()
    assert look_up({ana.pk}, {pair})[1] == {pair}


def test_they_can_leave(at_home, rule):
    at_home.post("/accounts/logout/")
    assert at_home.get("/settings/")["Location"].startswith("/accounts/login/")


def test_a_rule_that_is_taken_back_lets_them_in_at_once(at_home, rule):
    assert not is_signed_in(at_home)
    rule.needs_second_factor = False
    rule.save()
    assert is_signed_in(at_home)


def test_colleagues_outside_the_group_are_not_asked(rule, db):
    User.objects.create_user("ben", "ben@example.com", "correct horse battery")
    ben = Client()
    sign_in(ben, "ben")
    assert is_signed_in(ben)


@pytest.mark.parametrize("role", ["is_operator", "is_staff", "is_superuser"])
def test_the_site_may_ask_it_of_everybody_with_a_role(at_home, ana, settings, role):
    settings.SECOND_FACTOR_FOR_ROLES = True
    assert is_signed_in(at_home)
    User.objects.filter(pk=ana.pk).update(**{role: True})
    assert not is_signed_in(at_home)
    set_up_app(at_home)
    assert is_signed_in(at_home)


def test_where_nobody_must_it_costs_no_query(at_home, django_assert_num_queries):
    at_home.get("/settings/sessions/")
    with django_assert_num_queries(3):  # the session, the person, their sessions
        at_home.get("/settings/sessions/")


def test_a_second_factor_of_the_companys_service_counts_where_the_site_says_so(at_home, rule, settings):
    session = at_home.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session.save()
    assert not is_signed_in(at_home)
    settings.OIDC_BRINGS_SECOND_FACTOR = True
    assert is_signed_in(at_home)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # some of it is told after the commit
def test_the_audit_log_tells_all_that_happens_to_it(at_home, ana):
    """Set up, recovery codes made, used at the door, refused, made anew, removed; never a code or a key."""
    secret = set_up_app(at_home)
    codes = re.findall(r"<li><code>(\w+)</code>", at_home.get(f"{PAGE}recovery-codes/").content.decode())
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    sign_in(elsewhere, "ana")
    elsewhere.post(f"{PAGE}authenticate/", {"code": "000000"})
    elsewhere.post(f"{PAGE}authenticate/", {"code": codes[0]})
    assert is_signed_in(elsewhere)
    at_home.post(f"{PAGE}recovery-codes/generate/")
    at_home.post(f"{PAGE}totp/deactivate/")
    told = AuditEntry.objects.filter(subject=ana, action__startswith="session.second_factor").order_by("pk")
    assert [(entry.action.split("second_factor_")[1], (entry.after or {}).get("kind")) for entry in told] == [
        ("added", "totp"),
        ("added", "recovery_codes"),
        ("refused", None),
        ("used", "recovery_codes"),
        ("reset", "recovery_codes"),
        ("removed", "totp"),
        ("removed", "recovery_codes"),
    ]
    refused = told.get(action="session.second_factor_refused")
    assert (refused.actor, refused.address) == (None, "203.0.113.7")
    written = str([(entry.before, entry.after, entry.object_name, entry.reason) for entry in told])
    assert secret not in written and not any(code in written for code in codes)
