"""Demo accounts: in from this computer, from nowhere else, whatever the door."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.place import PROXY_HEADERS, is_from_this_computer

from .front_door import is_signed_in, sign_in

SENTENCE = "It signs in only from the computer that runs this site"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_from_this_computer(client, demo, address):
    assert sign_in(client, "demo", "demo", REMOTE_ADDR=address).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "", "unix:"])
def test_from_another_address(demo, address):
    assert not is_from_this_computer({"REMOTE_ADDR": address})


def test_somebody_elsewhere_is_told_why(client, demo):
    answer = sign_in(client, "demo", "demo", REMOTE_ADDR="192.0.2.1")
    assert SENTENCE in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_through_a_proxy_on_this_computer(client, demo, header):
    answer = sign_in(client, "demo", "demo", REMOTE_ADDR="127.0.0.1", **{header: "127.0.0.1"})
    assert SENTENCE in answer.content.decode()
    assert not is_signed_in(client)


def test_the_admin_has_no_door_of_its_own(client, db):
    User.objects.create_superuser("admin", "admin@example.com", "admin", is_demo=True)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    fields = {"username": "admin", "password": "admin", "login": "admin"}
    client.post("/admin/login/", fields, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert client.get("/admin/").status_code == 302
    sign_in(client, "admin", "admin", next="/admin/")
    assert client.get("/admin/").status_code == 200


def test_the_backend_itself_refuses_whoever_asks(demo):
    """So that a sign-in path added later cannot forget the rule."""
    local = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    proxied = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1", HTTP_FORWARDED="for=203.0.113.9")
    assert authenticate(local, username="demo", password="demo") == demo
    assert authenticate(proxied, username="demo", password="demo") is None
    assert authenticate(None, username="demo", password="demo") is None


def test_a_new_password_by_mail_opens_no_side_door(client, demo, mailoutbox, settings):
    settings.CAN_SEND_MAIL = True
    settings.ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
    client.post("/accounts/password/reset/", {"email": "demo@example.com"})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    stranger = Client(REMOTE_ADDR="192.0.2.1")
    form = stranger.get(link, follow=True)
    password = {"password1": "a new long password", "password2": "a new long password"}
    answer = stranger.post(form.redirect_chain[-1][0], password, follow=True)
    assert SENTENCE in answer.content.decode()
    assert not is_signed_in(stranger)
