"""The wire to the browser: what Python builds is what tests/frames.json and docs/protocol.md say."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from accounts.models import User
from chatweb import bot_frames, delta_ops, file_frames, frames, rows
from chatweb.models import (
    Action,
    Attachment,
    Bot,
    BotGrant,
    Connection,
    Conversation,
    CozeIdentity,
    Draft,
    Feedback,
    FeedbackReason,
    Leg,
    Message,
    Tool,
    Turn,
)
from chatweb.sentences import SENTENCES
from chatweb.turns.feed import Feed
from chatweb.turns.states import ActionState, MessageState, TurnState
from chatweb.upstreams.events import Delta, MessageDone
from chatweb.upstreams.events import Message as Said
from chatweb.views.pages import context_of
from tests import contract
from tests.contract import FRAMES, Json

OBJECTS, SERVER, CLIENT, OPS = (FRAMES[part] for part in ("objects", "server", "client", "ops"))
STREAM = FRAMES["stream"]
NAMED = contract.schemas("#/")
HELPERS = {"encode", "utf16_units", "utf16_cut", "is_empty"}


def every(examples: Json) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("example", examples.values(), ids=examples)


# As the upstream describes it: the example's.
SHORTCUT = {
    "id": 81,
    "name": "Translate",
    "command": "/translate",
    "description": "Into another language",
    "query_template": "Translate {{text}} into {{language}}",
    "icon_url": None,
    "components": [
        {"name": "text", "type": "text", "description": "What to translate", "default_value": ""},
        {"name": "language", "type": "text", "default_value": "French", "is_hide": True},
    ],
}


# As an admin wrote it.
CITY = {"type": "string", "x-titles": {"en": "City", "zh": "城市"}, "default": "Oslo"}
ASKED = {"type": "object", "properties": {"city": CITY}, "required": ["city"]}


# --- objects, from real rows -----------------------------------------------------------------------


def at(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


@pytest.fixture
def reader(db) -> User:
    return User.objects.create_user("demo", password="a long passphrase")


@pytest.fixture
def bot(reader: User) -> Bot:
    example = OBJECTS["bot"]
    connection = Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")
    bot = Bot.objects.create(
        connection=connection,
        uuid=example["id"],
        upstream_id="7001",
        name=example["name"],
        description=example["description"],
        prologue="Hello {{user_name}}",
        suggested_questions=example["suggested_questions"],
        kind=example["kind"],
        icon_url="https://x.example/icon",
        background={"web": {"url": "https://x.example/sky", "theme_color": "#0c4a6e"}},
        shortcut_commands=[SHORTCUT],
        asked_variables=ASKED,
    )
    BotGrant.objects.create(bot=bot, user=reader)
    return bot


@pytest.fixture
def conversation(reader: User, bot: Bot) -> Conversation:
    example = OBJECTS["conversation"]
    return Conversation.objects.create(
        user=reader,
        bot=bot,
        identity=CozeIdentity.objects.current(reader, bot.connection),
        uuid=example["id"],
        name=example["name"],
        version=example["version"],
        last_asked_at=at(example["last_asked_at"]),
    )


def store_turn(conversation: Conversation, example: Json) -> None:
    """The rows of which the example is the picture."""
    error = example["error"] or {"reason": "", "code": "", "message": "", "log_id": ""}
    turn = Turn.objects.create(
        uuid=example["id"],
        conversation=conversation,
        stop_outcome=example["stop"],
        busy_since=at(example["busy_since"]),
        created_at=at(example["asked_at"]),
        started_at=at(example["started_at"]),
        ended_at=at(example["ended_at"]),
        error_reason=error["reason"],
        error_code=error["code"],
        error_message=error["message"],
        log_id=error["log_id"],
        **{key: example[key] for key in ("client_id", "ordinal", "section", "version", "state")},
        **{key: example[key] for key in ("epoch", "seq", "is_held", "is_withdrawn")},
    )
    message = {"conversation": conversation, "turn": turn}
    Message.objects.create(**message, type="question", text=example["question"])
    Message.objects.create(**message, ordinal=8, type="verbose", text="for operators only")
    for each in example["messages"]:
        columns = {key: value for key, value in each.items() if key not in ("id", "feedback")}
        row = Message.objects.create(**message, uuid=each["id"], **columns)
        if each["feedback"]:
            store_feedback(row, each["feedback"])
    for ordinal, text in enumerate(example["follow_ups"], start=9):
        Message.objects.create(**message, ordinal=ordinal, type="follow_up", text=text)
    turn.files.set([store_file(conversation, file) for file in example["files"]])
    for source in example["sources"]:
        Message.objects.create(**message, ordinal=7, type="knowledge", text=json.dumps(source))
    leg = Leg.objects.create(turn=turn)
    for action in example["actions"]:
        Action.objects.create(turn=turn, leg=leg, uuid=action["id"], **columns_of(action, conversation.user))
        if action["tool"]:
            store_tool(action["name"], action["tool"])


def store_feedback(message: Message, feedback: Json) -> None:
    given = Feedback.objects.create(
        message=message,
        user=message.conversation.user,
        rating=feedback["rating"],
        comment=feedback["comment"],
    )
    for each in feedback["reasons"]:
        titles = {"title_en": each["titles"]["en"], "title_zh": each["titles"]["zh"]}
        reason = FeedbackReason.objects.create(uuid=each["id"], offered_for=each["offered_for"], **titles)
        given.reasons.add(reason)


def columns_of(action: Json, reader: User) -> Json:
    """An action's object as the columns of its row."""
    refusal = action["refusal"] or {"message": "", "code": "", "log_id": ""}
    elsewhere = {"id", "tool", "attempt", "asked_at"}
    return {key: value for key, value in action.items() if key not in elsewhere} | {
        "question": action["question"] or {},
        "refusal": refusal["message"],
        "refusal_code": refusal["code"],
        "refusal_log_id": refusal["log_id"],
        "answered_by": reader if action["answered_by"] else None,
        "created_at": at(action["asked_at"]),
        "answered_at": at(action["answered_at"]),
        "expires_at": at(action["expires_at"]),
    }


def store_tool(name: str, tool: Json) -> None:
    Tool.objects.create(
        name=name,
        title_en=tool["titles"]["en"],
        title_zh=tool["titles"]["zh"],
        icon=tool["icon"],
        mode=tool["mode"],
        schema=tool["schema"],
        may_be_allowed=tool["may_allow"],
    )


def store_file(conversation: Conversation, example: Json) -> Attachment:
    """The row of an attachment; its copy is a name, no file."""
    return Attachment.objects.create(
        user=conversation.user,
        connection=conversation.bot.connection,
        conversation=conversation,
        uuid=example["id"],
        upstream_id="81",
        copy="11/copy",
        uploaded_at=datetime.fromisoformat(example["expires_at"]) - timedelta(days=90),
        **{key: example[key] for key in ("name", "mime", "size_bytes")},
    )


def without_id(example: Json) -> Json:
    return {key: value for key, value in example.items() if key != "id"}


def test_an_attachment_is_built_from_its_row(conversation: Conversation) -> None:
    example = OBJECTS["attachment"]
    assert file_frames.attachment_object(store_file(conversation, example)) == example


def test_a_draft_is_built_from_its_row(conversation: Conversation) -> None:
    example = OBJECTS["unsent"]
    draft = Draft.objects.create(
        user=conversation.user, conversation=conversation, text=example["text"], version=4
    )
    draft.files.add(store_file(conversation, example["files"][0]))
    assert file_frames.unsent_object(draft) == example


def test_a_task_is_built_from_its_rows(conversation: Conversation, reader: User) -> None:
    store_turn(conversation, OBJECTS["turn_waiting"])
    tasks = rows.tasks(reader)
    assert tasks[0] == OBJECTS["task"]
    assert [task["action"] for task in tasks] == OBJECTS["turn_waiting"]["actions"]


@every({name: example for name, example in OBJECTS.items() if name.startswith("turn")})
def test_a_turn_is_built_from_its_rows(conversation: Conversation, example: Json) -> None:
    store_turn(conversation, example)
    assert rows.turns_of(conversation) == [example]


@pytest.mark.parametrize("name", ["message", "tool_call", "question"])
def test_a_part_of_a_turn_is_built_from_its_row(conversation: Conversation, name: str) -> None:
    example = OBJECTS[name]
    key = "messages" if name == "message" else "actions"
    store_turn(conversation, OBJECTS["turn"] | {key: [example]})
    [turn] = rows.turns_of(conversation)
    assert turn[key] == [example]


def test_a_row_of_the_sidebar_is_built_from_its_rows(conversation: Conversation, reader: User) -> None:
    store_turn(conversation, OBJECTS["turn"])
    assert rows.conversation_rows(Conversation.objects.all(), reader) == [OBJECTS["conversation"]]


def test_the_other_end_of_a_branch_is_its_id_and_name() -> None:
    example = OBJECTS["branch"]
    other = Conversation(uuid=example["conversation"], name=example["name"])
    assert frames.branch_object(other) == example


def test_a_bot_greets_by_name(bot: Bot) -> None:
    links = {"": "", "icon": OBJECTS["bot"]["icon"], "sky": OBJECTS["bot"]["background"]["picture"]}
    kept = {"variables": {"city": "Rome"}}
    built = bot_frames.bot_object(bot, "demo", lambda url: links[url.rpartition("/")[2]], kept)
    assert built == OBJECTS["bot"]


def test_the_page_state_is_documented(conversation: Conversation, reader: User) -> None:
    store_turn(conversation, OBJECTS["turn_waiting"])
    schema = contract.object_schema("Page state", "#/")
    for opened in (None, conversation):
        state = json.loads(json.dumps(context_of(reader, opened)["page_state"]))
        assert list(contract.misfits(state, schema, NAMED)) == []


# --- frames and ops --------------------------------------------------------------------------------

FRAME_BUILDERS: dict[str, Callable[[Json], str]] = {
    "welcome": lambda one: frames.welcome(one["list_version"]),
    "caught_up": lambda one: frames.caught_up(
        one["conversation"], one["turns"], is_reset=one["is_reset"], has_older=one["has_older"]
    ),
    "turn": lambda one: frames.turn(one["turn"]),
    "delta": lambda one: frames.delta(one["turn"], one["epoch"], one["seq"], [*map(op_of, one["ops"])]),
    "conversation": lambda one: frames.conversation(one["conversation"], one["list_version"]),
    "conversation_gone": lambda one: frames.conversation_gone(one["conversation"], one["list_version"]),
    "notice": lambda one: frames.notice(one["conversation"], one["turn"], one["kind"]),
    "draft": lambda one: frames.draft(
        one["conversation"],
        one["turn"],
        Action(uuid=one["action"], draft=one["draft"], draft_version=one["draft_version"]),
        one["tab"],
    ),
    "question_draft": lambda one: frames.question_draft(one["conversation"], one["draft"], one["tab"]),
    "ping": lambda one: frames.ping(one["list_version"]),
    "refused": lambda one: frames.refused(one["conversation"]),
    "error": lambda one: frames.error(one["reason"]),
    "signed_out": lambda one: frames.signed_out(),
}
OP_BUILDERS: dict[str, Callable[[Json], str]] = {
    "open": lambda op: delta_ops.op_open(op["message"]),
    "append": lambda op: delta_ops.op_append(op["id"], op["from"], op["text"]),
    "think": lambda op: delta_ops.op_think(op["id"], op["from"], op["text"]),
    "done": lambda op: delta_ops.op_done(
        op["id"], op["reasoning_ms"], **{key: op[key] for key in op.keys() - {"op", "id", "reasoning_ms"}}
    ),
    "follow_ups": lambda op: delta_ops.op_follow_ups(op["texts"]),
    "sources": lambda op: delta_ops.op_sources(op["sources"]),
}
OBJECT_BUILDERS = {"turn_object", "message_object", "action_object", "error_object", "conversation_row"}
OBJECT_BUILDERS |= {"feedback_object", "reason_object"}
OBJECT_BUILDERS |= {"bot_object", "background_object", "tool_object", "task_object"}
OBJECT_BUILDERS |= {"shortcut_object", "asked_object"}
OBJECT_BUILDERS |= {"branch_object", "attachment_object", "unsent_object"}


def op_of(op: Json) -> str:
    return OP_BUILDERS[op["op"]](op)


@every(SERVER)
def test_a_frame_is_built_as_its_example(example: Json) -> None:
    assert json.loads(FRAME_BUILDERS[example["type"]](example)) == example


@every(OPS)
def test_an_op_is_built_as_its_example(example: Json) -> None:
    assert json.loads(op_of(example)) == example


def builders(module: ModuleType) -> set[str]:
    functions = inspect.getmembers(module, inspect.isfunction)
    own = {name for name, made in functions if made.__module__ == module.__name__}
    return {name for name in own if not name.startswith("_")} - HELPERS


def test_every_builder_has_an_example_and_every_example_a_builder() -> None:
    built = set().union(*map(builders, (frames, bot_frames, file_frames, delta_ops)))
    assert built == OBJECT_BUILDERS | SERVER.keys() | {f"op_{op['op']}" for op in OPS.values()}
    assert [frame["type"] for frame in SERVER.values()] == list(FRAME_BUILDERS)
    assert {op["op"] for op in OPS.values()} == OP_BUILDERS.keys()


def test_a_real_feed_says_the_examples_stream() -> None:
    """Ids and the thinking time apart, which are the feed's own."""
    feed = Feed(dict(OBJECTS["turn"]))
    said = [
        [Delta("m")],
        [Delta("m", reasoning="Think.")],
        [Delta("m", "It is 😀 ")],
        [Delta("m", "war"), Delta("m", "m.")],
        [MessageDone(Said("m", "answer", "It is 😀 warm.", reasoning="Think."))],
        [MessageDone(Said("f", "follow_up", "And tomorrow?"))],
    ]
    sent = [json.loads(feed.frame(feed.take(events))) for events in said]
    [message] = feed.snapshot()["messages"]
    own = {message["id"]: OBJECTS["message"]["id"], message["reasoning_ms"]: 3200}
    assert [renamed(frame, own) for frame in sent] == STREAM["frames"][:-1]


def renamed(value: Any, own: dict[Any, Any]) -> Any:
    if isinstance(value, dict):
        swapped = {key: own.get(one, one) for key, one in value.items() if key in ("id", "reasoning_ms")}
        return {key: renamed(one, own) for key, one in value.items()} | swapped
    return [renamed(one, own) for one in value] if isinstance(value, list) else value


# --- the document ----------------------------------------------------------------------------------


def test_every_example_is_as_documented() -> None:
    wrong = []
    for name, example in OBJECTS.items():
        wrong += contract.misfits(example, NAMED[contract.kind_of(name)], NAMED, name)
    for frame in [*SERVER.values(), *CLIENT.values(), *STREAM["frames"]]:
        wrong += contract.misfits(frame, contract.frame_schema(frame["type"], "#/"), NAMED, frame["type"])
    for op in OPS.values():
        wrong += contract.misfits(op, contract.op_schema(op["op"], "#/"), NAMED, op["op"])
    for scenario in FRAMES["scenarios"]:
        for frame in scenario["frames"]:
            wrong += contract.misfits(
                frame, contract.frame_schema(frame["type"], "#/"), NAMED, scenario["name"]
            )
    assert wrong == []


def test_every_documented_frame_and_op_has_an_example() -> None:
    sent = {frame["type"] for frame in [*SERVER.values(), *CLIENT.values()]}
    assert sent == contract.rows("frame").keys()
    assert {op["op"] for op in OPS.values()} == contract.rows("op").keys()


def documented(table: str, field: str) -> set[str]:
    return set(contract.object_schema(table, "#/")["properties"][field]["enum"])


def test_the_documented_states_are_the_ones_there_are() -> None:
    assert documented("turn", "state") == set(TurnState.values)
    assert documented("message", "state") == set(MessageState.values)
    assert documented("action", "state") == set(ActionState.values)
    assert documented("action", "kind") == set(Action.Kind.values)
    assert documented("bot", "kind") == set(Bot.Kind.values)
    assert documented("sentence", "button") == {one.button for one in SENTENCES.values()}


def test_the_documented_marks_are_the_ones_there_are() -> None:
    now = datetime.fromisoformat("2026-01-02T03:04:05+00:00")
    marks = {
        rows.mark_of(live, last, now if last else None, read)
        for live in [None, "running", "waiting", "resuming", "recovering"]
        for last in [None, "completed", "failed", "lost", "canceled"]
        for read in [None, now]
    }
    assert marks == documented("conversation", "mark")
