"""The receipt of a deleted account: what went here, what was asked of the upstream, what stays there."""

from __future__ import annotations

import json

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from chatweb.frames import Json
from chatweb.models import Deletion, DeletionCall

from .talk import when

FORMAT_VERSION = 1

# By what `Deletion.kept` counts: no call of Coze's API deletes it (wire-supplement 5; K2, K16, K17).
KEPT = {
    "files": ngettext_lazy(
        "%(count)d uploaded file: Coze has no call to delete one and keeps it for three months.",
        "%(count)d uploaded files: Coze has no call to delete them and keeps them for three months.",
        "count",
    ),
    "runs": ngettext_lazy(
        "The record of %(count)d workflow run: Coze has no call to delete it.",
        "The records of %(count)d workflow runs: Coze has no call to delete them.",
        "count",
    ),
    "chats": ngettext_lazy(
        "Log and token count of %(count)d chat: Coze keeps them for its operation and billing.",
        "Logs and token counts of %(count)d chats: Coze keeps them for its operation and billing.",
        "count",
    ),
    "identities": ngettext_lazy(
        "%(count)d random name under which Coze knew you. Nobody can tell any more whose it was.",
        "%(count)d random names under which Coze knew you. Nobody can tell any more whose they were.",
        "count",
    ),
}


def receipt_of(deletion: Deletion) -> Json:
    """Names nobody. `what` and `outcome` are in the active language, times ISO 8601 in UTC."""
    return {
        "format": "chatweb-deletion-receipt",
        "format_version": FORMAT_VERSION,
        "asked_at": deletion.asked_at.isoformat(),
        "carried_out_at": deletion.carried_out_at.isoformat() if deletion.carried_out_at else None,
        "expires_at": deletion.expires_at.isoformat(),
        "removed": removed_rows(deletion),
        "calls": [call_object(call) for call in deletion.calls.all()],
        "kept_upstream": kept_words(deletion.kept),
        "held": held_object(deletion),
    }


def held_object(deletion: Deletion) -> Json | None:
    """What a legal hold keeps here for now; None for nothing."""
    if deletion.carried_out_at or not deletion.is_held:
        return None
    sentence = ngettext(
        "A legal hold keeps %(count)d conversation and the closed account until it is lifted.",
        "A legal hold keeps %(count)d conversations and the closed account until it is lifted.",
        deletion.held_count,
    )
    return {"conversations": deletion.held_count, "what": sentence % {"count": deletion.held_count}}


def removed_rows(deletion: Deletion) -> list[Json]:
    """By kind, the most first; tables that only tie two others together are left out."""
    found = []
    for label, count in sorted(deletion.removed.items(), key=lambda one: (-one[1], one[0])):
        model = apps.get_model(label)
        if not model._meta.auto_created:
            found.append({"kind": label, "what": str(model._meta.verbose_name_plural), "count": count})
    return found


def call_object(call: DeletionCall) -> Json:
    return {
        "connection": call.connection_name,
        "conversation": call.upstream_id,
        "outcome": call.outcome or "pending",
        "what": str(DeletionCall.Outcome(call.outcome).label),
        "attempts": call.attempts,
        "error": call.last_error,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
    }


def kept_words(kept: dict[str, int]) -> list[str]:
    return [str(sentence % {"count": kept[what]}) for what, sentence in KEPT.items() if kept.get(what)]


def as_json(deletion: Deletion) -> str:
    return json.dumps(receipt_of(deletion), ensure_ascii=False, indent=1) + "\n"


def as_text(deletion: Deletion) -> str:
    """For people without a program that reads JSON."""
    receipt = receipt_of(deletion)
    lines = [_("Receipt of a deleted account"), "", _("Asked: %(time)s") % {"time": when(deletion.asked_at)}]
    if deletion.carried_out_at:
        lines.append(_("Carried out here: %(time)s") % {"time": when(deletion.carried_out_at)})
    if receipt["held"]:
        lines += ["", receipt["held"]["what"]]
    lines += ["", _("Removed from this site"), ""]
    lines += [f"- {row['what']}: {row['count']}" for row in receipt["removed"]]
    lines += ["", _("Asked of Coze"), ""]
    for call in receipt["calls"]:
        told = _("Conversation %(id)s at %(connection)s: %(outcome)s") % {
            "id": call["conversation"],
            "connection": call["connection"],
            "outcome": call["what"],
        }
        lines.append(f"- {told}" + (f" ({call['error']})" if call["error"] else ""))
    lines += ["", _("What Coze keeps"), "", *(f"- {sentence}" for sentence in receipt["kept_upstream"])]
    return "\n".join(lines) + "\n"
