"""Chat-shaped streams: chat v3, submitted outputs, chatflows, of the cloud and of Studio."""

from __future__ import annotations

from .samples import (
    CHAT,
    CONVERSATION,
    DONE,
    STARTED,
    USAGE,
    ZEROS,
    Sample,
    chat,
    delta,
    frame,
    verbose,
    whole,
)

CHAT_SAMPLES = {
    "plain answer": Sample(
        (
            STARTED
            + delta("1", "Hel")
            + delta("1", "lo ☂")
            + whole("1", "Hello ☂")
            + verbose("2", "generate_answer_finish")
            + whole("3", "More?", "follow_up")
            + chat("completed", usage=USAGE)
            + DONE
        ).encode(),
        {
            "status": "completed",
            "answers": ["Hello ☂"],
            "follow_ups": ["More?"],
            "usage": USAGE,
            "error": None,
            "chat_id": CHAT,
            "conversation_id": CONVERSATION,
            "unknown_events": 0,
        },
    ),
    "nothing of the machinery is an answer": Sample(
        (
            STARTED
            + whole(
                "1", '{"name":"search","arguments":{"q":"x"},"plugin_id":73747876482690744', "function_call"
            )
            + whole("2", "rain", "tool_response")
            + whole("3", "slice 1", "knowledge")
            + whole("4", "{{card}}", content_type="card")
            + delta("5", "A")
            + chat("completed")
        ).encode(),
        {"status": "completed", "answers": ["A"], "tool_calls": [], "usage": None},
    ),
    "several answers, interleaved": Sample(
        (
            STARTED
            + delta("1", "a")
            + delta("2", "x")
            + delta("1", "b")
            + whole("2", "xy")
            + whole("1", "")
            + chat("completed", usage={})
            + DONE
        ).encode(),
        {"answers": ["ab", "xy"], "usage": None},
    ),
    "the completed text wins, also the second one; later deltas are void": Sample(
        (
            STARTED
            + delta("1", "50$\\%$")
            + whole("1", "50%")
            + delta("1", "!")
            + whole("1", "50 %", meta_data={"token": "4"})
            + chat("completed")
        ).encode(),
        {"answers": ["50 %"]},
    ),
    "reasoning is kept when completed leaves it empty": Sample(
        (
            STARTED
            + delta("1", "", reasoning_content="Let me ")
            + delta("1", "", reasoning_content="think")
            + delta("1", "Yes")
            + whole("1", "Yes", reasoning_content="")
            + chat("completed")
        ).encode(),
        {"answers": ["Yes"], "reasoning": "Let me think"},
    ),
    "surrogates cut between deltas, lone ones, NUL, U+2028": Sample(
        (
            STARTED
            + frame("conversation.message.delta", '{"id":"1","type":"answer","content":"a\\ud83d"}')
            + frame("conversation.message.delta", '{"id":"1","type":"answer","content":"\\ude00b\\u0000c"}')
            + frame("conversation.message.delta", '{"id":"1","type":"answer","content":"\\udc00\u2028d"}')
            + chat("completed")
        ).encode(),
        {"answers": ["a😀b\ufffdc\ufffd\u2028d"]},
    ),
    "numbers as ids, strings as times, null content, empty type": Sample(
        (
            frame("conversation.chat.created", {"id": 7382159487131697202, "conversation_id": 12})
            + frame(
                "conversation.message.completed",
                {
                    "id": 7382159487131697203,
                    "type": "",
                    "role": "assistant",
                    "content": "ok",
                    "created_at": "17",
                },
            )
            + whole("9", None, "tool_response")
            + chat("completed", usage={"token_count": 9, "output_tokens": 4, "input_tokens": 5})
        ).encode(),
        {
            "answers": ["ok"],
            "chat_id": "7382159487131697202",
            "conversation_id": "12",
            "usage": {"token_count": 9, "input_count": 5, "output_count": 4},
        },
    ),
    "unknown events and pings": Sample(
        (
            STARTED
            + frame("PING", "{}")
            + frame("conversation.chat.dreaming", "{}")
            + "event: odd\n\n"
            + ": ping\n\n# note\n// note\nfoo: bar\nretry: 5\n\n"
            + chat("completed")
        ).encode(),
        {"status": "completed", "unknown_events": 2},
    ),
    "audio after the end, and a required action without anything in it": Sample(
        (
            chat("created", required_action={"type": "", "submit_tool_outputs": {"tool_calls": []}})
            + delta("1", "Hi")
            + chat("completed", required_action={"type": "", "submit_tool_outputs": {"tool_calls": []}})
            + frame("conversation.audio.delta", {"id": "1", "content": "UklGRg=="})
            + DONE
        ).encode(),
        {"status": "completed", "answers": ["Hi"], "tool_calls": [], "questions": [], "unknown_events": 0},
    ),
    "frames without blank lines, the last without a line end": Sample(
        (STARTED + delta("1", "2") + whole("1", "24") + chat("completed"))
        .encode()
        .replace(b"\n\n", b"\n")[:-1],
        {"status": "completed", "answers": ["24"]},
    ),
    "several data lines for one event": Sample(
        (
            STARTED
            + "event: conversation.message.completed\n"
            + 'data: {"id":"1","type":"answer",\ndata: "content":"x"}\n\n'
            + chat("completed")
        ).encode(),
        {"status": "completed", "answers": ["x"]},
    ),
    "failed with a cause and no end mark": Sample(
        (STARTED + chat("failed", last_error={"code": 4028, "msg": "quota"}, usage=ZEROS)).encode(),
        {"status": "failed", "error": {"code": 4028, "msg": "quota"}, "usage": ZEROS},
    ),
    "failed as the wiki prints it": Sample(
        frame("conversation.chat.failed", '{ "code":701231, "msg":"error" }').encode(),
        {"status": "failed", "error": {"code": 701231, "msg": "error"}},
    ),
    "occupied, as an event": Sample(
        frame("error", {"code": 4016, "msg": "Conversation occupied"}).encode(),
        {"status": "error", "error": {"code": 4016, "msg": "Conversation occupied"}},
    ),
    "error without anything in it": Sample(
        frame("error", "{}").encode(), {"status": "error", "error": {"code": None, "msg": ""}}
    ),
    "error in plain text": Sample(
        frame("error", "workflow execute fail").encode(),
        {"status": "error", "error": {"code": None, "msg": "workflow execute fail"}},
    ),
    "Studio: an error, and completed all the same": Sample(
        (
            STARTED
            + delta("1", "Ha")
            + frame("error", {"code": 103200002, "msg": "model down"})
            + chat("completed")
            + "event:conversation.stream.done\ndata:\n\n"
        ).encode(),
        {"status": "error", "answers": ["Ha"], "error": {"code": 103200002, "msg": "model down"}},
        dialect="studio",
    ),
    "error envelope at the end, without a field": Sample(
        (STARTED + '{"code":5000,"msg":"sorry"}\n').encode(),
        {"status": "error", "error": {"code": 5000, "msg": "sorry"}},
    ),
    "error envelope in a frame without a name": Sample(
        b'data: {"code":4000,"msg":"bad"}\n\n', {"status": "error", "error": {"code": 4000, "msg": "bad"}}
    ),
    "canceled, either spelling": Sample(
        (STARTED + delta("1", "Ha") + chat("cancelled")).encode(), {"status": "canceled", "answers": ["Ha"]}
    ),
    "lost after some text": Sample(
        (STARTED + delta("1", "Ha")).encode(), {"status": "lost", "answers": ["Ha"]}
    ),
    "done alone is no success": Sample((STARTED + DONE).encode(), {"status": "lost"}),
    "empty stream": Sample(b"", {"status": "lost", "answers": [], "error": None}),
    "a body that begins in the middle": Sample(
        (delta("1", "x") + chat("completed")).encode(),
        {"status": "completed", "chat_id": CHAT, "conversation_id": CONVERSATION, "answers": ["x"]},
    ),
    "chat ids of the wiki's chatflow sample": Sample(
        (
            frame("conversation.chat.created", {"id": "120", "conversation_id": "456"})
            + frame("conversation.chat.in_progress", {"id": "121", "conversation_id": "456"})
            + frame("conversation.chat.completed", {"id": "131", "conversation_id": "456"})
        ).encode(),
        {"status": "completed", "chat_id": "120", "conversation_id": "456"},
    ),
    "garbage in known events": Sample(
        (
            STARTED
            + frame("conversation.message.delta", "{broken")
            + frame("conversation.message.delta", "[1]")
            + frame("conversation.message.completed", "null")
            + delta("1", "ok")
            + frame("conversation.chat.completed", "{broken")
        ).encode(),
        {"status": "completed", "answers": ["ok"]},
    ),
}
