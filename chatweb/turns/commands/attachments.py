"""Files: uploaded to the bot's service at once, checked by what they are, kept here where the policy says so.

Cards put them into answers by the upstream's ids (K6); questions take them along (`with_question`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from chatweb.file_kinds import HEAD_BYTES, extension_of, kind_of, plain_name, taken_by, type_of, types_of
from chatweb.lists import listed
from chatweb.models import Action, Attachment, Bot, Connection, Conversation, CozeIdentity, Turn
from chatweb.turns.announce import announce
from chatweb.turns.ledger import next_version
from chatweb.upstreams.errors import UpstreamError

from .connections import call
from .refusals import Refused

logger = logging.getLogger(__name__)

UPLOAD_SECONDS, SLOWEST_BYTES_A_SECOND = 120.0, 500_000
MARK = "file:"  # `file:<uuid>` stands for an attachment, as a whole value
REASON_OF_CODE = {"4300": "empty_file", "4302": "too_large", "4303": "file_type"}


def upload(conversation: Conversation, name: str, file: File) -> Attachment:
    """Hand a file to the conversation's upstream. Raises Refused."""
    return _upload(conversation.bot.connection, conversation.identity, name, file, conversation)


def upload_for_question(
    user: User, bot: Bot, conversation: Conversation | None, name: str, file: File
) -> Attachment:
    """Upload what the bot takes with a question, in a conversation or before there is one. Raises Refused."""
    mime = _checked(name, file)
    _check_kind(bot, plain_name(name), kind_of(mime))
    if conversation is not None:
        return upload(conversation, name, file)
    return _upload(bot.connection, CozeIdentity.objects.current(user, bot.connection), name, file, None)


def _upload(
    connection: Connection, identity: CozeIdentity, name: str, file: File, conversation: Conversation | None
) -> Attachment:
    mime = _checked(name, file)
    name = plain_name(name)
    attachment = Attachment(
        user=identity.user,
        connection=connection,
        conversation=conversation,
        upstream_id=_hand_over(connection, identity, name, file, mime),
        name=name,
        mime=mime,
        size_bytes=file.size,
    )
    if connection.keeps_files:
        _keep_copy(attachment, file)
    attachment.save()
    return attachment


def _checked(name: str, file: File) -> str:
    """The file's type by its bytes. Raises Refused for what nobody takes."""
    if not file.size:
        raise Refused("empty_file", _("%(name)s is empty.") % {"name": plain_name(name)})
    if file.size > settings.MAX_FILE_BYTES:
        raise too_large(name)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return type_of(head, name)


def too_large(name: str) -> Refused:
    limit = f"{settings.MAX_FILE_BYTES / 1_000_000:.3g} MB"
    sentence = _("%(name)s is larger than %(limit)s.") % {"name": plain_name(name), "limit": limit}
    return Refused("too_large", sentence)


def _check_kind(bot: Bot, name: str, kind: str) -> None:
    taken = taken_by(bot)
    if not taken:
        raise Refused("no_files")
    if extension_of(name) not in types_of(bot):
        raise Refused("file_type", _("%(name)s: the bot's service takes no such files.") % {"name": name})
    if kind not in taken:
        kinds = listed(str(Bot.FileKind(one).label) for one in taken)
        sentence = _("%(name)s: this bot takes only %(kinds)s.") % {"name": name, "kinds": kinds}
        raise Refused("file_kind", sentence)


def _hand_over(connection: Connection, identity: CozeIdentity, name: str, file: File, mime: str) -> str:
    """The upstream's id of the file, read from the disk while it is sent. Raises Refused."""
    content = cast("BinaryIO", file.file)
    content.seek(0)
    try:
        return call(
            connection,
            lambda upstream: upstream.upload(name=name, content=content, mime=mime, user_id=identity.key),
            UPLOAD_SECONDS + file.size / SLOWEST_BYTES_A_SECOND,
        )
    except UpstreamError as error:
        raise Refused(REASON_OF_CODE.get(str(error.code), "not_uploaded")) from error


def _keep_copy(attachment: Attachment, file: File) -> None:
    """A disk that is full takes nobody's file away: the upstream has it."""
    file.seek(0)
    try:
        attachment.copy.save(attachment.name, file, save=False)
    except OSError:
        logger.exception("no copy of an upload was kept")
        attachment.copy = ""


def with_question(
    user: User, bot: Bot, conversation: Conversation | None, ids: Sequence[UUID]
) -> list[Attachment]:
    """The files a question takes along, in the order they were uploaded. Raises Refused."""
    if not ids:
        return []
    files = list(Attachment.objects.usable_in(user, bot.connection, conversation).filter(uuid__in=ids))
    if len(files) != len(set(ids)):
        raise Refused("not_found")
    if len(files) > bot.most_files:
        most = bot.most_files
        sentence = ngettext(
            "At most %(count)d file goes with a question.",
            "At most %(count)d files go with a question.",
            most,
        ) % {"count": most}
        raise Refused("too_many_files", sentence)
    for file in files:
        _check_kind(bot, file.name, kind_of(file.mime))
        if file.is_expired:
            raise _expired(file)
    return files


def _expired(file: Attachment) -> Refused:
    return Refused("file_expired", _("%(name)s has expired at the bot's service.") % {"name": file.name})


def renew(attachment: Attachment) -> None:
    """Upload our copy again: the file goes on under its own id. Raises Refused."""
    if not attachment.copy:
        raise Refused("no_copy")
    identity = (
        attachment.conversation.identity
        if attachment.conversation
        else CozeIdentity.objects.current(attachment.user, attachment.connection)
    )
    try:
        copy = attachment.copy.open("rb")
    except OSError as error:
        raise Refused("no_copy") from error
    with copy:
        upstream_id = _hand_over(attachment.connection, identity, attachment.name, copy, attachment.mime)
    mine = Attachment.objects.filter(pk=attachment.pk, upstream_id=attachment.upstream_id)
    if mine.update(upstream_id=upstream_id, uploaded_at=timezone.now()):  # else another tab was first
        _tell(attachment)
    attachment.refresh_from_db()


def renew_expired(turn: Turn) -> None:
    """Before it is asked again. Raises Refused when a file of it is gone for good."""
    for file in turn.files.all():
        if file.is_expired:
            if not file.copy:
                raise _expired(file)
            renew(file)


def _tell(attachment: Attachment) -> None:
    """Every tab that shows it."""
    if attachment.conversation is None:
        return
    with transaction.atomic():
        version = next_version(attachment.conversation.pk)
        Turn.objects.filter(files=attachment).update(version=version)
        announce(attachment.conversation, version)


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
    found = attachment_of(conversation, value)
    if found is None:
        return value
    if action.kind == Action.Kind.TOOL_CALL:
        return found.upstream_id
    return json.dumps({"file_id": found.upstream_id})


def attachment_of(conversation: Conversation, value: str) -> Attachment | None:
    """The file that `file:<uuid>` stands for; None for somebody's own words. Raises Refused("not_found")."""
    try:
        file_id = UUID(value.removeprefix(MARK))
    except ValueError:
        return None
    found = Attachment.objects.filter(conversation=conversation, uuid=file_id).first()
    if found is None:
        raise Refused("not_found")
    return found
