"""Connections: secrets go in and never come out, and the buttons talk to a real upstream."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection as database

from chatweb.models import AuditEntry, Connection

from .conftest import TOKEN, pem
from .test_importing import import_all

PAGE = "/admin/chatweb/connection/"
FIELDS = {
    "name": "Coze", "dialect": "coze", "base_url": "https://api.coze.cn", "auth": "token",
    "is_enabled": "on", "token": "", "oauth_app_id": "", "oauth_key_id": "", "oauth_private_key": "",
}  # fmt: skip
NEW = "pat_AnotherSecretTokenOfTheTeam9z8y"


def kept(column: str) -> str:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM chatweb_connection")
        return str(cursor.fetchone()[0])


def change(client, connection: Connection, **fields: str):
    return client.post(f"{PAGE}{connection.pk}/change/", {**FIELDS, **fields})


def test_the_list_shows_enough_of_a_token_to_tell_two_apart(root, connection):
    page = root.get(PAGE).content.decode()
    assert "pat_…3f2a" in page
    assert TOKEN not in page


def test_an_empty_field_keeps_the_token_and_a_full_one_replaces_it(root, connection):
    assert change(root, connection, name="Renamed").status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.token) == ("Renamed", TOKEN)
    assert change(root, connection, token=NEW).status_code == 302
    connection.refresh_from_db()
    assert connection.token == NEW


def test_no_secret_comes_back_with_an_error(root, connection):
    key = pem("rsa")
    page = change(root, connection, name="", token=NEW, oauth_private_key=key)
    text = page.content.decode()
    assert page.status_code == 200
    assert NEW not in text
    assert TOKEN not in text
    assert key.splitlines()[1] not in text


def test_the_history_says_that_a_token_changed_and_not_what_to(root, connection):
    change(root, connection, token=NEW)
    entry = LogEntry.objects.get()
    assert "Access token" in entry.change_message
    assert NEW not in f"{entry.change_message} {entry.object_repr}"
    page = root.get(f"{PAGE}{connection.pk}/history/", follow=True).content.decode()
    assert "Coze" in page
    changed = AuditEntry.objects.get(object_type="connection")
    assert "token" in changed.after
    assert NEW not in f"{page} {changed.before} {changed.after}"


def test_what_is_at_rest_is_ciphertext(root, connection):
    change(
        root, connection, auth="oauth_jwt", oauth_app_id="1", oauth_key_id="k", oauth_private_key=pem("rsa")
    )
    assert kept("token").startswith("gAAAA")
    assert kept("oauth_private_key").startswith("gAAAA")
    assert TOKEN not in kept("token")
    connection.refresh_from_db()
    assert connection.token == TOKEN
    assert connection.oauth_private_key.startswith("-----BEGIN PRIVATE KEY-----")


def test_keys_rotate(root, connection, settings):
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert Connection.objects.get().token == TOKEN
    change(root, connection, token=NEW)
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert Connection.objects.get().token == NEW


def test_a_lost_key_leaves_pages_that_still_open_and_can_be_mended(root, connection, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "cannot be read" in root.get(PAGE).content.decode()
    assert "cannot be read" in root.get(f"{PAGE}{connection.pk}/change/").content.decode()
    tried = root.post(f"{PAGE}{connection.pk}/test/", follow=True).content.decode()
    assert "no key of this site opens the stored credentials" in tried
    assert "An access token is needed." in change(root, connection).content.decode()
    assert change(root, connection, token=NEW).status_code == 302
    assert Connection.objects.get().token == NEW


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"token": ""}, "An access token is needed."),
        ({"auth": "oauth_jwt"}, "The private key of the OAuth app is needed."),
        ({"auth": "oauth_jwt"}, "The id of the OAuth app is needed."),
        ({"auth": "oauth_jwt"}, "The fingerprint of its public key is needed."),
        ({"token": NEW, "base_url": "ftp://api.coze.cn"}, "The address begins with https:// or http://."),
        ({"token": NEW, "base_url": "https://api.coze.cn/?a=b"}, "Only scheme, host, port and path"),
        ({"token": NEW, "base_url": "https://me:secret@api.coze.cn"}, "Only scheme, host, port and path"),
        ({"token": NEW, "base_url": "not a host"}, "The address begins with https:// or http://."),
    ],
)
def test_what_a_new_connection_needs(root, fields, sentence):
    page = root.post(f"{PAGE}add/", {**FIELDS, **fields})
    assert sentence in page.content.decode()
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("hello", "This is not a private key in PEM form."),
        (pem("ec"), "Coze signs with RSA."),
        (pem("locked"), "This key is locked with a password."),
    ],
    ids=["text", "ec", "locked"],
)
def test_only_an_rsa_key_signs(root, db, key, sentence):
    fields = {"auth": "oauth_jwt", "oauth_app_id": "1", "oauth_key_id": "k", "oauth_private_key": key}
    assert sentence in root.post(f"{PAGE}add/", {**FIELDS, **fields}).content.decode()


def test_a_key_copied_out_of_json_is_put_right(root, db):
    key = pem("rsa")
    fields = {"oauth_app_id": "1", "oauth_key_id": "k", "oauth_private_key": key.replace("\n", "\\n")}
    assert root.post(f"{PAGE}add/", {**FIELDS, **fields, "auth": "oauth_jwt"}).status_code == 302
    assert Connection.objects.get().oauth_private_key == key


def test_the_slash_at_the_end_of_the_address_goes(root, db):
    root.post(f"{PAGE}add/", {**FIELDS, "token": NEW, "base_url": "http://127.0.0.1:8888/"})
    assert Connection.objects.get().base_url == "http://127.0.0.1:8888"


@pytest.fixture
def live(simulator, db) -> Connection:
    return Connection.objects.create(name="Live", base_url=simulator.url, token=simulator.token)


def test_the_test_button_says_who_we_are_there(root, live):
    page = root.post(f"{PAGE}{live.pk}/test/", follow=True)
    assert page.redirect_chain == [(f"{PAGE}{live.pk}/change/", 302)]
    assert 'class="success">Live: Connected as' in page.content.decode()


def test_a_refused_token_shows_code_and_log_id_and_not_the_token(root, live):
    Connection.objects.update(token=NEW)
    text = root.post(f"{PAGE}{live.pk}/test/", follow=True).content.decode()
    assert 'class="error">' in text
    assert "Code 4100" in text
    assert "Log id 20" in text
    assert NEW not in text


def test_an_upstream_that_is_not_there_is_told_so(root, live):
    Connection.objects.update(base_url="http://127.0.0.1:9")
    assert 'class="error">' in root.post(f"{PAGE}{live.pk}/test/", follow=True).content.decode()


def test_save_and_test(root, simulator, db):
    fields = {**FIELDS, "base_url": simulator.url, "token": simulator.token, "_test": "1"}
    page = root.post(f"{PAGE}add/", fields, follow=True)
    assert page.redirect_chain == [(f"{PAGE}{Connection.objects.get().pk}/change/", 302)]
    assert "Connected as" in page.content.decode()


def test_importing_brings_the_bots_and_twice_changes_nothing(root, live, simulator):
    import_all(root, live)
    names = set(live.bots.values_list("name", flat=True))
    assert {"Echo", "Showcase"} <= names
    text = import_all(root, live)
    assert "0 added" in text
    assert set(live.bots.values_list("name", flat=True)) == names


def test_importing_from_a_broken_connection_explains_itself(root, live):
    Connection.objects.update(token=NEW)
    text = root.get(f"{PAGE}{live.pk}/import/", follow=True).content.decode()
    assert "Code 4100" in text
    assert live.bots.count() == 0


def test_both_actions_of_the_list(root, live):
    for action, sentence in {"test_connections": "Connected as", "import_all_bots": "added"}.items():
        fields = {"action": action, "_selected_action": [live.pk]}
        assert sentence in root.post(PAGE, fields, follow=True).content.decode()


@pytest.mark.parametrize("action", ["test", "change-over", "import"])
def test_the_buttons_need_a_post_and_the_permission_to_change(client, root, live, ana, action):
    path = f"{PAGE}{live.pk}/{action}/"
    assert root.get(path).status_code == (200 if action == "import" else 405)
    assert root.post(f"{PAGE}999999/{action}/").status_code == 404
    ana.is_staff = True
    ana.save()
    ana.user_permissions.set(Permission.objects.filter(codename="view_connection"))
    client.force_login(ana)
    assert client.post(path).status_code == 403
