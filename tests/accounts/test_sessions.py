"""Where somebody is signed in: seen, ended one by one or all at once, and never a stranger's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import SignIn, User

from .front_door import PASSWORD, is_signed_in, sign_in

LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
PAGE = "/settings/sessions/"


@pytest.fixture
def laptop(ana) -> Client:
    client = Client(HTTP_USER_AGENT=LAPTOP, REMOTE_ADDR="192.0.2.7")
    sign_in(client, "ana")
    return client


@pytest.fixture
def phone(ana) -> Client:
    client = Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.9")
    sign_in(client, "ana")
    return client


def page_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


def one_on(device: str) -> SignIn:
    [found] = [one for one in SignIn.objects.all() if one.device == device]
    return found


def test_the_page_lists_each_browser_with_its_address_and_says_which_one_asks(laptop, phone):
    page = page_of(laptop)
    assert page.index("Firefox · Linux") < page.index("this one") < page.index("Safari · iPhone")
    assert "192.0.2.7" in page
    assert "198.51.100.9" in page
    assert page.count("this one") == 1


def test_one_other_browser_is_signed_out_and_the_own_stays(laptop, phone):
    answer = laptop.post(f"{PAGE}{one_on('Safari · iPhone').uuid}/end/", follow=True)
    assert "Safari · iPhone is signed out." in answer.content.decode()
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)


def test_all_others_at_once(laptop, phone, ana):
    tablet = Client()
    sign_in(tablet, "ana")
    answer = laptop.post(f"{PAGE}end-others/", follow=True)
    assert "2 other sessions are signed out." in answer.content.decode()
    assert [is_signed_in(client) for client in (laptop, phone, tablet)] == [True, False, False]
    assert "Sign out all others" not in page_of(laptop)


def test_a_strangers_session_is_not_found_and_not_listed(laptop, db):
    User.objects.create_user("ben", "ben@example.com", PASSWORD)
    stranger = Client()
    sign_in(stranger, "ben")
    assert stranger.post(f"{PAGE}{one_on('Firefox · Linux').uuid}/end/").status_code == 404
    assert "192.0.2.7" not in page_of(stranger)
    stranger.post(f"{PAGE}end-others/")
    assert is_signed_in(laptop)


def test_nobody_sees_the_page_without_signing_in(client, db):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert client.post(f"{PAGE}end-others/").status_code == 302


def test_a_session_that_is_over_is_not_listed(laptop, phone):
    phone.post("/accounts/logout/")
    assert "Safari" not in page_of(laptop)
    assert SignIn.objects.count() == 1


def test_an_expired_session_is_not_listed(laptop, phone):
    session = one_on("Safari · iPhone").session
    session.expire_date = timezone.now() - timedelta(seconds=1)
    session.save()
    assert "Safari" not in page_of(laptop)


def test_last_use_follows_the_person_and_is_written_once_a_minute(laptop):
    long_ago = timezone.now() - timedelta(days=3)
    SignIn.objects.update(last_used_at=long_ago)
    is_signed_in(laptop)
    assert one_on("Firefox · Linux").last_used_at == long_ago  # noted within this minute already
    cache.clear()  # a minute later
    laptop.get("/settings/", REMOTE_ADDR="203.0.113.5")
    seen = one_on("Firefox · Linux")
    assert seen.last_used_at > timezone.now() - timedelta(minutes=1)
    assert seen.address == "203.0.113.5"


def test_a_new_password_ends_every_other_session_and_keeps_the_own(laptop, phone):
    new = "another long phrase"
    laptop.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_signed_in(laptop)
    assert SignIn.objects.count() == 1
    assert "Firefox · Linux" in page_of(laptop)
    assert not is_signed_in(phone)


def test_a_reset_password_ends_all(laptop, ana, client, mailoutbox, settings):
    settings.CAN_SEND_MAIL = True
    client.post("/accounts/password/reset/", {"email": "ana@example.com"})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long phrase", "password2": "another long phrase"})
    assert not SignIn.objects.exists()
    assert not is_signed_in(laptop)


def test_sessions_from_before_the_list_are_taken_into_it(laptop, ana):
    from importlib import import_module

    from django.apps import apps

    SignIn.objects.all().delete()
    Client().get("/accounts/login/")  # a stranger's session belongs to nobody
    import_module("accounts.migrations.0004_known_sessions").list_sessions(apps, None)
    assert [one.user for one in SignIn.objects.all()] == [ana]
    assert "this one" in page_of(laptop)
