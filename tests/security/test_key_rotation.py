"""`manage.py rotate_keys`: a new key in front, everything encrypted anew, and the old one can go."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import User
from chatweb import key_rotation
from chatweb.models import Bot, Connection, Tool
from chatweb.models.encrypted import EncryptedTextField, Undecipherable

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def secrets(settings) -> None:
    """One of every kind, by the old key."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    connection = Connection.objects.create(
        name="Coze", base_url="https://x.example", token="pat_1", next_token="pat_2", oauth_private_key="pem"
    )
    Connection.objects.create(name="Bare", base_url="https://x.example")
    bot = Bot.objects.create(connection=connection, upstream_id="1", name="Echo")
    Tool.objects.create(bot=bot, name="rain", webhook_secret="shared")
    ana = User.objects.create_user("ana", password="x")
    hidden = get_adapter().encrypt
    Authenticator.objects.create(user=ana, type="totp", data={"secret": hidden("totp")})
    codes = {"seed": hidden("seed"), "used_mask": 3, "migrated_codes": [hidden("a"), hidden("b")]}
    Authenticator.objects.create(user=ana, type="recovery_codes", data=codes)


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


def everything() -> list[str]:
    connection = Connection.objects.get(name="Coze")
    tool = Tool.objects.get()
    totp, codes = Authenticator.objects.order_by("pk")
    hidden = [totp.data["secret"], codes.data["seed"], *codes.data["migrated_codes"]]
    opened = [get_adapter().decrypt(one) for one in hidden]
    assert codes.data["used_mask"] == 3
    return [
        connection.token,
        connection.next_token,
        connection.oauth_private_key,
        tool.webhook_secret,
        *opened,
    ]


PLAIN = ["pat_1", "pat_2", "pem", "shared", "totp", "seed", "a", "b"]


def test_the_old_key_can_go_afterwards(secrets, settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    said = rotate()
    assert "Connection.token: 1 encrypted anew" in said and "Authenticator.data: 4 encrypted anew" in said
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert everything() == PLAIN
    assert Connection.objects.get(name="Bare").token == ""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    with pytest.raises(Undecipherable):
        Connection.objects.get(name="Coze")


def test_every_encrypted_column_is_walked() -> None:
    columns = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    assert {place for place, _ in key_rotation.rotate()} == columns | {"Authenticator.data"}


def test_a_run_that_was_killed_goes_on_and_a_second_one_finds_nothing(secrets, settings, monkeypatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    rounds = key_rotation.rotate()
    assert next(rounds)[1].rewritten == 1  # and killed
    assert "Connection.token: 0 encrypted anew, 1 by the first key" in rotate()
    stored = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert " 0 encrypted anew, 4 by the first key" in rotate()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == stored
    assert everything() == PLAIN


def test_a_dry_run_counts_and_changes_nothing(secrets, settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert "Tool.webhook_secret: 1 to encrypt anew" in rotate("--dry-run")
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert everything() == PLAIN


def test_what_no_key_opens_is_counted_and_left_and_the_rest_is_done(secrets, settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [LOST]
    Connection.objects.filter(name="Bare").update(token="lost")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match="1 secrets open with none"):
        rotate()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert everything() == PLAIN
    settings.FIELD_ENCRYPTION_KEYS = [NEW, LOST]
    assert Connection.objects.get(name="Bare").token == "lost"
