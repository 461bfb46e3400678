"""A conversation of 5 000 messages, as somebody has who never begins a new one (`--only page`)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:  # the models may be imported only once Django is set up
    from accounts.models import User
    from chatweb.models import Bot

TURNS = 2_500
LAST_WORDS = "the very last words"

_ANSWER = """\
## Answer {n}

Some **bold** words, `code`, [a link](https://example.com/{n}) and $x_{{{n}}}^2$ in a sentence that goes on
for a while, as sentences of models do, until it has said the same thing twice.

- one
- two, with *slanted* words
- three

```python
def answer_{n}(count: int) -> int:
    return count * {n}  # and so on
```

| name | value |
|------|------:|
| first | {n} |
| second | {n}0 |

And so it ends: {words}.
"""


def make_long_conversation(user: User, bot: Bot) -> str:
    """Its UUID. The last answer ends with LAST_WORDS."""
    from django.utils import timezone

    from chatweb.models import Conversation, CozeIdentity, Message, Turn

    now = timezone.now()
    identity = CozeIdentity.objects.current(user, bot.connection)
    conversation = Conversation.objects.create(user=user, bot=bot, identity=identity, name="Long")
    turns = Turn.objects.bulk_create(
        Turn(
            conversation=conversation,
            client_id=uuid4(),
            ordinal=n,
            state="completed",
            ended_at=now - timedelta(minutes=TURNS - n),
        )
        for n in range(1, TURNS + 1)
    )
    Message.objects.bulk_create(
        Message(conversation=conversation, turn=turn, ordinal=ordinal, type=type_, text=text)
        for turn in turns
        for ordinal, type_, text in (
            (0, "question", f"Question {turn.ordinal}, in a few words?"),
            (1, "answer", answer(turn.ordinal)),
        )
    )
    return str(conversation.uuid)


def answer(number: int) -> str:
    words = LAST_WORDS if number == TURNS else "some words"
    return _ANSWER.format(n=number, words=words)
