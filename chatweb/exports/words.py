"""What an export says around what people and bots said: labels, times, outcomes; in the active language."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chatweb.frames import Json
from chatweb.sentences import SENTENCES
from chatweb.turns.states import ActionState, TurnState

from .talk import when

# What a person reads of a turn that has no whole answer.
UNFINISHED = (TurnState.RUNNING, TurnState.RESUMING, TurnState.RECOVERING)


def title_of(head: Json) -> str:
    return str(head["name"] or head["bot_name"])


def facts_of(head: Json) -> list[tuple[str, str]]:
    """Label and value, for the top of the file."""
    zone = timezone.get_current_timezone_name()
    return [
        (_("Bot"), head["bot_name"]),
        (_("Begun"), when(head["created_at"])),
        (_("Last question"), when(head["last_asked_at"])),
        (_("Exported"), when(head["exported_at"])),
        (_("Time zone"), zone),
    ]


def asked_by(turn: Json) -> str:
    return _("You, %(time)s") % {"time": when(turn["asked_at"])}


def answered_by(head: Json, message: Json, turn: Json) -> str:
    """Who speaks: the bot, and the node of the workflow where it has a name."""
    values = {"bot": head["bot_name"], "node": message["title"], "time": when(turn["ended_at"])}
    if message["title"]:
        return (_("%(bot)s (%(node)s), %(time)s") if values["time"] else _("%(bot)s (%(node)s)")) % values
    return _("%(bot)s, %(time)s") % values if values["time"] else head["bot_name"]


def card_title(action: Json) -> str:
    """“Tool call: Chance of rain”, or the question a bot asks."""
    if action["kind"] == "question":
        words = (action["question"] or {}).get("text") or action["name"]
        return _("Question: %(text)s") % {"text": words} if words else _("Question")
    titles = action["tool"]["titles"] if action["tool"] else {}
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    title = titles.get(language) or titles.get("en") or titles.get("zh") or action["name"]
    return _("Tool call: %(name)s") % {"name": title}


def outcome_of(action: Json) -> str:
    """Who answered a card, from where and when; or how it stands."""
    if action["decision"] == "auto":
        return _("Answered by a rule, %(time)s") % {"time": when(action["answered_at"])}
    values = {
        "name": action["answered_by"],
        "device": action["device"],
        "time": when(action["answered_at"]),
    }
    if not action["answered_by"]:
        return str(ActionState(action["state"]).label)
    if action["decision"] == "declined":
        return (
            _("Declined by %(name)s on %(device)s, %(time)s")
            if action["device"]
            else _("Declined by %(name)s, %(time)s")
        ) % values
    return (
        _("Answered by %(name)s on %(device)s, %(time)s")
        if action["device"]
        else _("Answered by %(name)s, %(time)s")
    ) % values


def notes_of(turn: Json) -> list[str]:
    """What there is to say of a turn that did not simply complete."""
    if turn["state"] == TurnState.QUEUED:
        return [_("Waiting for its turn.")]
    if turn["state"] == TurnState.CANCELED:
        return [_("Stopped.")]
    if turn["state"] in UNFINISHED:
        return [_("The bot was still answering.")]
    if turn["state"] == TurnState.WAITING:
        return [_("The bot waits for an answer.")]
    return fault_of(turn["error"]) if turn["error"] else []


def fault_of(error: Json) -> list[str]:
    told = SENTENCES.get(error["reason"], SENTENCES["failed"])
    detail = " · ".join(part for part in (error["code"], error["message"], error["log_id"]) if part)
    return [str(told.sentence), detail] if detail else [str(told.sentence)]


def size_of(size_bytes: int) -> str:
    return ngettext("%(count)d byte", "%(count)d bytes", size_bytes) % {"count": size_bytes}
