"""What a file is, by its bytes and its name, and which files a bot takes. Pure.

A kind is what people and admins choose by: image, document, audio, video, other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatweb.models import Bot

KINDS = ("image", "document", "audio", "video", "other")
HEAD_BYTES = 4096
# Shown inline, so only what every browser takes for a picture and nothing else.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN = "application/octet-stream"

# What Coze's upload takes (wire-chat 8); txt and md are not among it (4303).
COZE_TYPES = """
    doc docx xls xlsx ppt pptx pdf numbers csv cpp py java c
    jpg jpg2 jpeg png gif webp heic heif bmp pcd tiff
    wav mp3 flac m4a aac ogg wma midi mp4 avi mov 3gp 3gpp flv webm wmv rmvb m4v mkv
    rar zip 7z gz gzip bz2
""".split()  # noqa: SIM905 - a table reads better
# What Assistants-style services search, and the pictures they look at.
ASSISTANTS_TYPES = """
    doc docx pptx xlsx pdf csv txt md json html xml tex c cpp cs css go java js php py rb sh ts
    jpg jpeg png gif webp zip tar
""".split()  # noqa: SIM905

BY_HEAD: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"MThd", "audio/midi"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
)
BY_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BY_BRAND = {b"M4A ": "audio/mp4", b"heic": "image/heic", b"mif1": "image/heif", b"avif": "image/avif"}
# Containers whose content only the name tells.
OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "numbers": "application/vnd.apple.numbers",
}
OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
DOCUMENTS = {"application/pdf", "application/x-ole-storage", *OFFICE.values(), *OLD_OFFICE.values()}
# Controls, and the marks that make a name read backwards: "gpj.exe" must not look like "exe.jpg".
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def extension_of(name: str) -> str:
    """In lower case, without the dot; "" for none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def plain_name(name: str) -> str:
    """A file's name that reads as it is: no controls, no invisible or direction-changing characters."""
    return UNSEEN.sub("", name.replace("/", "_").replace("\\", "_")).strip()[:255] or "file"


def type_of(head: bytes, name: str) -> str:
    """The MIME type by the first bytes, by the name only inside a container; never what a browser claimed."""
    extension = extension_of(name)
    if head[:4] == b"RIFF":
        return BY_RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BY_BRAND.get(head[8:12], "video/mp4")
    for start, mime in BY_HEAD:
        if head.startswith(start):
            if mime == "application/zip":
                return OFFICE.get(extension, mime)
            return OLD_OFFICE.get(extension, mime) if mime == "application/x-ole-storage" else mime
    if NOT_TEXT.search(head):
        return UNKNOWN
    return "text/csv" if extension == "csv" else "text/plain"


def kind_of(mime: str) -> str:
    group = mime.partition("/")[0]
    if group in ("image", "audio", "video"):
        return group
    return "document" if group == "text" or mime in DOCUMENTS else "other"


# Dialects with a place for files beside a question, by the kind of bot.
TAKERS = {"bot": ("coze", "studio"), "chatflow": ("studio",), "assistant": ("assistants",)}


def taken_by(bot: Bot) -> list[str]:
    """The kinds of files that go with a question to this bot; none where the wire has no place for them.

    Chatflows of the cloud read plain text only (wire-workflows 2); a workflow has fields for files.
    """
    dialects = TAKERS.get(bot.kind, ())
    if bot.connection.dialect not in dialects or not bot.most_files:
        return []
    return [kind for kind in KINDS if kind in bot.file_kinds]


def types_of(bot: Bot) -> list[str]:
    """Extensions that the bot's service takes with a question, whatever an admin allows of them."""
    return ASSISTANTS_TYPES if bot.connection.dialect == "assistants" else COZE_TYPES
