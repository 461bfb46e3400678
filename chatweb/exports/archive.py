"""Everything a person has here as one zip, made while it is sent (M-113)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from accounts.models import User
from chatweb.models import Attachment, Conversation

from .as_json import as_json
from .as_markdown import as_markdown
from .file_names import safe_name
from .records import read_me, records_of

logger = logging.getLogger(__name__)

PIECE_BYTES = 64 * 1024

Entry = tuple[str, Iterable[str | bytes]]  # path in the archive, its content piece by piece


class Sink:
    """What a zip is written to when it goes down a wire: no way back, and emptied now and then."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return taken


def archive_of(user: User) -> Iterator[bytes]:
    sink = Sink()
    with ZipFile(cast("BinaryIO", sink), "w", ZIP_DEFLATED) as archive:
        for path, pieces in entries_of(user):
            info = ZipInfo(path, timezone.localtime().timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            with archive.open(info, "w") as entry:
                for piece in pieces:
                    entry.write(piece.encode() if isinstance(piece, str) else piece)
                    if sink.size >= PIECE_BYTES:
                        yield sink.take()
    yield sink.take()


def entries_of(user: User) -> Iterator[Entry]:
    yield "README.txt", [read_me()]
    yield from records_of(user)
    mine = Conversation.objects.filter(user=user).order_by("pk")
    for pk in list(mine.values_list("pk", flat=True)):
        conversation = mine.select_related("bot__connection", "user").filter(pk=pk).first()
        if conversation is not None:
            name = file_name_of(conversation)
            yield f"conversations/{name}.json", as_json(conversation)
            yield f"conversations/{name}.md", as_markdown(conversation)
    for file in Attachment.objects.filter(user=user).exclude(copy="").order_by("pk"):
        yield f"files/{file.uuid.hex[:8]} {safe_name(file.name, otherwise='file')}", copy_of(file)


def copy_of(file: Attachment) -> Iterator[bytes]:
    """Nothing where the disk has lost it: the rest of the archive is not to be lost with it."""
    try:
        with file.copy.open("rb") as copy:
            while chunk := copy.read(PIECE_BYTES):
                yield chunk
    except OSError:
        logger.exception("the copy of a file is missing")


def file_name_of(conversation: Conversation) -> str:
    """Day, name and the beginning of the id: two of a name do not meet."""
    day = timezone.localdate(conversation.created_at).isoformat()
    name = safe_name(conversation.name or conversation.bot.name, otherwise="conversation")
    return f"{day} {name} {conversation.uuid.hex[:8]}"
