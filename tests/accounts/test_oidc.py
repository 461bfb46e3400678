"""Signing in with a company's service, through the front door of a real site and a real provider."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.migrated import copy_migrated
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.process import Site

START = "/accounts/oidc/sso/login/"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def idp():
    with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def as_it_was(idp):
    yield
    idp.reset()


@pytest.fixture(scope="module")
def site(tmp_path_factory, idp):
    env = {
        "OIDC_ISSUER": idp.url,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_LABEL": "Acme",
        "OIDC_SIGN_UP": "open",
        "OIDC_LINK_BY_EMAIL": "true",
        "OIDC_GROUP_MAP": "dev=Developers,qa=Testers",
        "OIDC_OPERATOR_VALUE": "support",
        "OIDC_ADMIN_VALUE": "boss",
        "SIGN_UP_DOMAINS": "acme.example",
        "PASSWORD_SIGN_IN": "false",
    }
    site = Site(tmp_path_factory.mktemp("oidc"), "http://127.0.0.1:9", "", "daphne", env)
    copy_migrated(site.database, site.env)
    shell(
        site,
        "User.objects.create_superuser('root', 'root@acme.example', 'the long way in')\n"
        "User.objects.create_user('old', 'old@acme.example', 'a long passphrase')\n"
        "EmailAddress.objects.create(user=User.objects.get(username='old'), email='old@acme.example', "
        "verified=True, primary=True)\n"
        "EmailAddress.objects.create(user=User.objects.get(username='root'), email='root@acme.example', "
        "verified=True, primary=True)\n"
        "Group.objects.create(name='Readers')",
    )
    site.start()
    yield site
    site.stop()


def shell(site: Site, code: str) -> str:
    imports = (
        "from accounts.models import User\nfrom django.contrib.auth.models import Group\n"
        "from allauth.account.models import EmailAddress\nfrom chatweb.models import AuditEntry\n"
    )
    return site.shell(imports + code).strip()


def somebody(name: str, *groups: str, **claims: object) -> dict[str, object]:
    return {
        "sub": f"id-of-{name}",
        "preferred_username": name,
        "name": name.title(),
        "email": f"{name}@acme.example",
        "email_verified": True,
        "groups": list(groups),
        **claims,
    }


@pytest.fixture
def browser(site: Site):
    with httpx.Client(base_url=site.url, trust_env=False, timeout=30, headers=HTML) as client:
        yield client


def come_in(browser: httpx.Client, path: str = START) -> httpx.Response:
    return browser.get(path, follow_redirects=True)


def text_of(answer: httpx.Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/settings/").status_code == 200


def groups_of(site: Site, name: str) -> str:
    return shell(
        site,
        f"user = User.objects.get(username={name!r})\n"
        "groups = sorted(group.name for group in user.groups.all())\n"
        "print(*groups, user.is_operator, user.is_staff, user.is_superuser)",
    )


def test_a_new_person_comes_in_with_groups_and_roles(site, idp, browser):
    idp.person = somebody("ana", "dev", "support", "unknown")
    page = browser.get("/accounts/login/?next=/settings/")
    assert "Sign in with Acme" in text_of(page)
    [href] = re.findall(r'href="(/accounts/oidc/[^"]+)"', page.text)
    answer = come_in(browser, html.unescape(href))
    assert answer.url.path == "/settings/"
    assert "ana@acme.example" in answer.text
    asked = idp.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert groups_of(site, "ana") == "Developers True False False"


def test_groups_follow_at_the_next_sign_in_and_others_are_left_alone(site, idp, browser):
    idp.person = somebody("ben", "dev", "boss")
    come_in(browser)
    shell(site, "User.objects.get(username='ben').groups.add(Group.objects.get(name='Readers'))")
    assert groups_of(site, "ben") == "Developers Readers False True False"
    browser.cookies.clear()
    idp.person = somebody("ben", "qa")
    come_in(browser)
    assert groups_of(site, "ben") == "Readers Testers False False False"
    recorded = shell(
        site,
        "told = AuditEntry.objects.filter(subject__username='ben', action__startswith='person.')\n"
        "for entry in told.order_by('pk'):\n"
        "    print(entry.action, entry.before, entry.after)",
    )
    assert recorded.splitlines() == [
        "person.roles_synchronised {'groups': [], 'is_staff': False} "
        "{'groups': ['Developers'], 'is_staff': True}",
        "person.roles_synchronised {'groups': ['Developers'], 'is_staff': True} "
        "{'groups': ['Testers'], 'is_staff': False}",
    ]
    browser.cookies.clear()
    come_in(browser)  # nothing changed: nothing is recorded
    assert (
        shell(
            site,
            "print(AuditEntry.objects.filter(subject__username='ben', action__startswith='person.').count())",
        )
        == "2"
    )


def test_a_checked_address_opens_the_account_that_has_it(site, idp, browser):
    idp.person = somebody("someone", email="old@acme.example")
    come_in(browser)
    assert "old" in text_of(browser.get("/settings/"))
    assert shell(site, "print(User.objects.filter(username='someone').count())") == "0"


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email": "eve@evil.example"}, "Use an address at acme.example."),
        ({"email_verified": False}, "Acme has not checked your e-mail address."),
        ({"email_verified": "false"}, "Acme has not checked your e-mail address."),
        ({"email": None}, "Acme did not tell your e-mail address"),
        ({"email": "root@acme.example"}, "There is an account with your address already"),
        ({"email": "old@acme.example", "email_verified": False}, "has not checked your e-mail address"),
    ],
)
def test_who_is_not_let_in_and_why(site, idp, browser, claims, sentence):
    idp.person = somebody("eve", "dev", "boss", **claims)
    assert sentence in text_of(come_in(browser))
    assert not is_in(browser)
    assert shell(site, "print(User.objects.filter(username='eve').count())") == "0"


def test_denied_consent_leads_back_with_a_sentence(idp, browser):
    idp.person, idp.denies = somebody("dan"), True
    answer = come_in(browser)
    assert answer.url.path == "/accounts/login/"
    assert "You did not sign in with Acme." in text_of(answer)


def broken_audience(idp: Provider) -> None:
    idp.audience = "another-client"


def broken_key(idp: Provider) -> None:
    idp.signing_key = rsa.generate_private_key(65537, 2048)


def another_person(idp: Provider) -> None:
    idp.user_page = {"sub": "id-of-ana"}


def no_subject(idp: Provider) -> None:
    idp.person.pop("sub")


def no_nonce(idp: Provider) -> None:
    idp.nonce = ""


@pytest.mark.parametrize("breaks", [broken_audience, broken_key, another_person, no_subject, no_nonce])
def test_a_token_that_is_not_for_us_lets_nobody_in(site, idp, browser, breaks):
    idp.person = somebody("fay")
    breaks(idp)
    answer = come_in(browser)
    assert "Signing in with Acme did not work." in text_of(answer)
    assert not is_in(browser)


def test_a_service_that_is_down_says_so(idp, browser):
    idp.is_down = True
    assert "Signing in with Acme did not work." in text_of(come_in(browser))


def test_a_tampered_state_and_a_code_of_somebody_else_let_nobody_in(site, idp, browser):
    idp.person = somebody("gil")
    location = browser.get(START).headers["location"]
    back = httpx.get(location, trust_env=False).headers["location"]
    tampered = re.sub(r"state=[^&]+", "state=guessed", back)
    assert "did not work" in text_of(browser.get(tampered, follow_redirects=True))
    with httpx.Client(base_url=site.url, trust_env=False, headers=HTML) as victim:
        assert "did not work" in text_of(victim.get(back, follow_redirects=True))
        assert not is_in(victim)
    assert not is_in(browser)


def test_a_token_made_for_another_request_lets_nobody_in(idp, browser):
    """As if somebody had got hold of a code of another sign-in and handed it to this browser."""
    idp.person = somebody("jan")
    come_in(browser)
    assert is_in(browser)
    used = idp.asked[-1]["nonce"]
    browser.cookies.clear()
    idp.nonce = used
    assert "did not work" in text_of(come_in(browser))
    assert not is_in(browser)


def sign_out(browser: httpx.Client) -> httpx.Response:
    browser.get("/accounts/logout/")
    fields = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    return browser.post("/accounts/logout/", data=fields)


def test_signing_out_signs_out_of_the_service_and_leads_back(idp, browser):
    idp.person = somebody("kim")
    come_in(browser)
    page = sign_out(browser)
    assert "Acme is asked to sign you out, too." in text_of(page)
    assert not is_in(browser)
    [target] = re.findall(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', page.text)
    back = httpx.get(html.unescape(target), trust_env=False).headers["location"]
    assert httpx.URL(back).path == "/accounts/login/"
    [ended] = idp.ended
    assert (ended["sub"], ended["realm"]) == ("id-of-kim", "acme")


def test_a_service_that_ends_no_sessions_is_left_alone(idp, browser):
    idp.person, idp.ends_sessions = somebody("leo"), False
    come_in(browser)
    assert sign_out(browser).headers["location"] == "/accounts/login/"
    assert not is_in(browser)


def test_a_link_can_neither_connect_accounts_nor_ask_for_more(idp, browser):
    browser.get(f"{START}?process=connect&scope=admin&auth_params=prompt%3Dnone")
    location = browser.get(f"{START}?process=connect&scope=admin&auth_params=prompt%3Dnone").headers[
        "location"
    ]
    assert "admin" not in location
    assert "prompt" not in location
    assert browser.get("/accounts/oidc/other/login/").status_code == 404
    assert browser.get(f"{START}?next=https://evil.example/").status_code == 302
    idp.person = somebody("hal")
    assert come_in(browser, f"{START}?next=https://evil.example/").url.path == "/"


def test_with_passwords_off_only_a_superuser_has_one(site, browser):
    def sign_in(name: str, password: str) -> httpx.Response:
        browser.get("/accounts/login/")
        fields = {"login": name, "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        return browser.post("/accounts/login/", data=fields)

    assert "Sign in with Acme." in text_of(sign_in("old", "a long passphrase"))
    assert not is_in(browser)
    assert "Sign in with Acme." not in text_of(sign_in("old", "a wrong one"))
    assert sign_in("root", "the long way in").status_code == 302
    assert is_in(browser)


def test_somebody_without_a_password_takes_their_data_by_their_name(idp, browser):
    idp.person = somebody("ida")
    come_in(browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/settings/my-data/").text)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "username": "wrong"}
    assert browser.post("/settings/my-data/download/", data=fields).status_code == 422
    answer = browser.post("/settings/my-data/download/", data={**fields, "username": "ida"})
    assert answer.headers["content-type"] == "application/zip"
