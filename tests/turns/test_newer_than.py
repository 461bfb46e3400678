"""What a tab is told when it begins to follow, while another process goes on writing."""

from __future__ import annotations

import pytest
from django.db.models import F

from chatweb import consumers, rows
from chatweb.models import Conversation, Turn
from chatweb.turns.states import TurnState
from tests.turns.asking import running


def test_a_turn_that_ends_while_the_rows_are_read_is_told_the_next_time(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, _ = running(conversation)
    read_row = rows.conversation_row

    def ended_meanwhile(*args):
        """What the other process commits between two queries."""
        Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
        ended = Conversation.objects.get(pk=conversation.pk).version
        Turn.objects.filter(pk=turn.pk).update(state=TurnState.COMPLETED, version=ended)
        return read_row(*args)

    monkeypatch.setattr(rows, "conversation_row", ended_meanwhile)
    told = consumers.newer_than(conversation.user_id, str(conversation.uuid), 0)
    assert told is not None and [each["state"] for each in told[1]] == ["running"]
    monkeypatch.undo()
    again = consumers.newer_than(conversation.user_id, str(conversation.uuid), told[0]["version"])
    assert again is not None and [each["state"] for each in again[1]] == ["completed"]
