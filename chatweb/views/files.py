"""Files: in by upload, out to their owner alone, never as anything a browser would run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files import File
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.models import User
from chatweb.file_frames import attachment_object
from chatweb.file_kinds import PICTURES
from chatweb.models import Attachment
from chatweb.turns import commands
from chatweb.turns.commands import Refused
from chatweb.views.answers import SignedInRequest, command, signed_in
from chatweb.views.asking import must_be_usable
from chatweb.views.pages import conversation_of, usable_bot

FORM_BYTES = 100_000  # around the file itself
CHUNK_BYTES = 256 * 1024
HEADERS = {
    # Whoever opens it alone gets inert bytes, whatever they could also be read as.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Encoding": "identity",  # or the site would try to compress what is compressed
}


@command
def upload(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """For a card; with `for=question` for the next question, which not every bot takes every file with."""
    conversation = conversation_of(request.user, conversation_id)
    file, name = sent_file(request)
    if request.POST.get("for") != "question":
        return made(commands.upload(conversation, name, file))
    must_be_usable(request.user, conversation)
    bot = conversation.bot
    return made(commands.upload_for_question(request.user, bot, conversation, name, file))


@command
def upload_for_bot(request: SignedInRequest, bot_id: UUID) -> HttpResponse:
    """For a question whose conversation does not exist yet."""
    bot = usable_bot(request.user, bot_id)
    file, name = sent_file(request)
    return made(commands.upload_for_question(request.user, bot, None, name, file))


@command
def renew(request: SignedInRequest, attachment_id: UUID) -> HttpResponse:
    """Uploads our copy again, when the upstream's has expired."""
    attachment = attachment_of(request.user, attachment_id)
    commands.renew(attachment)
    return JsonResponse({"attachment": attachment_object(attachment)})


@require_GET
@signed_in
def file(request: SignedInRequest, attachment_id: UUID) -> StreamingHttpResponse:
    """Our copy, to be saved and not to be shown."""
    attachment = attachment_of(request.user, attachment_id)
    return copy_of(attachment, "application/octet-stream", is_download=True)


@require_GET
@signed_in
def picture(request: SignedInRequest, attachment_id: UUID) -> StreamingHttpResponse:
    """Our copy inside the page: only what its bytes say is a picture."""
    attachment = attachment_of(request.user, attachment_id)
    if attachment.mime not in PICTURES:
        raise Http404
    return copy_of(attachment, attachment.mime, is_download=False)


def attachment_of(user: User, attachment_id: UUID) -> Attachment:
    """The user's own file, or 404."""
    files = Attachment.objects.visible_to(user).select_related(
        "connection", "conversation__identity", "conversation__user", "user"
    )
    return get_object_or_404(files, uuid=attachment_id)


def sent_file(request: SignedInRequest) -> tuple[File, str]:
    """The uploaded file, on the disk when it is large, and what the person calls it. Raises Refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.MAX_FILE_BYTES + FORM_BYTES:
        raise Refused("too_large")  # before it is taken apart
    try:
        sent = request.FILES.get("file")
    except (MultiPartParserError, RequestDataTooBig) as bad:
        raise Refused("malformed") from bad
    if sent is None:
        raise Refused("malformed")
    return sent, sent.name or "file"


def made(attachment: Attachment) -> HttpResponse:
    return JsonResponse({"attachment": attachment_object(attachment)}, status=201)


def copy_of(attachment: Attachment, mime: str, *, is_download: bool) -> StreamingHttpResponse:
    """Raises Http404 where there is no copy."""
    if not attachment.copy:
        raise Http404
    try:
        content = attachment.copy.open("rb")
        size = content.size
    except OSError as gone:
        raise Http404 from gone
    headers = {
        **HEADERS,
        "Content-Length": str(size),
        "Content-Disposition": content_disposition_header(is_download, attachment.name) or "inline",
    }
    return StreamingHttpResponse(chunks_of(content), content_type=mime, headers=headers)


async def chunks_of(content: File) -> AsyncIterator[bytes]:
    """A plain iterator would be read into memory as a whole under ASGI."""
    try:
        while chunk := await asyncio.to_thread(content.read, CHUNK_BYTES):
            yield chunk
    finally:
        content.close()
