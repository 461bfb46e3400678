"""POST /v3/chat and what can be done with a chat afterwards (wire-chat 2 to 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.answering import accept_words, meet_words
from simulator.asking import Asked, Entered, question_text, read_chat_body, shortcut_question
from simulator.bots.casting import find_bot
from simulator.directives import Directives, read_directives
from simulator.envelope import ApiError, bad_request, envelope, to_json
from simulator.ids import new_id, now
from simulator.occupying import check_free
from simulator.outlet import Outlet, nowhere
from simulator.performing import Part, Performance
from simulator.quirks import Spelling
from simulator.records import FINAL, Chat, Conversation, Message
from simulator.routing import Answer, Reply, Request, Routes, Streamed
from simulator.simulator import Simulator
from simulator.stage import Stage
from simulator.wire import chat_object, message_object

routes = Routes()
MOST_CONTEXT = 60  # messages


@dataclass(frozen=True)
class Manner:
    """How a dialect plays a leg; `reply` is what it answers instead of a stream. `is_exclusive`: one running
    chat a conversation."""

    stage: Callable[[Simulator, Chat, Outlet, Directives], Stage]
    performance: Callable[[Stage, Part], Performance]
    reply: Callable[[Chat, Request], Reply]
    is_exclusive: bool = True


def _as_it_is(chat: Chat, request: Request) -> Reply:
    return Reply.json(envelope(chat_object(chat), request.log_id))


CLOUD = Manner(Stage, Performance, _as_it_is)


@routes.post("/v3/chat")
async def create(simulator: Simulator, request: Request) -> Answer:
    asked = read_chat_body(request.json(), simulator.world.files.__contains__)
    return await begin(simulator, request, asked, CLOUD)


async def begin(simulator: Simulator, request: Request, asked: Asked, manner: Manner) -> Answer:
    """Let the bot answer what was asked, unless something refuses."""
    bot = find_bot(simulator, request.token, asked.bot_id)
    if asked.shortcut:
        text = shortcut_question(bot, asked.shortcut)
        asked.messages.append(Entered("user", "question", text, "text", {}))
    question = _question(simulator, request, asked)
    directives = bot.adapt(read_directives(question), question)
    if directives.refuse is not None:
        return _refusal(directives, request.log_id)
    conversation = _conversation(simulator, request, asked)
    directives, asking = await meet_words(simulator, request, conversation, bot.id, directives)
    try:
        if manner.is_exclusive:
            check_free(simulator, conversation, bot, question, directives.busy_for)
    except ApiError as error:
        if asked.is_streamed:
            return error_event(error)
        raise
    chat = _begin_chat(simulator, conversation, asked, question)
    if asking is not None:
        await accept_words(simulator, request, directives, asking, chat)
    return await start_leg(
        simulator, request, chat, directives, bot.play, asked.is_streamed, is_first_leg=True, manner=manner
    )


def _question(simulator: Simulator, request: Request, asked: Asked) -> str:
    """The last message sent; without one, the last message of the conversation."""
    if asked.messages:
        last = asked.messages[-1]
        return question_text(last.content, last.content_type, simulator.world.files)
    conversation_id = request.query("conversation_id")
    messages = simulator.world.messages_of(conversation_id) if conversation_id else []
    if not messages:
        raise bad_request("additional_messages must not be empty when the conversation holds no message.")
    return question_text(messages[-1].content, messages[-1].content_type, simulator.world.files)


def _refusal(directives: Directives, log_id: str) -> Reply:
    assert directives.refuse is not None
    is_mislabelled = "json_as_stream" in directives.quirks
    content_type = "text/event-stream" if is_mislabelled else "application/json; charset=utf-8"
    return Reply.json(ApiError(directives.refuse).body(log_id), content_type=content_type)


def error_event(error: ApiError) -> Streamed:
    """How a refusal looks where a stream was asked for and the connection already stands (4016)."""
    outlet = Outlet()
    outlet.write(Spelling().frame("error", to_json({"code": error.code, "msg": error.msg})))
    outlet.close()
    return Streamed(outlet)


def _conversation(simulator: Simulator, request: Request, asked: Asked) -> Conversation:
    conversation_id = request.query("conversation_id")
    if conversation_id:
        return simulator.world.find_conversation(request.owner, conversation_id)
    return simulator.world.new_conversation(request.owner, bot_id=asked.bot_id)


def _begin_chat(simulator: Simulator, conversation: Conversation, asked: Asked, question: str) -> Chat:
    """The chat with its question saved, before anything is answered."""
    world, at = simulator.world, now()
    chat = Chat(
        id=new_id(),
        conversation_id=conversation.id,
        section_id=conversation.section_id,
        bot_id=asked.bot_id,
        owner=conversation.owner,
        user_id=asked.user_id,
        created_at=at,
        question=question,
        meta_data=asked.meta_data,
        is_saved=asked.is_saved,
        enable_card=asked.enable_card,
    )
    chat.context = context_of(simulator, conversation)
    chat.input_count = (
        sum(len(world.messages[each].content) for each in chat.context) // 4 + len(question) // 4 + 1
    )
    if asked.is_saved:
        save_questions(simulator, conversation, chat, asked.messages)
        world.save(chat)
    else:
        world.occupy(chat)
    return chat


def context_of(simulator: Simulator, conversation: Conversation) -> list[str]:
    """Ids of what the model is shown: the last questions and answers of this section, without cancelled
    rounds."""
    world = simulator.world
    shown = [
        message.id
        for message in world.messages_of(conversation.id)
        if message.section_id == conversation.section_id
        and message.type in {"question", "answer", ""}
        and not (message.chat_id in world.chats and world.chats[message.chat_id].status == "canceled")
    ]
    return shown[-MOST_CONTEXT:]


def save_questions(
    simulator: Simulator, conversation: Conversation, chat: Chat, entered: list[Entered]
) -> None:
    for each in entered:
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            section_id=conversation.section_id,
            role=each.role,
            type=each.type,
            content=each.content,
            content_type=each.content_type,
            created_at=chat.created_at,
            updated_at=chat.created_at,
            chat_id=chat.id,
            bot_id=chat.bot_id,
            meta_data=each.meta_data,
        )
        simulator.world.save(message)
        chat.inserted.append(message.id)
    conversation.updated_at = chat.created_at
    conversation.name = conversation.name or chat.question[:100]
    simulator.world.save(conversation)


async def start_leg(
    simulator: Simulator,
    request: Request,
    chat: Chat,
    directives: Directives,
    part: Part,
    is_streamed: bool,
    is_first_leg: bool,
    manner: Manner = CLOUD,
) -> Answer:
    """Start the bot's part beside this request and answer with its stream, or with the chat as it is now."""
    quirks = directives.quirks
    is_listened_to = is_streamed and not quirks & {"html_502", "json_instead"}
    if "empty" in quirks:
        directives = replace(directives, drop_after=0)
    outlet = Outlet(directives.drop_after, "split_utf8" in quirks) if is_listened_to else nowhere()
    stage = manner.stage(simulator, chat, outlet, directives)
    simulator.enter(stage)
    await stage.hold("accepted")
    simulator.spawn(manner.performance(stage, part).run(is_first_leg))
    if is_listened_to:
        return Streamed(outlet)
    if is_streamed and "html_502" in quirks:
        return Reply(b"<html><body><h1>502 Bad Gateway</h1></body></html>", 502, "text/html")
    return manner.reply(chat, request)


def find(simulator: Simulator, request: Request) -> Chat:
    conversation_id, chat_id = request.query("conversation_id"), request.query("chat_id")
    if not conversation_id or not chat_id:
        raise bad_request("conversation_id and chat_id are required.")
    return simulator.world.find_chat(request.owner, conversation_id, chat_id)


@routes.get("/v3/chat/retrieve")
@routes.post("/v3/chat/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return request.ok(chat_object(find(simulator, request)))


@routes.get("/v3/chat/message/list")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    """Everything the chat produced, without the question (wire-chat 6.2). Fails for a failed chat."""
    chat = find(simulator, request)
    if chat.status == "failed":
        raise bad_request("The messages of a failed chat cannot be listed.")
    produced = simulator.world.messages_of(chat.conversation_id, chat.id)
    return request.ok(
        [message_object(each, with_meta_data=False) for each in produced if each.id not in chat.inserted]
    )


@routes.post("/v3/chat/cancel")
async def cancel(simulator: Simulator, request: Request) -> Answer:
    return request.ok(chat_object(canceled(simulator, request)))


def canceled(simulator: Simulator, request: Request) -> Chat:
    """Only the state flips: a running stream goes on to its end (wire-chat 5). ApiError 4001 or 4104."""
    body = request.json()
    chat = simulator.world.find_chat(
        request.owner, str(body.get("conversation_id", "")), str(body.get("chat_id", ""))
    )
    if chat.status in {"completed", "failed", "expired", "requires_action"}:
        raise ApiError(4104)
    if chat.status not in FINAL:
        chat.status, chat.completed_at = "canceled", now()
        simulator.world.save(chat)
    return chat
