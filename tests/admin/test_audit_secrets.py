"""No secret ever comes into the audit log, and no text longer than anybody reads (M-118)."""

from __future__ import annotations

from cryptography.fernet import Fernet

from accounts.models import User
from chatweb.models import AuditEntry, Bot, Connection

from .audited import bot_fields, bot_page, dump, entries, only, post
from .conftest import TOKEN, pem

NEW_TOKEN = "pat_AnotherSecretOfTheTeam9c1d"
PASSWORD = "correct horse battery staple"


def test_no_secret_ever_comes_into_the_log(root, ana, talk, connection):
    """Everything an admin can give away at once; then the whole log is searched for each of the secrets."""
    key = pem("rsa")
    page = f"/admin/chatweb/connection/{connection.pk}/change/"
    post(root, page, token=NEW_TOKEN)
    post(root, page, auth="oauth_jwt", oauth_app_id="app", oauth_key_id="k", oauth_private_key=key)
    root.post(
        f"/admin/accounts/user/{ana.pk}/password/",
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    new = {"username": "eva", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    root.post("/admin/accounts/user/add/", new)
    pasted = {"type": "object", "properties": {"a": {"api_key": "hush-hush", "default": NEW_TOKEN}}}
    post(
        root, bot_page(talk.bot), **bot_fields(asked_parameters=dump(pasted), description=f"use {NEW_TOKEN}")
    )
    root.post(f"/admin/chatweb/bot/{talk.bot.pk}/delete/", {"post": "yes"})
    ana.refresh_from_db()
    eva = User.objects.get(username="eva")
    log = "\n".join(str(list(AuditEntry.objects.values_list())).splitlines())
    body = "".join(key.split("\n")[1:3])
    for secret in (TOKEN, NEW_TOKEN, PASSWORD, ana.password, eva.password, "hush-hush", body[:40], "BEGIN"):
        assert secret not in log
    first, second = entries("connection.changed")
    assert first.after == {"token": {"secret": "changed"}}
    assert second.after["oauth_private_key"] == {"secret": "set"}
    assert only("user.changed").after == {"password": {"secret": "changed"}}
    assert only("user.added").after["password"] == {"secret": "set"}


def test_a_connection_whose_key_is_lost_is_changed_and_recorded(root, connection, settings):
    Connection.objects.filter(pk=connection.pk).update(name="Old")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    post(root, f"/admin/chatweb/connection/{connection.pk}/change/", token=NEW_TOKEN, name="New")
    entry = only("connection.changed")
    assert entry.after == {"name": "New", "token": {"secret": "changed"}}


def test_long_texts_are_cut_where_they_do_not_differ(root, talk):
    long = "word " * 2000
    Bot.objects.filter(pk=talk.bot.pk).update(description=long + "one", file_kinds=["image"])
    post(root, bot_page(talk.bot), **bot_fields(description=long + "two"))
    entry = only("bot.changed")
    assert entry.before["description"].endswith("one")
    assert entry.after["description"].endswith("two")
    assert len(entry.after["description"]) < 1000
