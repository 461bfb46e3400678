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
    """Who asks, and whether it is once more for another answer."""
    values = {"time": when(turn["asked_at"])}
    return (_("You, once more, %(time)s") if turn["replaces"] else _("You, %(time)s")) % values


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
    title = titled(action["tool"]["titles"]) if action["tool"] else ""
    return _("Tool call: %(name)s") % {"name": title or action["name"]}


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


def notes_of_answer(message: Json) -> list[str]:
    """That it broke off, and what its reader said of it."""
    notes = [_("Cut off here.")] if message["state"] == "cut" else []
    feedback = message.get("feedback")
    if feedback and feedback["rating"]:
        rated = _("You found this good.") if feedback["rating"] == "good" else _("You found this bad.")
        notes += [rated, *(titled(reason["titles"]) for reason in feedback["reasons"])]
        notes += [feedback["comment"]] if feedback["comment"] else []
    return notes


def titled(titles: Json) -> str:
    """The title in the active language, or in the one there is."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(titles.get(language) or titles.get("en") or titles.get("zh") or "")


def file_line(file: Json) -> str:
    size = file["size_bytes"]
    told = ngettext("%(name)s (%(count)d byte)", "%(name)s (%(count)d bytes)", size)
    return told % {"name": file["name"], "count": size}
