"""Signing in and out through the pages."""

import pytest
from django.db import connection

from accounts.models import User

from .front_door import PASSWORD, is_signed_in, sign_in


@pytest.mark.parametrize("login", ["ana", "ANA", "ana@example.com", "Ana@Example.com", " ana "])
def test_by_user_name_or_address_whatever_the_case(client, ana, login):
    answer = sign_in(client, login)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("login", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("ana@example.com", "x")]
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(client, ana, login, password):
    answer = sign_in(client, login, password)
    assert "The name or the password is not right." in answer.content.decode()
    assert not is_signed_in(client)


def test_signing_out_needs_a_post_and_ends_the_session(client, ana):
    sign_in(client, "ana")
    old_key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    answer = client.post("/accounts/logout/")
    assert answer["Location"] == "/accounts/login/"
    assert not is_signed_in(client)
    client.cookies["sessionid"] = old_key
    assert not is_signed_in(client)


def test_a_planted_session_is_worth_nothing_after_signing_in(client, ana):
    """Session fixation: the key of before must not be the key of after."""
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, "ana")
    assert client.session.session_key != planted
    client.cookies["sessionid"] = planted
    assert not is_signed_in(client)


def test_the_session_ends_with_the_browser_unless_asked_otherwise(client, ana):
    sign_in(client, "ana")
    assert client.cookies["sessionid"]["max-age"] == ""
    client.post("/accounts/logout/")
    sign_in(client, "ana", remember="on")
    assert client.cookies["sessionid"]["max-age"] > 24 * 3600


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "https:///evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ],
)
def test_next_never_leads_to_another_site(client, ana, elsewhere):
    assert sign_in(client, "ana", next=elsewhere)["Location"] == "/"


def test_next_leads_on_within_the_site(client, ana):
    page = client.get("/settings/")
    assert page["Location"] == "/accounts/login/?next=/settings/"
    assert 'name="next" value="/settings/"' in client.get(page["Location"]).content.decode()
    assert sign_in(client, "ana", next="/settings/")["Location"] == "/settings/"


def test_passwords_are_kept_as_argon2(client, ana):
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM accounts_user WHERE username = 'ana'")
        (kept,) = cursor.fetchone()
    assert kept.startswith("argon2$argon2id$")
    assert PASSWORD not in kept


def test_a_name_locks_after_five_wrong_passwords_and_stays_so_for_the_right_one(client, ana):
    for _attempt in range(5):
        sign_in(client, "ana", "wrong")
    answer = sign_in(client, "ana")
    assert "Too many attempts" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_locked_name_does_not_lock_its_neighbour(client, ana):
    User.objects.create_user("ben", "ben@example.com", PASSWORD)
    for _attempt in range(6):
        sign_in(client, "ana", "wrong", REMOTE_ADDR="192.0.2.7")
    assert sign_in(client, "ben", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_guessing_many_names_from_one_address_is_stopped(client, ana):
    for number in range(20):
        sign_in(client, f"guess{number}", "wrong", REMOTE_ADDR="192.0.2.7")
    assert "Too many attempts" in sign_in(client, "ana", REMOTE_ADDR="192.0.2.7").content.decode()
    assert sign_in(client, "ana", REMOTE_ADDR="192.0.2.8").status_code == 302


def test_a_made_up_forwarded_header_does_not_get_around_the_limit(client, ana):
    for number in range(20):
        sign_in(
            client,
            f"guess{number}",
            "wrong",
            REMOTE_ADDR="192.0.2.7",
            HTTP_X_FORWARDED_FOR=f"10.0.0.{number}",
        )
    answer = sign_in(client, "ana", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="10.0.0.99")
    assert "Too many attempts" in answer.content.decode()


def test_many_posts_from_one_address_get_429_with_a_page(client, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _attempt in range(2):
        sign_in(client, "ana", "wrong")
    answer = sign_in(client, "ana")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_somebody_switched_off_is_told_so_and_a_running_session_of_theirs_ends(client, ana):
    sign_in(client, "ana")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not is_signed_in(client)
    assert sign_in(client, "ana")["Location"] == "/accounts/inactive/"
    assert "switched off" in client.get("/accounts/inactive/").content.decode()


def test_the_form_refuses_a_post_from_another_site(ana):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "ana").status_code == 403


def test_two_names_that_differ_in_case_are_one(ana):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        User.objects.create_user("Ana", "other@example.com", PASSWORD)
