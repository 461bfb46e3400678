"""A person's own settings, and what they do to the pages."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site

from accounts.checks import sign_up_settings
from accounts.models import User

from .front_door import PASSWORD, is_signed_in, sign_in

MINE = {"full_name": "Ana María", "language": "en", "time_zone": "Asia/Shanghai", "sends_with_enter": "False"}


def test_strangers_are_sent_to_the_sign_in_page(client, db):
    assert client.get("/settings/")["Location"] == "/accounts/login/?next=/settings/"
    assert client.post("/settings/", MINE).status_code == 302
    assert not User.objects.exists()


def test_what_is_saved_is_kept_and_shown(client, ana):
    client.force_login(ana)
    page = client.post("/settings/", MINE, follow=True)
    assert "Your settings are saved." in page.content.decode()
    ana.refresh_from_db()
    assert (ana.display_name, ana.time_zone, ana.sends_with_enter) == ("Ana María", "Asia/Shanghai", False)
    assert 'value="Ana María"' in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "tlh"),
        ("time_zone", "Mars/Olympus"),
        ("sends_with_enter", "maybe"),
        ("full_name", "x" * 81),
    ],
)
def test_what_is_refused_changes_nothing(client, ana, field, value):
    client.force_login(ana)
    assert client.post("/settings/", {**MINE, field: value}).status_code == 422
    ana.refresh_from_db()
    assert (ana.full_name, ana.time_zone, ana.sends_with_enter) == ("", "", True)


def test_nobody_promotes_themselves(client, ana):
    client.force_login(ana)
    extra = {
        "is_staff": "on",
        "is_superuser": "on",
        "is_operator": "on",
        "username": "root",
        "email": "x@example.com",
    }
    client.post("/settings/", {**MINE, **extra})
    ana.refresh_from_db()
    assert (ana.username, ana.email) == ("ana", "ana@example.com")
    assert not (ana.is_staff or ana.is_superuser or ana.is_operator)


def test_a_hostile_name_is_shown_as_text(client, ana):
    client.force_login(ana)
    page = client.post(
        "/settings/", {**MINE, "full_name": '"><script>alert(1)</script>'}, follow=True
    ).content.decode()
    assert "<script>alert" not in page


def test_the_chosen_language_wins_over_the_browser(client, ana):
    ana.language = "zh-hans"
    ana.save()
    client.force_login(ana)
    assert client.get("/settings/", HTTP_ACCEPT_LANGUAGE="en")["Content-Language"] == "zh-hans"
    ana.language = ""
    ana.save()
    assert client.get("/settings/", HTTP_ACCEPT_LANGUAGE="zh-hans")["Content-Language"] == "zh-hans"


def test_times_are_shown_in_the_persons_zone(client, admin_person):
    """The next request on the same thread, of somebody without a zone, must not inherit it."""
    admin_person.time_zone = "Asia/Kolkata"
    admin_person.save()
    client.force_login(admin_person)
    assert 'data-admin-utc-offset="19800"' in client.get("/admin/").content.decode()
    admin_person.time_zone = ""
    admin_person.save()
    assert 'data-admin-utc-offset="0"' in client.get("/admin/").content.decode()


def test_a_zone_that_no_longer_exists_falls_back(client, ana):
    ana.time_zone = "US/Nowhere"
    ana.save()
    client.force_login(ana)
    assert is_signed_in(client)


def test_a_changed_password_replaces_the_old_one(client, ana):
    sign_in(client, "ana")
    new = {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"}
    client.post("/accounts/password/change/", new)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert sign_in(client, "ana", "another long phrase").status_code == 302


def test_a_new_address_waits_for_its_check(client, ana, mailoutbox, settings):
    settings.CAN_SEND_MAIL = True
    EmailAddress.objects.create(user=ana, email="ana@example.com", primary=True, verified=True)
    sign_in(client, "ana")
    client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    ana.refresh_from_db()
    assert ana.email == "ana@example.com"
    page = client.get("/accounts/email/").content.decode()
    assert "Waiting to be confirmed:" in page
    link = next(word for word in mailoutbox[-1].body.split() if "/confirm-email/" in word)
    client.post(link)
    ana.refresh_from_db()
    assert ana.email == "new@example.com"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"SIGN_UP": "maybe"}, ["accounts.E001"]),
        ({"EMAIL_CHECK": "maybe"}, ["accounts.E002"]),
        ({"EMAIL_CHECK": "mandatory", "CAN_SEND_MAIL": False}, ["accounts.E003"]),
        ({"SIGN_UP": "open", "SIGN_UP_DOMAINS": ["corp.example"], "EMAIL_CHECK": "none"}, ["accounts.W001"]),
    ],
)
def test_contradicting_settings_are_reported(settings, change, found):
    for name, value in {"SIGN_UP": "approval", "EMAIL_CHECK": "optional", **change}.items():
        setattr(settings, name, value)
    assert [message.id for message in sign_up_settings()] == found
    assert site.SIGN_UP == settings.SIGN_UP


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "%00", "Asia", "x" * 300])
def test_a_browser_that_tells_nonsense_gets_the_sites_zone(client, ana, zone):
    client.force_login(ana)
    client.cookies["time_zone"] = zone
    assert client.get("/settings/").status_code == 200


def test_who_chose_no_zone_reads_times_in_the_browsers(client, admin_person):
    client.force_login(admin_person)
    client.cookies["time_zone"] = "Asia%2FKolkata"
    assert 'data-admin-utc-offset="19800"' in client.get("/admin/").content.decode()
    client.cookies.pop("time_zone")
    assert 'data-admin-utc-offset="0"' in client.get("/admin/").content.decode()
