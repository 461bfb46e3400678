"""What a person, an admin or a script may ask of the site: the only door from views to turns and upstreams.

Synchronous, called from threads. Every function takes objects that the caller found through an
ownership-checked query.
"""

from chatweb.turns.expiring import change_over
from chatweb.turns.reviewing import add_by_hand as add_to_queue
from chatweb.turns.reviewing import labelled
from chatweb.upstreams.errors import UpstreamError

from .answering import Person, answer, change, keep_draft
from .asked import change_values
from .asking import again, ask, edit, send_now, start_conversation, withdraw
from .attachments import renew, too_large, upload, upload_for_question
from .branching import branch
from .connections import call, is_leaving, is_supervised, reach, reaches_others, test_connection
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
from .identities import changed_meanwhile, is_taken, key_taken, rotate, set_key
from .importing import Changed, Proposal, add_by_id, import_bots, propose_import
from .key_sheet import digest_of, plan_keys, set_keys
from .leaving import delete_account, is_last_admin
from .moving import held_at, move_conversations
from .pictures import fetch as fetch_picture
from .questions import Entered
from .reconciling import begin_reconciling, stop_reconciling
from .refusals import Refused
from .regenerating import regenerate
from .steps import has_run_steps, run_steps
from .stopping import show_whole_answer, stop
from .waking import wake

__all__ = [
    "Changed",
    "Entered",
    "Person",
    "Proposal",
    "Refused",
    "UpstreamError",
    "add_by_id",
    "add_to_queue",
    "again",
    "answer",
    "archive",
    "ask",
    "begin_reconciling",
    "branch",
    "call",
    "change",
    "change_over",
    "change_values",
    "changed_meanwhile",
    "clear_context",
    "delete",
    "delete_account",
    "digest_of",
    "edit",
    "fetch_picture",
    "forget_draft",
    "has_run_steps",
    "held_at",
    "import_bots",
    "is_last_admin",
    "is_leaving",
    "is_supervised",
    "is_taken",
    "keep_draft",
    "keep_question_draft",
    "key_taken",
    "labelled",
    "mark_read",
    "move_conversations",
    "pin",
    "plan_keys",
    "propose_import",
    "rate",
    "reach",
    "reaches_others",
    "regenerate",
    "rename",
    "renew",
    "restore",
    "rotate",
    "run_steps",
    "send_feedback_again",
    "send_now",
    "set_key",
    "set_keys",
    "show_whole_answer",
    "start_afresh",
    "start_conversation",
    "stop",
    "stop_reconciling",
    "test_connection",
    "too_large",
    "upload",
    "upload_for_question",
    "wake",
    "withdraw",
]
