"""Years of talk, as rows and passages, for the tests of search and for measuring it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from chatweb.models import Bot, Conversation, CozeIdentity, Message, Passage, Turn
from chatweb.search.index import fields_of, fields_of_name
from chatweb.turns.states import TurnState

TURNS_A_TALK = 50
BATCH = 1000
LETTERS, COMMON_HAN = "etaoinshrdlu", [chr(0x4E00 + 17 * number) for number in range(1200)]


class Talk:
    """The same words for the same seed; frequent ones are as frequent as in real languages."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.words = ["".join(self.dice.choices(LETTERS, k=2 + number // 400)) for number in range(3000)]

    def english(self, count: int) -> str:
        return " ".join(self.words[int(3000 * self.dice.random() ** 3)] for _ in range(count))

    def chinese(self, count: int) -> str:
        return "".join(COMMON_HAN[int(1200 * self.dice.random() ** 3)] for _ in range(count))

    def text(self, length: int) -> str:
        return self.english(length // 6) if self.dice.random() < 0.5 else self.chinese(length // 2)


def seed_talk(user: User, bot: Bot, messages: int, length: int = 120, talk: Talk | None = None) -> None:
    """So many messages, half of them questions, each with its passage."""
    talk = talk or Talk()
    identity = CozeIdentity.objects.current(user, bot.connection)
    begin = timezone.now() - timedelta(minutes=messages)
    for first in range(0, messages // 2, BATCH):
        _seed_turns(user, bot, identity, begin, range(first, min(first + BATCH, messages // 2)), length, talk)


def _seed_turns(
    user: User,
    bot: Bot,
    identity: CozeIdentity,
    begin: datetime,
    numbers: range,
    length: int,
    talk: Talk,
) -> None:
    talks = Conversation.objects.bulk_create(
        Conversation(user=user, bot=bot, identity=identity, name=f"Talk {number}")
        for number in numbers[::TURNS_A_TALK]
    )
    turns = Turn.objects.bulk_create(
        Turn(
            conversation=talks[place // TURNS_A_TALK],
            client_id=uuid4(),
            ordinal=place % TURNS_A_TALK + 1,
            state=TurnState.COMPLETED,
            created_at=begin + timedelta(minutes=2 * number),
        )
        for place, number in enumerate(numbers)
    )
    messages = Message.objects.bulk_create(
        Message(
            conversation_id=turn.conversation_id,
            turn=turn,
            ordinal=ordinal,
            type=kind,
            text=talk.text(length if ordinal else length // 2),
            created_at=turn.created_at,
        )
        for turn in turns
        for ordinal, kind in enumerate(("question", "answer"))
    )
    Passage.objects.bulk_create(Passage(**fields_of_name(one)) for one in talks)
    Passage.objects.bulk_create(Passage(**fields) for fields in fields_of(turns, messages, ()))
