"""Headers and cookies of every page, every refusal and every file, in the production settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from accounts.models import User
from chatweb.models import Attachment
from chatweb.rates import DEFAULTS, Rate
from chatweb.views.answers import Refused, command
from chatweb.views.health import PROBES
from tests.live.test_every_door import DOORS

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
ONLY_OURS = {"camera=()", "geolocation=(self)", "payment=()", "usb=()", "browsing-topics=()"}


@command
def too_much(request: HttpRequest) -> HttpResponse:
    raise Refused("too_large")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("too-much/", too_much),
    path("broken/", broken),
    path("missing/", missing),
    path("", include("chatweb.urls")),
]


@pytest.fixture(autouse=True)
def as_in_production() -> Iterator[None]:
    with override_settings(
        SECURE_SSL_REDIRECT=True,
        SESSION_COOKIE_SECURE=True,
        CSRF_COOKIE_SECURE=True,
        SECURE_HSTS_SECONDS=31_536_000,
        SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
        SECURE_HSTS_PRELOAD=True,
    ):
        yield


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("root", "root@example.com", "a long passphrase", is_operator=True)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def ask(browser: Client, address: str, method: str = "GET", **headers: str) -> Any:
    return browser.generic(method, address, secure=True, HTTP_ACCEPT="text/html", **headers)


def policy_of(answer: Any) -> dict[str, str]:
    parts = answer["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts) if name}


def lacking(answer: Any) -> list[str]:
    """What a page should say of itself and does not."""
    found = [name for name, value in EVERYWHERE.items() if answer.get(name) != value]
    if answer.get("Referrer-Policy") == "no-referrer":  # stricter
        found = [name for name in found if name != "Referrer-Policy"]
    if not set(answer.get("Permissions-Policy", "").split(", ")) >= ONLY_OURS:
        found.append("Permissions-Policy")
    if not answer.has_header("Content-Security-Policy"):
        return [*found, "Content-Security-Policy"]
    policy = policy_of(answer)
    is_loose = [name for name, value in policy.items() if "unsafe" in value]
    # What has an opaque origin may style itself: diagrams, and exports that are opened from the disk.
    if policy.get("default-src") != "'none'" or is_loose not in ([], ["style-src"] * ("sandbox" in policy)):
        found.append("default-src")
    is_framed = "sandbox" in policy and answer.get("Content-Type", "").startswith("text/html")
    if not is_framed and policy.get("frame-ancestors", "'none'" if "sandbox" in policy else "") != "'none'":
        found.append("frame-ancestors")
    return found


@pytest.mark.parametrize("who", ["stranger", "boss"])
def test_every_page_says_what_browsers_must_not_do(browser, boss, who) -> None:
    if who == "boss":
        browser.force_login(boss)
    wrong = {door: gaps for door in DOORS if door not in PROBES and (gaps := lacking(ask(browser, door)))}
    assert wrong == {}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/conversations/", "POST", 403),
        ("/missing/", "GET", 404),
        ("/no such page/", "GET", 404),
        ("/healthz/nothing", "GET", 404),
        ("/too-much/", "POST", 413),
        ("/search/", "GET", 429),
        ("/too-much/", "GET", 405),
        ("/broken/", "GET", 500),
    ],
)
def test_every_page_of_refusal_says_it_too(browser, ana, settings, address, method, status) -> None:
    settings.RATE_LIMITS = dict(DEFAULTS) | {"search": Rate(1, 3600)}
    browser.force_login(ana)
    ask(browser, "/search/")
    if status == 403:  # no token
        browser.handler.enforce_csrf_checks = True
    answer = ask(browser, address, method)
    assert (answer.status_code, lacking(answer)) == (status, [])


def test_plain_http_is_led_to_https_and_nothing_else(browser) -> None:
    answer = browser.get("/", secure=False)
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")
    assert not answer.cookies


def test_cookies_are_for_this_site_alone(browser, ana) -> None:
    page = ask(browser, reverse("account_login"))
    assert page.cookies["csrftoken"]["secure"] and page.cookies["csrftoken"]["samesite"] == "Lax"
    fields = {"login": "ana", "password": "a long passphrase"}
    signed_in = browser.post(reverse("account_login"), fields, secure=True)
    session = signed_in.cookies["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert session["domain"] == session["comment"] == "" and session["path"] == "/"
    assert {"sessionid", "csrftoken", "messages"} >= set(signed_in.cookies)


PUBLIC = re.compile(r"^/(accounts/|admin/login|healthz|readyz|jsi18n|brand|receipts/|diagram/|metrics)")


def test_what_is_of_a_person_is_kept_by_no_shared_cache(browser, boss) -> None:
    """Signed out, "back" must not show a colleague's page, and a proxy must keep none."""
    browser.force_login(boss)
    kept = []
    for door in DOORS:
        answer = ask(browser, door)
        said = answer.get("Cache-Control", "")
        if not PUBLIC.match(door) and answer.status_code == 200 and not re.search("private|no-store", said):
            kept.append((door, said))
    assert kept == []


def test_a_file_goes_out_inert_and_to_its_owner_alone(browser, ana, connection, files) -> None:
    page = b"<script>alert(1)</script>"
    file = Attachment(user=ana, connection=connection, name="a.html", mime="image/png", size_bytes=len(page))
    file.copy.save("a", ContentFile(page), save=False)
    file.save()
    browser.force_login(ana)
    for name, disposition in (("file", "attachment"), ("file_picture", "inline")):
        answer = ask(browser, reverse(name, args=[file.uuid]))
        assert answer.status_code == 200, name
        assert answer["Content-Disposition"].startswith(disposition)
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cache-Control"].startswith("private")
        assert answer["Content-Type"] == {"file": "application/octet-stream"}.get(name, "image/png")


def test_the_settings_themselves_are_not_loosened() -> None:
    assert site_settings.SESSION_COOKIE_HTTPONLY and site_settings.SESSION_COOKIE_SAMESITE == "Lax"
    policy = site_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not [value for values in policy.values() for value in values if "unsafe" in value or "*" in value]
