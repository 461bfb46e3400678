"""What is asked: as a browser says it, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import User
from chatweb.models import Attachment, Bot, Conversation, Message, Turn

from . import attachments
from .parameters import checked_parameters
from .shortcuts import worded


@dataclass(frozen=True, slots=True)
class Entered:
    """`parameters`: what a workflow is started with. `shortcut`: `{"id", "values"}` of a command that makes
    the question by itself."""

    text: str
    parameters: Mapping[str, Any] | None = None
    file_ids: Sequence[UUID] = ()
    shortcut: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`command`: the shortcut command it is sent as, if it is more than its words."""

    text: str
    parameters: dict[str, Any]
    files: Sequence[Attachment]
    command: dict[str, Any] | None


def checked(entered: Entered, user: User, bot: Bot, conversation: Conversation | None = None) -> Question:
    """`conversation`: None for the first question of one that is not there yet. Raises Refused."""
    wording = worded(bot, entered.text, entered.shortcut, conversation)
    return Question(
        text=wording.text,
        parameters=checked_parameters(
            bot, wording.text, entered.parameters, has_files=bool(entered.file_ids)
        ),
        files=attachments.with_question(user, bot, conversation, entered.file_ids),
        command=wording.command,
    )


def question_of(turn: Turn) -> Question:
    """What a turn asked, to be asked again. Raises Refused when a file of it is gone for good."""
    text = Message.objects.filter(turn=turn, type="question").values_list("text", flat=True).first() or ""
    attachments.renew_expired(turn)
    files = list(turn.files.all())
    parameters = checked_parameters(turn.conversation.bot, text, turn.parameters, has_files=bool(files))
    return Question(text, parameters, files, turn.shortcut)
