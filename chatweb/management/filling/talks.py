"""Conversations with all their rows, in the order they began; the same for the same seed and end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from chatweb.models.passage import owner_of
from chatweb.search.fold import fold
from chatweb.search.texts import lines_of_json

from .columns import new_tables
from .people import Cast
from .tables import stamp
from .words import ASIDE_EVERY, ASIDES, COMMENTS, TOPICS, Topic, values_of

MESSAGES_A_TURN = 2.9  # on average; with tools and suggestions
DAYS = 365
ENDS = ("completed", "failed", "canceled", "lost")
WEIGHTS = (930, 45, 20, 5)
ERROR_CODES = ("4011", "4008", "5000", "4100", "702093018", "timeout")
WAITS_EVERY, DELETED_EVERY, ARCHIVED_EVERY = 500, 33, 11


@dataclass(slots=True)
class Talk:
    """One conversation while it is made. `topic` gives its language."""

    pk: int
    uuid: str
    user: int
    bot: int
    identity: int
    topic: Topic
    name: str
    at: datetime
    is_waiting: bool = False
    turns: list[int] = field(default_factory=list)
    asked_at: list[datetime] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    tools: set[str] = field(default_factory=set)
    ratings: Counter[str] = field(default_factory=Counter)
    has_comment: bool = False
    slowest_ms: int = 0
    tokens: int = 0


class Filler:
    """`made`: messages so far. `next_pk`: of each table that has keys of its own."""

    def __init__(
        self, cast: Cast, random: Random, until: datetime, conversations: int, messages: int
    ) -> None:
        self.cast, self.random, self.until = cast, random, until
        self.conversations, self.messages = conversations, messages
        self.tables = new_tables()
        self.next_pk = {
            name: table.first_free_pk() for name, table in self.tables.items() if table.names[0] == "id"
        }
        self.made = 0

    def batches(self, size: int) -> Iterator[int]:
        """Write `size` conversations at a time, each batch in the caller's hands; how many there are now."""
        for number in range(self.conversations):
            self.talk(number)
            if (number + 1) % size == 0 or number + 1 == self.conversations:
                for table in self.tables.values():
                    table.write()
                yield number + 1

    # --- one conversation ------------------------------------------------------------------------------

    def talk(self, number: int) -> None:
        random = self.random
        user = self.cast.users[int(len(self.cast.users) * random.random() ** 2)]  # some ask much, most little
        place = int(len(self.cast.bots) * random.random() ** 1.5)
        bot, connection = self.cast.bots[place]
        topic = TOPICS[place % len(TOPICS)]
        values = values_of(random, topic.language)
        talk = Talk(
            self.take("conversation"),
            self.uuid(),
            user,
            bot,
            self.cast.identity_of[user, connection],
            topic,
            topic.name.format(**values)[:100],
            self.start_of(number),
        )
        due = self.messages * (number + 1) / self.conversations - self.made
        turns = max(1, round(random.expovariate(1) * due / MESSAGES_A_TURN)) if due > 0 else 1
        if number + 1 == self.conversations:
            turns = max(1, math.ceil(due / 2))
        talk.is_waiting = number % WAITS_EVERY == WAITS_EVERY - 1
        self.passage(talk, None, None, None, "name", talk.name, talk.at)
        for ordinal in range(1, turns + 1):
            self.turn(talk, ordinal, is_last=ordinal == turns)
            talk.at = min(self.until, talk.at + timedelta(seconds=random.expovariate(1 / 180)))
            if random.random() < 0.05:  # taken up again another day
                talk.at = min(self.until, talk.at + timedelta(hours=random.randrange(8, 96)))
        self.close(talk, number)

    def start_of(self, number: int) -> datetime:
        """Evenly over a year up to the end, most of it in working hours."""
        day = self.until - timedelta(days=DAYS * (1 - (number + self.random.random()) / self.conversations))
        hour = min(23.9, max(0.0, self.random.gauss(13, 3.5)))
        return min(self.until, day.replace(hour=int(hour), minute=int(hour % 1 * 60)))

    def close(self, talk: Talk, number: int) -> None:
        last = stamp(talk.asked_at[-1])
        self.tables["conversation"].add(
            talk.pk, talk.uuid, self.uuid(), talk.user, talk.bot, talk.identity, f"75{talk.pk:017d}",
            talk.name, int(number % 5 == 0), int(number % ARCHIVED_EVERY == 0), len(talk.turns) * 3,
            stamp(talk.asked_at[0]), last, last, last if number % DELETED_EVERY == 0 else None,
        )  # fmt: skip
        self.tables["figures"].add(
            talk.pk, talk.user, talk.bot, stamp(talk.asked_at[0]), last, talk.turns[0], talk.turns[-1],
            len(talk.turns), talk.states[-1], f",{','.join(sorted(set(talk.states)))},",
            talk.ratings["good"], talk.ratings["bad"], int(talk.has_comment), talk.slowest_ms, talk.tokens,
        )  # fmt: skip
        for kind, words in (("tool", talk.tools), ("error", talk.codes)):
            for word in sorted(words):
                self.tables["mark"].add(self.take("mark"), talk.pk, kind, word)

    # --- one turn --------------------------------------------------------------------------------------

    def turn(self, talk: Talk, ordinal: int, is_last: bool) -> None:
        random = self.random
        turn, leg = self.take("turn"), self.take("leg")
        waits = talk.is_waiting and is_last
        state = "waiting" if waits else random.choices(ENDS, WEIGHTS)[0]
        code = random.choice(ERROR_CODES) if state in ("failed", "lost") else ""
        first_ms = int(random.lognormvariate(6.6, 0.5))
        answer_ms = first_ms + int(random.lognormvariate(8.0, 0.8))
        asks = waits or random.random() < 0.03
        waited_ms = int(random.lognormvariate(10.5, 1.2)) if asks and not waits else 0
        first_at = talk.at + timedelta(milliseconds=first_ms)
        ended_at = None if waits else talk.at + timedelta(milliseconds=answer_ms + waited_ms)
        input_tokens, output_tokens = random.randrange(200, 3000), random.randrange(20, 900)
        asked, first, ended = stamp(talk.at), stamp(first_at), stamp(ended_at)
        log_id = f"{talk.at:%Y%m%d%H%M%S}{random.getrandbits(72):018X}"
        self.tables["turn"].add(
            turn, self.uuid(), self.uuid(), talk.pk, ordinal, state, 1, "upstream" if code else "", code,
            "The request failed." if code else "", log_id, asked, asked, first, ended,
        )  # fmt: skip
        self.tables["leg"].add(
            leg, turn, f"76{leg:017d}", log_id, f"75{talk.pk:017d}", input_tokens + output_tokens,
            input_tokens, output_tokens, output_tokens, first, ended, asked, ended,
        )  # fmt: skip
        talk.turns.append(turn)
        talk.asked_at.append(talk.at)
        talk.states.append(state)
        talk.codes |= {code} - {""}
        answer = self.messages_of(talk, turn, leg, state, asks, asked, first)
        rating, has_comment = self.rate(talk, answer, ended) if answer and not waits else ("", False)
        self.tables["turn_figures"].add(
            turn, talk.pk, talk.user, talk.bot, asked, ended, state, code, first_ms, None if waits else
            answer_ms, waited_ms, int(asks), input_tokens, output_tokens, input_tokens + output_tokens,
            rating, int(has_comment),
        )  # fmt: skip
        talk.slowest_ms = max(talk.slowest_ms, 0 if waits else answer_ms)
        talk.tokens += input_tokens + output_tokens

    def messages_of(
        self, talk: Talk, turn: int, leg: int, state: str, asks: bool, asked: str | None, first: str | None
    ) -> int | None:
        """The question and what came of it; the pk of the answer."""
        random, topic = self.random, talk.topic
        values = values_of(random, topic.language)
        aside = random.choice(ASIDES[topic.language]) if random.randrange(ASIDE_EVERY) == 0 else ""
        ordinals = iter(range(10))
        self.message(
            talk,
            turn,
            leg,
            next(ordinals),
            "question",
            random.choice(topic.questions).format(**values) + aside,
            asked,
        )
        if asks:
            self.action(talk, turn, leg, values, state, first)
        elif random.random() < 0.2:
            call = f'{{"name": "{topic.tool}", "arguments": {topic.arguments.format(**values)}}}'
            self.message(talk, turn, leg, next(ordinals), "function_call", call, first)
            self.message(
                talk, turn, leg, next(ordinals), "tool_response", topic.output.format(**values), first
            )
            talk.tools.add(topic.tool)
        if state == "waiting" or (state == "failed" and random.random() < 0.7):
            return None
        parts = random.sample(topic.answers, random.choice((1, 1, 2)))
        answer = self.message(
            talk, turn, leg, next(ordinals), "answer", "\n\n".join(parts).format(**values), first
        )
        if random.random() < 0.16:
            for question in topic.questions[:3]:
                self.message(talk, turn, leg, next(ordinals), "follow_up", question.format(**values), first)
        return answer

    def message(
        self, talk: Talk, turn: int, leg: int, ordinal: int, kind: str, text: str, at: str | None
    ) -> int:
        pk = self.take("message")
        upstream_id = f"77{pk:017d}" if kind != "question" else ""
        self.tables["message"].add(pk, self.uuid(), talk.pk, turn, leg, ordinal, upstream_id, kind, text, at)
        self.made += 1
        if kind in ("question", "answer"):
            self.passage(talk, turn, pk, None, kind, text, at)
        return pk

    def action(
        self, talk: Talk, turn: int, leg: int, values: dict[str, str], state: str, at: str | None
    ) -> None:
        pk, topic = self.take("action"), talk.topic
        is_open = state == "waiting"
        decision = "" if is_open else self.random.choice(("answered", "answered", "declined", "auto"))
        shown = "pending" if is_open else "declined" if decision == "declined" else "answered"
        arguments = topic.arguments.format(**values)
        output = topic.output.format(**values) if shown == "answered" else ""
        self.tables["action"].add(
            pk, self.uuid(), turn, leg, "tool_call", topic.tool, arguments, shown, decision, output, "", 1,
            None if is_open else at, at,
        )  # fmt: skip
        talk.tools.add(topic.tool)
        self.passage(talk, turn, None, pk, "action", text_of(topic.tool, arguments, output), at)

    def rate(self, talk: Talk, answer: int, at: str | None) -> tuple[str, bool]:
        """Rating and whether there is a comment."""
        random = self.random
        if random.random() > 0.06:
            return "", False
        rating = random.choice(("good", "good", "bad"))
        comment = random.choice(COMMENTS[talk.topic.language]) if random.random() < 0.3 else ""
        self.tables["feedback"].add(
            self.take("feedback"), self.uuid(), answer, talk.user, rating, comment, "not_supported", at, at,
        )  # fmt: skip
        talk.ratings[rating] += 1
        talk.has_comment |= bool(comment)
        return rating, bool(comment)

    # --- small things ----------------------------------------------------------------------------------

    def passage(
        self,
        talk: Talk,
        turn: int | None,
        message: int | None,
        action: int | None,
        kind: str,
        text: str,
        at: str | datetime | None,
    ) -> None:
        said_at = stamp(at) if isinstance(at, datetime) else at
        self.tables["passage"].add(
            self.take("passage"), talk.user, owner_of(talk.user), talk.pk, turn, message, action, kind,
            fold(text), said_at,
        )  # fmt: skip

    def take(self, table: str) -> int:
        pk = self.next_pk[table]
        self.next_pk[table] = pk + 1
        return pk

    def uuid(self) -> str:
        return f"{self.random.getrandbits(128):032x}"


def text_of(tool: str, arguments: str, output: str) -> str:
    """As search keeps a card that was a tool's (`search/texts.py`)."""
    return "\n".join([tool, *lines_of_json(arguments), *lines_of_json(output)])
