"""A small site: bots, people in groups, and turns with their figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from chatweb.models import Action, Bot, Connection, Conversation, CozeIdentity, Leg, Turn, TurnFigures


@pytest.fixture
def small_site(db) -> SimpleNamespace:
    """Ana is in both groups, Bo in one, Cy in none."""
    connection = Connection.objects.create(name="Coze", token="t")
    bots = [
        Bot.objects.create(connection=connection, upstream_id=str(one), name=f"Bot {one}") for one in (0, 1)
    ]
    people = [User.objects.create(username=name) for name in ("ana", "bo", "cy")]
    groups = [Group.objects.create(name=name) for name in ("staff", "pilots")]
    people[0].groups.set(groups)
    people[1].groups.set(groups[:1])
    return SimpleNamespace(connection=connection, bots=bots, people=people, groups=groups)


def talk(site: SimpleNamespace, person: int = 0, bot: int = 0) -> Conversation:
    user = site.people[person]
    identity = CozeIdentity.objects.current(user, site.connection)
    return Conversation.objects.create(user=user, bot=site.bots[bot], identity=identity)


def turn_in(conversation: Conversation, asked_at: datetime, **figures: Any) -> TurnFigures:
    """A turn; what is not said of its figures is as in a plain answer without a price."""
    figures.setdefault("state", "completed")
    turn = Turn.objects.create(
        conversation=conversation, client_id=uuid4(), state="completed", created_at=asked_at,
        ordinal=conversation.turns.count() + 1,
    )  # fmt: skip
    figures, _ = TurnFigures.objects.update_or_create(
        turn=turn,
        defaults={
            "conversation": conversation,
            "user": conversation.user,
            "bot": conversation.bot,
            "asked_at": asked_at,
            **figures,
        },
    )
    return figures


def card_in(figures: TurnFigures, state: str, decision: str = "", waited_ms: int | None = None) -> Action:
    leg, _ = Leg.objects.get_or_create(turn=figures.turn, ordinal=0)
    begin = figures.asked_at
    return Action.objects.create(
        turn=figures.turn, leg=leg, kind="tool_call", state=state, decision=decision, created_at=begin,
        ordinal=Action.objects.filter(leg=leg).count(),
        answered_at=None if waited_ms is None else begin + timedelta(milliseconds=waited_ms),
    )  # fmt: skip
