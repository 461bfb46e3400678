"""Files: upload, list, retrieve, delete, content (wire-supplement 5)."""

from __future__ import annotations

import base64
import hashlib

from simulator.assistants.finding import find_file
from simulator.assistants.paging import list_reply
from simulator.assistants.records import ThreadFile
from simulator.assistants.refusals import Refusal
from simulator.assistants.wire import deleted, file_object
from simulator.ids import new_id, now
from simulator.multipart import read_multipart
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()
UPLOAD_PATH = "/v1/files"
PURPOSES = {"assistants", "vision", "user_data", "batch", "fine-tune", "evals"}


@routes.post(UPLOAD_PATH)
async def upload(simulator: Simulator, request: Request) -> Answer:
    parts = read_multipart(request.headers.get("content-type", ""), request.body)
    purpose = next((each.content.decode("utf-8", "replace") for each in parts if each.name == "purpose"), "")
    if purpose not in PURPOSES:
        raise Refusal(f"'{purpose}' is not one of {sorted(PURPOSES)} - 'purpose'", param="purpose")
    sent = next((each for each in parts if each.name == "file"), None)
    if sent is None:
        raise Refusal("'file' is a required property", param="file")
    if not sent.content:
        raise Refusal("File is empty.", param="file")
    if len(sent.content) > simulator.most_file_bytes:
        raise Refusal("File is too large.", 413)
    file = ThreadFile(
        id=f"file-{new_id()}",
        owner=request.owner,
        file_name=sent.file_name or "file",
        bytes=len(sent.content),
        sha256=hashlib.sha256(sent.content).hexdigest(),
        created_at=now(),
        purpose=purpose,
        base64=base64.b64encode(sent.content).decode(),
    )
    simulator.world.save(file)
    return Reply.json(file_object(file))


@routes.get(UPLOAD_PATH)
async def list_files(simulator: Simulator, request: Request) -> Answer:
    purpose = request.query("purpose")
    listed = [
        file
        for file in simulator.world.files.values()
        if isinstance(file, ThreadFile) and file.owner == request.owner and purpose in {"", file.purpose}
    ]
    return list_reply(request, listed, lambda file: file.id, file_object)


@routes.get("/v1/files/{file_id}")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return Reply.json(file_object(find_file(simulator, request)))


@routes.delete("/v1/files/{file_id}")
async def delete(simulator: Simulator, request: Request) -> Answer:
    file = find_file(simulator, request)
    simulator.world.forget(file)
    return Reply.json(deleted(file.id, "file"))


@routes.get("/v1/files/{file_id}/content")
async def content(simulator: Simulator, request: Request) -> Answer:
    """What was uploaded for assistants is not given back; what they made is."""
    file = find_file(simulator, request)
    if file.purpose == "assistants":
        raise Refusal("Not allowed to download files of purpose: assistants")
    return Reply(base64.b64decode(file.base64), content_type="application/octet-stream")
