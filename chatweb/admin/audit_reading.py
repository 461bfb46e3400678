"""What a reader of the audit log may see of people's words in it. Entries are kept as they were written.

Names of conversations and files are words of whoever began them: they stand for those who may see the thing,
personal data taken out as in the console, and for nobody else. Free text (reasons, before, after) goes
through the same patterns. Whoever may read conversations without redaction reads it as it is, but for keys,
which nobody is shown. Accounts are told by their addresses: what was changed about one stays legible.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from chatweb.console.masks import MASKED
from chatweb.console.redaction import BUILT_IN, Redact, redact_value, redactor
from chatweb.models import AuditEntry

# Kinds that people name or fill, and the permission to see such a thing.
THEIR_WORDS = {
    "conversation": "chatweb.view_conversation",
    "legalhold": "chatweb.view_legalhold",
    "attachment": "chatweb.view_attachment",
    "feedback": "chatweb.view_feedback",
    "annotation": "chatweb.view_annotation",
}
ACCOUNTS = {"user", "emailaddress", "cozeidentity", "socialaccount"}

Read = Callable[[AuditEntry], AuditEntry]


def hidden_from(reader: User) -> set[str]:
    """Kinds whose names and contents this reader sees nothing of."""
    if reader.has_perm("chatweb.see_original"):
        return set()
    return {kind for kind, permission in THEIR_WORDS.items() if not reader.has_perm(permission)}


def reading(reader: User) -> Read:
    """A function that makes an entry what this reader may see, never to be saved; one query."""
    no_keys = redactor({"key": BUILT_IN["key"]})
    redact = no_keys if reader.has_perm("chatweb.see_original") else redactor()
    hidden = hidden_from(reader)

    def read(entry: AuditEntry) -> AuditEntry:
        patterns = no_keys if entry.object_type in ACCOUNTS else redact
        entry.reason = redact(entry.reason)
        if entry.object_type in hidden:
            entry.object_name = ""
            entry.before, entry.after = masked(entry.before), masked(entry.after)
        else:
            entry.object_name = patterns(entry.object_name)
            entry.before, entry.after = clean(entry.before, patterns), clean(entry.after, patterns)
        return entry

    return read


def clean(values: dict[str, Any] | None, redact: Redact) -> dict[str, Any] | None:
    """The names of fields are ours."""
    return values and {name: redact_value(value, redact) for name, value in values.items()}


def masked(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return values and {name: MASKED if value else value for name, value in values.items()}
