"""Chat-shaped streams that wait for a person, or go on after one: tools, questions, cards, chatflows."""

from __future__ import annotations

from .samples import (
    CARD,
    CHAT,
    CONVERSATION,
    DONE,
    OPTION,
    OPTION_QUESTION,
    REPLY,
    STARTED,
    USAGE,
    ZEROS,
    Sample,
    calls,
    chat,
    delta,
    dumps,
    frame,
    function_call,
    verbose,
    whole,
)

WAITING_SAMPLES = {
    "two calls in one interrupt": Sample(
        (
            STARTED
            + verbose("1", "interrupt")
            + verbose("2", "generate_answer_finish", '{"finish_reason":1}')
            + chat(
                "requires_action",
                required_action=calls(
                    function_call("c1=", '{"location":"A"}'), function_call("c2=", '{"location": broken')
                ),
                usage=ZEROS,
            )
            + DONE
        ).encode(),
        {
            "status": "requires_action",
            "questions": [],
            "tool_calls": [
                {
                    "id": "c1=",
                    "type": "function",
                    "name": "get_rain_probability",
                    "arguments": '{"location":"A"}',
                },
                {
                    "id": "c2=",
                    "type": "function",
                    "name": "get_rain_probability",
                    "arguments": '{"location": broken',
                },
            ],
            "usage": ZEROS,
        },
    ),
    "second leg begins with in_progress": Sample(
        (
            chat("in_progress")
            + whole("5", '{"probability":0.5}', "tool_response")
            + delta("6", "50")
            + whole("6", "50%")
            + chat("completed", usage=USAGE)
            + DONE
        ).encode(),
        {"status": "completed", "answers": ["50%"], "usage": USAGE, "chat_id": CHAT},
        call="submit",
    ),
    "position, either way": Sample(
        chat(
            "requires_action",
            required_action=calls(
                {
                    "id": "c4=",
                    "type": "require_info",
                    "function": None,
                    "require_info": {"name": "Maps", "require_fields": ["coordinates"]},
                },
                function_call("c5=", "{}", require_info={"infos": ["coordinates"]}),
            ),
        ).encode(),
        {
            "status": "requires_action",
            "questions": [],
            "tool_calls": [
                {"id": "c4=", "type": "require_info", "name": "Maps", "arguments": ""},
                {"id": "c5=", "type": "function", "name": "get_rain_probability", "arguments": "{}"},
            ],
        },
    ),
    "S10: a chatflow's question in words": Sample(
        (
            STARTED
            + delta("7201", "Which city?")
            + whole("7201", "Which city?")
            + verbose("7202", "interrupt")
            + chat("requires_action", required_action=REPLY, usage=ZEROS)
            + frame(
                "done", '{"debug_url":"https://www.coze.cn/work_flow?execute_id=7300\\u0026workflow_id=7400"}'
            )
        ).encode(),
        {
            "status": "requires_action",
            "answers": ["Which city?"],
            "tool_calls": [],
            "questions": [{"id": "", "text": "Which city?", "options": [], "fields": {}}],
            "debug_url": "https://www.coze.cn/work_flow?execute_id=7300&workflow_id=7400",
            "execute_id": "7300",
        },
    ),
    "S12: a Studio chatflow's card, with ids and without a required action": Sample(
        (
            frame("conversation.chat.created", {"id": CHAT, "conversation_id": CONVERSATION}, 1)
            + frame(
                "conversation.message.completed",
                {
                    "id": "6301",
                    "role": "assistant",
                    "type": "answer",
                    "content": CARD,
                    "content_type": "card",
                },
                3,
            )
            + frame("conversation.chat.requires_action", {"id": CHAT, "execute_id": "7300"}, 4)
            + frame("done", {"debug_url": "http://h/?execute_id=7300"}, 5)
        ).encode(),
        {
            "status": "requires_action",
            "answers": [],
            "questions": [OPTION_QUESTION],
            "execute_id": "7300",
        },
        dialect="studio",
    ),
    "S12: a Studio chatflow that fails": Sample(
        frame(
            "error", {"code": "720701013", "msg": "run failed", "debug_url": "http://h/?execute_id=1"}, 3
        ).encode(),
        {
            "status": "error",
            "error": {"code": "720701013", "msg": "run failed"},
            "debug_url": "http://h/?execute_id=1",
        },
        dialect="studio",
    ),
    "S13: a Studio bot's card in text, interrupt, completed": Sample(
        (
            STARTED
            + delta("1", dumps(OPTION))
            + whole("1", dumps(OPTION))
            + verbose("2", "interrupt")
            + verbose("3", "generate_answer_finish", '{"finish_reason":0,"fin_data":""}')
            + chat("completed", usage=USAGE)
            + "event:conversation.stream.done\ndata:\n\n"
        ).encode(),
        {
            "status": "requires_action",
            "answers": [],
            "questions": [OPTION_QUESTION],
            "usage": USAGE,
            "unknown_events": 0,
        },
        dialect="studio",
    ),
    "a Studio bot asks in words": Sample(
        (
            STARTED
            + delta("1", "Your name?")
            + whole("1", "Your name?")
            + verbose("2", "interrupt")
            + chat("completed")
        ).encode(),
        {
            "status": "requires_action",
            "answers": ["Your name?"],
            "questions": [{"id": "", "text": "Your name?", "options": [], "fields": {}}],
        },
        dialect="studio",
    ),
    "an answer that only looks like a question": Sample(
        (STARTED + delta("1", dumps(OPTION)) + whole("1", dumps(OPTION)) + chat("completed")).encode(),
        {"status": "completed", "answers": [dumps(OPTION)], "questions": []},
    ),
}
