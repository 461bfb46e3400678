"""What the upstream says of the credentials of a connection, told to an admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chatweb.models import Connection
from chatweb.turns import commands

from .connection_form import SECRETS, stored


def is_readable(request: HttpRequest, connection: Connection) -> bool:
    """Whether this site still has the key of the stored credentials; if not, the admin is told."""
    if all(stored(connection, name) is not None for name in SECRETS):
        return True
    sentence = _("%(connection)s: no key of this site opens the stored credentials. Give them again.")
    messages.error(request, sentence % {"connection": connection})
    return False


def test_connection(request: HttpRequest, connection: Connection) -> bool:
    """Ask the upstream who we are there, tell the admin what it said; whether it was good."""
    if not is_readable(request, connection):
        return False
    report = commands.test_connection(connection)
    parts = [f"{connection}: {report.sentence}"]
    if not report.is_ok and report.code:
        parts.append(_("Code %(code)s.") % {"code": report.code})
    if not report.is_ok and report.log_id:
        parts.append(_("Log id %(log_id)s.") % {"log_id": report.log_id})
    messages.add_message(request, messages.SUCCESS if report.is_ok else messages.ERROR, " ".join(parts))
    return report.is_ok
