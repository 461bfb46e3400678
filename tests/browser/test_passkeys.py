"""Passkeys with a real browser and a virtual authenticator: added, used after a password, used alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints, NewContext
from tests.process import Site

NAME, PASSWORD = "petra", "a long passphrase"


@pytest.fixture
def home(site: Site, complaints: Complaints) -> str:
    """Passkeys belong to a name, never to an address."""
    complaints.forgive("http://localhost:")
    site.shell(
        "from accounts.models import User\n"
        f"User.objects.filter(username={NAME!r}).delete()\n"
        f"User.objects.create_user({NAME!r}, '{NAME}@example.com', {PASSWORD!r})",
    )
    return f"http://localhost:{site.port}"


@pytest.fixture
def page(new_context: NewContext, home: str) -> Page:
    return page_with_authenticator(new_context)


def page_with_authenticator(new_context: NewContext) -> Page:
    """A browser on a device of its own, whose owner always says yes."""
    page = new_context(name="").new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def sign_in(page: Page, home: str) -> None:
    page.goto(f"{home}/accounts/login/")
    page.get_by_label("User name or e-mail").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, home: str) -> None:
    page.goto(f"{home}/settings/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def add_passkey(page: Page, home: str) -> None:
    page.goto(f"{home}/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("My laptop")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_added_and_lets_in_by_itself_and_after_the_password(page: Page, home: str):
    sign_in(page, home)
    add_passkey(page, home)
    page.goto(f"{home}/accounts/2fa/")
    expect(page.get_by_role("heading", name="My laptop")).to_be_visible()
    sign_out(page, home)

    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{home}/")
    sign_out(page, home)

    sign_in(page, home)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{home}/")


def test_a_browser_without_the_passkey_says_so(page: Page, home: str, new_context: NewContext):
    sign_in(page, home)
    add_passkey(page, home)
    other = page_with_authenticator(new_context)
    sign_in(other, home)
    other.get_by_role("button", name="Use a passkey").click()
    expect(other.get_by_role("alert")).to_have_text("No passkey was given. Try again, or use another way.")


def test_a_removed_passkey_lets_nobody_in(page: Page, home: str):
    sign_in(page, home)
    add_passkey(page, home)
    page.goto(f"{home}/accounts/2fa/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="My laptop")).to_have_count(0)
    sign_out(page, home)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page).to_have_url(f"{home}/accounts/login/")
