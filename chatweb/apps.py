from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ChatwebConfig(AppConfig):
    name = "chatweb"
    verbose_name = _("Bots and conversations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from chatweb import checks  # noqa: F401 - registers them

        user_logged_out.connect(close_sockets, dispatch_uid="close_sockets")


def close_sockets(request: HttpRequest, **kwargs: Any) -> None:
    """A sign-out closes that session's sockets at once, not at the next pulse."""
    from chatweb.turns.hub import hub

    if request is not None and request.session.session_key:
        hub.post(hub.end_session, request.session.session_key)
