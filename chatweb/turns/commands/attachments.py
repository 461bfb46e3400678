"""Files for cards: uploaded to the bot's service at once, put into answers by its own ids (K6)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from chatweb.models import Action, Attachment, Conversation
from chatweb.upstreams.errors import UpstreamError

from .connections import call
from .refusals import Refused

UPLOAD_SECONDS = 120.0
MARK = "file:"  # `file:<uuid>` stands for an attachment, as a whole value


def upload(conversation: Conversation, name: str, content: bytes, mime: str) -> Attachment:
    """Hand a file to the conversation's upstream. Raises Refused("not_uploaded")."""
    try:
        upstream_id = call(
            conversation.bot.connection,
            lambda upstream: upstream.upload(
                name=name, content=content, mime=mime, user_id=conversation.identity.key
            ),
            UPLOAD_SECONDS,
        )
    except UpstreamError as error:
        raise Refused("not_uploaded") from error
    return Attachment.objects.create(
        conversation=conversation,
        upstream_id=upstream_id,
        name=name[:255],
        mime=mime[:100],
        size_bytes=len(content),
    )


def with_upstream_ids(conversation: Conversation, action: Action, output: str) -> str:
    """The answer with every `file:<uuid>` replaced as the upstream wants it. Raises Refused("not_found").

    A tool's output holds bare ids (seed 000); a field of a form holds JSON of one (wire-workflows 1.1, 3.3).
    """
    if MARK not in output:
        return output
    try:
        value = json.loads(output)
    except ValueError:
        value = None
    if value is None:
        return str(_replaced(conversation, action, output))
    return json.dumps(_replaced(conversation, action, value), ensure_ascii=False)


def _replaced(conversation: Conversation, action: Action, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(conversation, action, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(conversation, action, one) for one in value]
    if not isinstance(value, str) or not value.startswith(MARK):
        return value
    try:
        file_id = UUID(value.removeprefix(MARK))
    except ValueError:
        return value  # somebody's own words
    found = Attachment.objects.filter(conversation=conversation, uuid=file_id).first()
    if found is None:
        raise Refused("not_found")
    if action.kind == Action.Kind.TOOL_CALL:
        return found.upstream_id
    return json.dumps({"file_id": found.upstream_id})
