"""Tokens that end: the countdown, the reminders, and the next token taking over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from chatweb.models import Connection
from chatweb.turns.connections import settings_of
from chatweb.turns.expiring import days_left, look_after_tokens, reminder_due, soon

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "days"), [(24 * 14, 14), (24 * 14 + 1, 15), (25, 2), (24, 1), (1, 1), (0, 0), (-5, 0)]
)
def test_begun_days_are_counted(hours, days):
    assert days_left(NOON + timedelta(hours=hours), NOON) == days


@pytest.mark.parametrize(
    ("days", "told", "due"),
    [
        (15, None, None),
        (14, None, 14),
        (10, 14, None),
        (3, 14, 3),
        (2, None, 3),
        (1, 3, 1),
        (0, 1, None),
        (0, 3, 1),
    ],
)
def test_each_reminder_comes_once(days, told, due):
    assert reminder_due(days, told) == due


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_superuser("root", "root@example.com", language="zh-hans")


def connected(days: float, **fields: object) -> Connection:
    end = timezone.now() + timedelta(days=days)
    return Connection.objects.create(name="Coze", token="pat_first", token_expires_at=end, **fields)


def test_admins_are_written_to_once_a_threshold_in_their_language(admin):
    User.objects.create_user("ana", "ana@example.com")
    connection = connected(2.5)
    look_after_tokens()
    look_after_tokens()
    [letter] = mail.outbox
    assert (letter.to, "Coze" in letter.subject, "令牌" in letter.subject) == (
        ["root@example.com"],
        True,
        True,
    )
    Connection.objects.filter(pk=connection.pk).update(token_expires_at=timezone.now() + timedelta(hours=3))
    look_after_tokens()
    assert len(mail.outbox) == 2


def test_the_next_token_takes_over_when_the_first_is_over(admin):
    later = timezone.now() + timedelta(days=40)
    connection = connected(-0.01, next_token="pat_second", next_token_expires_at=later)
    before = settings_of(connection)
    look_after_tokens()
    connection.refresh_from_db()
    after = settings_of(connection)
    assert (connection.token, connection.next_token, connection.token_expires_at) == ("pat_second", "", later)
    assert (before.token, after.token) == ("pat_first", "pat_second")
    assert before.key != after.key
    assert mail.outbox == []


def test_a_next_token_counts_for_the_countdown(admin):
    connected(2, next_token="pat_second", next_token_expires_at=timezone.now() + timedelta(days=90))
    assert soon(timezone.now()) == []
    look_after_tokens()
    assert mail.outbox == []


def test_a_connection_whose_key_is_gone_does_not_keep_the_others_from_being_told(admin, settings):
    connected(2, next_token="pat_second", next_token_expires_at=timezone.now() + timedelta(days=1))
    from cryptography.fernet import Fernet

    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    end = timezone.now() + timedelta(days=2)
    Connection.objects.create(name="Other", token="pat_other", token_expires_at=end)
    look_after_tokens()
    assert ["Other" in letter.subject for letter in mail.outbox] == [True]
    assert [one.name for one, _days in soon(timezone.now())] == ["Other"]
