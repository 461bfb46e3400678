"""The wire's objects of files, and of a composer that holds some (docs/protocol.md). Pure, as frames.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatweb.file_kinds import PICTURES, kind_of

if TYPE_CHECKING:
    from chatweb.models import Attachment, Draft

Json = dict[str, Any]


def attachment_object(attachment: Attachment) -> Json:
    return {
        "id": str(attachment.uuid),
        "name": attachment.name,
        "mime": attachment.mime,
        "kind": kind_of(attachment.mime),
        "size_bytes": attachment.size_bytes,
        "expires_at": attachment.expires_at.isoformat(),
        "copy": f"/files/{attachment.uuid}/" if attachment.copy else "",
        "picture": f"/files/{attachment.uuid}/picture/"
        if attachment.copy and attachment.mime in PICTURES
        else "",
    }


def unsent_object(draft: Draft | None) -> Json:
    if draft is None:
        return {"text": "", "files": [], "version": 0}
    files = [attachment_object(file) for file in draft.files.all()]
    return {"text": draft.text, "files": files, "version": draft.version}
