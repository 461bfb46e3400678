from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_migrate, pre_migrate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.signals import roles_synchronised, session_renewed, sessions_ended


class ChatwebConfig(AppConfig):
    name = "chatweb"
    verbose_name = _("Bots and conversations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from chatweb import checks  # noqa: F401 - registers them
        from chatweb.rollups import marks
        from chatweb.watching import sign_ins, writes

        pre_migrate.connect(marks.remove, sender=self, dispatch_uid="remove_marks")
        post_migrate.connect(marks.install, sender=self, dispatch_uid="install_marks")
        from chatweb.console.exporting import files, making
        from chatweb.rollups.rolling import roll_up_some
        from chatweb.turns import background
        from chatweb.turns.commands import reconciling

        if making.take_step not in background.steps:
            # With the supervisor's look every ten seconds, plots are a quarter of a minute old at most.
            rolling = background.Paced(roll_up_some, rest_seconds=5)
            background.steps += [making.take_step, reconciling.take_step, rolling]
        post_delete.connect(
            files.remove_with_row, sender="chatweb.LogExport", dispatch_uid="remove_log_export"
        )
        user_logged_out.connect(close_sockets, dispatch_uid="close_sockets")
        sessions_ended.connect(close_sockets_of, dispatch_uid="close_sockets_of")
        roles_synchronised.connect(record_roles, dispatch_uid="record_roles")
        session_renewed.connect(renew_sockets, dispatch_uid="renew_sockets")
        writes.watch()
        sign_ins.watch()


def close_sockets(request: HttpRequest, **kwargs: Any) -> None:
    """A sign-out closes that session's sockets at once, not at the next pulse."""
    from chatweb.turns.crossing import end_session

    if request is not None and request.session.session_key:
        end_session(request.session.session_key)


def close_sockets_of(session_keys: list[str], **kwargs: Any) -> None:
    """Sessions that somebody ended elsewhere close their sockets as fast."""
    from chatweb.turns.crossing import end_session

    for session_key in session_keys:
        end_session(session_key)


def renew_sockets(old_key: str, new_key: str, auth_hash: str, **kwargs: Any) -> None:
    """The tabs of somebody who changed the password stay open."""
    from chatweb.turns.crossing import renew_session

    renew_session(old_key, new_key, auth_hash)


def record_roles(user: Any, before: Any, after: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """What the company's sign-in service gave or took stands in the audit log like an admin's change."""
    from chatweb.auditing import record

    record(None, "person.roles_synchronised", user, subject=user, before=before, after=after, request=request)
