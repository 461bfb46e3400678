"""What the simulator remembers of runs, messages and files of threads. A thread is a Conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.ids import now
from simulator.records import Chat, File, Message

LIVES_SECONDS = 600  # of a run, from its beginning
ACTIVE = {"queued", "in_progress", "requires_action", "cancelling"}


@dataclass(slots=True)
class ThreadRun(Chat):
    """`status` is spelled as Coze has it where both have it: "canceled" is `cancelled` on the wire. `steps`
    are {"id", "type", "status", "created_at", "ended_at", "output_count", "details"}. Times in seconds;
    `expires_at` may be a fraction."""

    instructions: str = ""
    started_at: int = 0
    expires_at: float = 0.0
    incomplete_reason: str = ""
    most_output: int = 0  # max_completion_tokens; 0: none
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_occupying(self) -> bool:
        """Locks its thread."""
        return self.status in ACTIVE

    def mend(self) -> None:
        """It was running when the process died."""
        if self.status == "cancelling":
            self.status, self.completed_at = "canceled", now()
        elif self.status in {"queued", "in_progress"}:
            self.status, self.failed_at = "failed", now()
            self.error_code, self.error_msg = 5000, "The server was restarted while it was answering."
        else:
            return
        self.end_steps(self.status)

    def end_steps(self, status: str) -> None:
        for step in self.steps:
            if step["status"] == "in_progress":
                step["status"], step["ended_at"] = status, now()


@dataclass(slots=True)
class ThreadMessage(Message):
    """`content` is what the model reads, a file as a line of text; `parts` are the parts that are no text."""

    status: str = "completed"
    completed_at: int = 0
    incomplete_reason: str = ""
    text: str = ""  # without the lines for files
    parts: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)

    def mend(self) -> None:
        """It was being said when the process died."""
        if self.status == "in_progress":
            self.status, self.incomplete_reason = "incomplete", "run_failed"


@dataclass(slots=True)
class ThreadFile(File):
    purpose: str = "assistants"
    base64: str = ""  # what is in it
