"""Sign-up in its three modes, the e-mail check, and the way back from a forgotten password."""

import pytest
from django.utils.html import strip_tags

from accounts.models import User

from .front_door import PASSWORD, is_signed_in, sign_in, sign_up


def link_in(mail, part: str) -> str:
    return next(word for word in mail.body.split() if part in word)


def words_of(page) -> list[str]:
    return strip_tags(page.content.decode()).split()


@pytest.fixture
def open_site(settings, db):
    settings.SIGN_UP = "open"
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    return settings


def test_open_lets_people_in_at_once(client, open_site):
    assert sign_up(client, "eva", "eva@example.com")["Location"] == "/"
    assert is_signed_in(client)


def test_closed_makes_no_account_and_says_so(client, db, settings):
    settings.SIGN_UP = "closed"
    assert "Ask one of them" in client.get("/accounts/signup/").content.decode()
    assert "Ask one of them" in sign_up(client, "eva", "eva@example.com").content.decode()
    assert not User.objects.exists()
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()


def test_approval_makes_people_wait_until_an_admin_approves(client, db, settings, admin_person, mailoutbox):
    settings.SIGN_UP, settings.CAN_SEND_MAIL = "approval", True
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    assert sign_up(client, "eva", "eva@example.com")["Location"] == "/accounts/waiting/"
    assert "waits for an administrator" in client.get("/accounts/waiting/").content.decode()
    assert not is_signed_in(client)
    assert sign_in(client, "eva")["Location"] == "/accounts/waiting/"
    assert not is_signed_in(client)

    eva = User.objects.get(username="eva")
    client.force_login(admin_person)
    client.post("/admin/accounts/user/", {"action": "approve_selected", "_selected_action": [eva.pk]})
    client.post("/accounts/logout/")
    assert [mail.to for mail in mailoutbox] == [["eva@example.com"]]
    assert "http://testserver/accounts/login/" in mailoutbox[0].body
    assert sign_in(client, "eva")["Location"] == "/"
    assert is_signed_in(client)


def test_taking_an_approval_back_ends_the_session(client, ana):
    sign_in(client, "ana")
    User.objects.filter(pk=ana.pk).update(is_approved=False)
    assert not is_signed_in(client)


def test_a_checked_address_comes_before_the_approval(client, db, settings, mailoutbox):
    settings.SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = "approval", "mandatory"
    assert sign_up(client, "eva", "eva@example.com")["Location"] == "/accounts/confirm-email/"
    link = link_in(mailoutbox[0], "/confirm-email/")
    assert "eva@example.com" in client.get(link).content.decode()
    answer = client.post(link, follow=True)
    assert "waits for an administrator" in answer.content.decode()
    assert User.objects.get(username="eva").emailaddress_set.get().verified


def test_a_mandatory_check_keeps_people_out_until_they_follow_the_link(client, db, settings, mailoutbox):
    settings.SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    sign_up(client, "eva", "eva@example.com")
    assert not is_signed_in(client)
    client.post(link_in(mailoutbox[0], "/confirm-email/"))
    sign_in(client, "eva")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "address", ["eva@example.com", "eva@sub.corp.example", "eva@corp.example.evil.example"]
)
def test_only_the_listed_domains(client, open_site, address):
    open_site.SIGN_UP_DOMAINS = ["corp.example", "other.example"]
    answer = sign_up(client, "eva", address)
    assert "Use an address at corp.example, other.example." in answer.content.decode()
    assert not User.objects.exists()


def test_a_listed_domain_in_capitals(client, open_site):
    open_site.SIGN_UP_DOMAINS = ["corp.example"]
    assert sign_up(client, "eva", "Eva@CORP.example").status_code == 302


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("ana@example.com", PASSWORD, "A user name cannot contain @."),
        ("Ana", PASSWORD, "already exists"),
        ("eva", "12345678901", "entirely numeric"),
        ("eva", "demo", "too short"),
        ("evangeline", "evangeline1", "too similar"),
    ],
)
def test_what_a_sign_up_refuses(client, open_site, ana, username, password, sentence):
    assert sentence in sign_up(client, username, "new@example.com", password).content.decode()
    assert User.objects.count() == 1


def test_a_forgotten_password(client, ana, mailoutbox, settings):
    settings.CAN_SEND_MAIL = True
    client.post("/accounts/password/reset/", {"email": "ana@example.com"})
    link = link_in(mailoutbox[0], "/password/reset/key/")
    form = client.get(link, follow=True)
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    client.post(form.redirect_chain[-1][0], new)
    assert sign_in(client, "ana").status_code == 200
    assert sign_in(client, "ana", "another long phrase").status_code == 302
    assert "too old or has been used" in client.get(link, follow=True).content.decode()


def test_asking_for_a_reset_does_not_tell_who_has_an_account(client, ana, settings):
    settings.CAN_SEND_MAIL = True
    known = client.post("/accounts/password/reset/", {"email": "ana@example.com"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert words_of(known) == words_of(unknown)


def test_without_a_mail_server_the_reset_page_says_whom_to_ask(client, db, settings):
    settings.CAN_SEND_MAIL = False
    page = client.get("/accounts/password/reset/").content.decode()
    assert "Ask one of its administrators" in page
    assert 'name="email"' not in page
