"""What a dialect has and lacks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a dialect has (wire-supplement 5); the interface hides what a connection lacks."""

    submits_outputs: bool = False
    cancels: bool = False
    cancels_waiting: bool = False  # also a chat that waits for outputs
    forgets_canceled: bool = False  # a cancelled chat is no longer in the bot's memory
    retrieves: bool = False
    finds_by_meta: bool = False  # lists of messages carry the question's meta_data
    asks_in_two_steps: bool = False  # first the question, then its answer: `answer_asked`
    renames: bool = False
    clears: bool = False
    deletes: bool = False
    deletes_messages: bool = False
    has_feedback: bool = False
    uploads: bool = False
    lists_bots: bool = False
    lists_workflows: bool = False
    lists_workspaces: bool = False
    has_reasoning: bool = False
    speaks_chatflow_json: bool = False  # a form's answer may be JSON; else lines of name:value
    streams_workflows: bool = False
    runs_in_background: bool = False
    has_histories: bool = False
    has_chatflows: bool = False
    begins_with_messages: bool = False  # a new conversation may hold earlier ones
    has_run_steps: bool = False
