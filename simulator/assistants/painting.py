"""A picture that an assistant made: a file of purpose assistants_output, and the part that shows it."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from simulator.assistants.records import ThreadFile, ThreadRun
from simulator.ids import new_id, now
from simulator.pictures import painted

if TYPE_CHECKING:
    from simulator.simulator import Simulator


def paint_file(simulator: Simulator, run: ThreadRun) -> ThreadFile:
    content = painted("shower-icon")
    file = ThreadFile(
        id=f"file-{new_id()}",
        owner=run.owner,
        file_name="shower.png",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now(),
        purpose="assistants_output",
        base64=base64.b64encode(content).decode(),
    )
    simulator.world.save(file)
    return file


def image_part(file: ThreadFile) -> dict[str, Any]:
    return {"type": "image_file", "image_file": {"file_id": file.id}}
