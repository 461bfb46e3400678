"""Tokens that end: the next one takes over in time, and admins are told days before there is none.

What ends and when to tell is pure; `look_after_tokens` runs on the writer's thread, now and then.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from accounts.models import User
from chatweb.models import Connection
from chatweb.models.encrypted import Undecipherable

logger = logging.getLogger(__name__)

LOOK_SECONDS = 600.0
REMINDERS = (14, 3, 1)  # days before the last token ends
SECONDS_A_DAY = 86_400


def ends_at(connection: Connection) -> datetime | None:
    """When the site has no token left; None: nobody said."""
    if connection.auth != Connection.Auth.TOKEN:
        return None
    if connection.next_token:
        return connection.next_token_expires_at
    return connection.token_expires_at


def days_left(end: datetime, now: datetime) -> int:
    """Begun days: half a day is one, what is over is none."""
    return max(0, math.ceil((end - now).total_seconds() / SECONDS_A_DAY))


def reminder_due(days: int, told: int | None) -> int | None:
    """The reminder to send now, if any; `told`: the last one sent."""
    reached = [one for one in REMINDERS if days <= one]
    due = min(reached, default=None)
    return due if due is not None and (told is None or due < told) else None


def look_after_tokens() -> None:
    """Change over where the first token is over, and remind the admins of what ends."""
    now = timezone.now()
    for connection in with_tokens():
        try:
            if connection.token_expires_at and connection.token_expires_at <= now:
                change_over(connection)
            remind(connection, now)
        except Undecipherable:
            logger.warning("connection %s: no key of this site opens its tokens", connection.uuid)


def with_tokens() -> QuerySet[Connection]:
    """Secrets are read one by one: a lost key must not take the others with it."""
    rows = Connection.objects.filter(auth=Connection.Auth.TOKEN, is_enabled=True)
    return rows.defer("token", "next_token", "oauth_private_key")


def change_over(connection: Connection) -> bool:
    """Make the next token the first one. Whether this call did it: of two at once one does."""
    if not connection.next_token:
        return False
    first = {"token": connection.next_token, "token_expires_at": connection.next_token_expires_at}
    unchanged = Connection.objects.filter(
        pk=connection.pk,
        token_expires_at=connection.token_expires_at,
        next_token_expires_at=connection.next_token_expires_at,
    ).exclude(next_token="")
    if unchanged.update(**first, next_token="", next_token_expires_at=None, expiry_told_days=None) != 1:
        return False
    connection.refresh_from_db()
    logger.info("connection %s: the next token took over", connection.uuid)
    return True


def remind(connection: Connection, now: datetime) -> None:
    """Once a threshold, whoever looks first: the guarded update decides."""
    end = ends_at(connection)
    if end is None:
        return
    days = days_left(end, now)
    due = reminder_due(days, connection.expiry_told_days)
    untold = Connection.objects.filter(pk=connection.pk, expiry_told_days=connection.expiry_told_days)
    if due is None or untold.update(expiry_told_days=due) != 1:
        return
    logger.warning("connection %s: its token ends in %d days", connection.uuid, days)
    for admin in admins():
        with translation.override(admin.language or settings.LANGUAGE_CODE):
            write(admin, connection, days)


def admins() -> Iterable[User]:
    """Those who may change a connection, and can be written to."""
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email="")
    return [one for one in staff if one.has_perm("chatweb.change_connection")]


def write(admin: User, connection: Connection, days: int) -> None:
    subject = ngettext(
        "The token of “%(name)s” ends in %(days)s day",
        "The token of “%(name)s” ends in %(days)s days",
        days,
    ) % {"name": connection.name, "days": days}
    body = gettext(
        "After that no bot of this connection answers. Make a new token at the upstream and give it to the "
        "connection as its next one, in the administration."
    )
    send_mail(f"[{settings.SITE_NAME}] {subject}", body, None, [admin.email], fail_silently=True)


def soon(now: datetime) -> list[tuple[Connection, int]]:
    """Connections whose token ends within the first reminder's days, with the days that are left."""
    limit = now + timedelta(days=REMINDERS[0])
    ends = [(one, readable_end(one)) for one in with_tokens()]
    return [(one, days_left(end, now)) for one, end in ends if end and end <= limit]


def readable_end(connection: Connection) -> datetime | None:
    try:
        return ends_at(connection)
    except Undecipherable:
        return None  # the page of the connection says so
