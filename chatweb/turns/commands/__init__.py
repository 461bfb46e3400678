"""What a person, an admin or a script may ask of the site: the only door from views to turns and upstreams.

Synchronous, called from threads. Every function takes objects that the caller found through an
ownership-checked query.
"""

from chatweb.upstreams.errors import UpstreamError

from .asking import again, answer, ask, edit, send_now, start_conversation, withdraw
from .connections import call, import_bots, is_supervised, reach, test_connection
from .conversations import (
    archive,
    clear_context,
    delete,
    mark_read,
    pin,
    rename,
    restore,
    start_afresh,
)
from .refusals import Refused
from .stopping import show_whole_answer, stop
from .waking import wake

__all__ = [
    "Refused",
    "UpstreamError",
    "again",
    "answer",
    "archive",
    "ask",
    "call",
    "clear_context",
    "delete",
    "edit",
    "import_bots",
    "is_supervised",
    "mark_read",
    "pin",
    "reach",
    "rename",
    "restore",
    "send_now",
    "show_whole_answer",
    "start_afresh",
    "start_conversation",
    "stop",
    "test_connection",
    "wake",
    "withdraw",
]
