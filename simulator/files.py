"""Files: upload and retrieve (wire-chat 8). Only what describes a file is kept, not its bytes."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

from simulator.envelope import ApiError, bad_request
from simulator.ids import new_id, now
from simulator.multipart import read_multipart
from simulator.records import File
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator
from simulator.wire import file_object

routes = Routes()
UPLOAD_PATH = "/v1/files/upload"
TYPES = re.compile(
    r"doc|docx|xls|xlsx|ppt|pptx|pdf|numbers|csv|cpp|py|java|c"
    r"|jpg|jpg2|jpeg|png|gif|webp|heic|heif|bmp|pcd|tiff"
    r"|wav|mp3|flac|m4a|aac|ogg|wma|midi|mp4|avi|mov|3gp|3gpp|flv|webm|wmv|rmvb|m4v|mkv"
    r"|rar|zip|7z|gz|gzip|bz2"
)


@routes.post(UPLOAD_PATH)
async def upload(simulator: Simulator, request: Request) -> Answer:
    return request.ok(file_object(received(simulator, request)))


def received(simulator: Simulator, request: Request) -> File:
    """4300 nothing or empty, 4301 more than one, 4302 too large, 4303 a type that is not on the list."""
    parts = [
        part
        for part in read_multipart(request.headers.get("content-type", ""), request.body)
        if part.name == "file" or part.file_name is not None
    ]
    if len(parts) > 1:
        raise ApiError(4301)
    if not parts or not parts[0].content:
        raise ApiError(4300)
    name, content = parts[0].file_name or "file", parts[0].content
    if len(content) > simulator.most_file_bytes:
        raise ApiError(4302)
    if not TYPES.fullmatch(PurePath(name).suffix.lower().removeprefix(".")):
        raise ApiError(4303)
    digest = hashlib.sha256(content).hexdigest()
    file = File(new_id(), request.owner, name, len(content), digest, now())
    simulator.world.save(file)
    return file


@routes.get("/v1/files/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    if not request.query("file_id"):
        raise bad_request("file_id is required.")
    file = simulator.world.files.get(request.query("file_id"))
    if file is None or file.owner != request.owner:
        raise ApiError(4200)
    return request.ok(file_object(file))
