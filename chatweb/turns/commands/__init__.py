"""What a person, an admin or a script may ask of the site: the only door from views to turns and upstreams.

Synchronous, called from threads. Every function takes objects that the caller found through an
ownership-checked query.
"""

from chatweb.upstreams.errors import UpstreamError

from .answering import Person, answer, change, keep_draft
from .asked import change_values
from .asking import again, ask, edit, send_now, start_conversation, withdraw
from .attachments import renew, too_large, upload, upload_for_question
from .branching import branch
from .connections import call, is_supervised, reach, test_connection
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
from .drafts import forget_draft, keep_question_draft
from .feedback import rate, send_feedback_again
from .importing import import_bots
from .leaving import delete_account, is_last_admin
from .pictures import fetch as fetch_picture
from .questions import Entered
from .refusals import Refused
from .regenerating import regenerate
from .stopping import show_whole_answer, stop
from .waking import wake

__all__ = [
    "Entered",
    "Person",
    "Refused",
    "UpstreamError",
    "again",
    "answer",
    "archive",
    "ask",
    "branch",
    "call",
    "change",
    "change_values",
    "clear_context",
    "delete",
    "delete_account",
    "edit",
    "fetch_picture",
    "forget_draft",
    "import_bots",
    "is_last_admin",
    "is_supervised",
    "keep_draft",
    "keep_question_draft",
    "mark_read",
    "pin",
    "rate",
    "reach",
    "regenerate",
    "rename",
    "renew",
    "restore",
    "send_feedback_again",
    "send_now",
    "show_whole_answer",
    "start_afresh",
    "start_conversation",
    "stop",
    "test_connection",
    "too_large",
    "upload",
    "upload_for_question",
    "wake",
    "withdraw",
]
