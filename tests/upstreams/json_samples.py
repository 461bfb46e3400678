"""Bodies that are no stream: envelopes, chats, lists, tokens, and what gateways send instead."""

from __future__ import annotations

from .samples import (
    CHAT,
    CONVERSATION,
    OPTION,
    REPLY,
    Sample,
    calls,
    chat_object,
    dumps,
    envelope,
    function_call,
)

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def listed(
    id_: str, created_at: object, content: str, type_: str = "answer", role: str = "assistant"
) -> dict:
    base = {"id": id_, "conversation_id": CONVERSATION, "chat_id": CHAT, "created_at": created_at}
    return base | {"content": content, "content_type": "text", "role": role, "type": type_}


MESSAGES = [
    listed("3", 30, "second"),
    listed("0", 5, '{"msg_type":"interrupt"}', "verbose"),
    listed("1", "10", "What?", "question", role="user"),
    listed("2", "20", "first", "answer"),
    listed("4", 30, "third", ""),
    listed("5", 31, "More?", "follow_up"),
    listed("6", 15, "{}", "function_call"),
]
LISTED = {"status": None, "answers": ["first", "second", "third"], "follow_ups": ["More?"], "error": None}

JSON_SAMPLES = {
    "asked without a stream": Sample(
        envelope(chat_object("created")),
        {"status": "in_progress", "chat_id": CHAT, "conversation_id": CONVERSATION, "usage": None},
        content_type="application/json",
    ),
    "the wiki's spelling": Sample(
        dumps({"data": chat_object("compleated", last_error=None, usage={"token_count": 1})}).encode(),
        {"status": "completed", "usage": {"token_count": 1, "input_count": 0, "output_count": 0}},
        call="retrieve",
    ),
    "a sum that is wrong": Sample(
        envelope(chat_object("completed", usage={"token_count": 8, "input_count": 3, "output_count": 4})),
        {"usage": {"token_count": 7, "input_count": 3, "output_count": 4}},
        call="retrieve",
    ),
    "waits for a tool": Sample(
        envelope(
            chat_object("requires_action", required_action=calls(function_call("c=", "{}", require_info={})))
        ),
        {
            "status": "requires_action",
            "tool_calls": [
                {"id": "c=", "type": "function", "name": "get_rain_probability", "arguments": "{}"}
            ],
        },
        call="retrieve",
    ),
    "waits for words": Sample(
        envelope(chat_object("required_action", required_action=REPLY)),
        {
            "status": "requires_action",
            "tool_calls": [],
            "questions": [{"id": "", "text": "", "options": [], "fields": {}}],
        },
        call="retrieve",
    ),
    "failed, with the cause in last_error": Sample(
        envelope(chat_object("failed", last_error={"code": 4028, "msg": "no quota"})),
        {"status": "failed", "error": {"code": 4028, "msg": "no quota"}},
        call="retrieve",
    ),
    "a status nobody knows is not an end": Sample(
        envelope(chat_object("dreaming")), {"status": "in_progress"}, call="retrieve"
    ),
    "Studio stores an event's name as the status": Sample(
        envelope(chat_object("conversation.chat.cancelled")),
        {"status": "canceled"},
        dialect="studio",
        call="retrieve",
    ),
    "cancelled, as the official sample says it": Sample(
        dumps(
            {"data": chat_object("completed", last_error={"code": None}, required_action=calls({"id": ""}))}
        ).encode(),
        {"status": "completed", "tool_calls": [], "error": None},
        call="cancel",
    ),
    "Studio's cancel": Sample(
        dumps({"ChatV3ChatDetail": chat_object("cancelled"), "BaseResp": None}).encode(),
        {"status": "canceled", "chat_id": CHAT},
        dialect="studio",
        call="cancel",
    ),
    "cancel refused": Sample(
        dumps({"code": 4104, "msg": "over", "detail": {"logid": "L"}}).encode(),
        {"status": "error", "error": {"code": 4104, "msg": "over"}},
        call="cancel",
    ),
    "submit answered with a bare message": Sample(
        dumps(listed("9", 1, "A picture")).encode(),
        {"status": None, "answers": ["A picture"], "chat_id": CHAT},
        call="submit",
    ),
    "messages of a chat": Sample(envelope(MESSAGES), LISTED, call="chat_messages"),
    "messages of a conversation": Sample(
        dumps({"code": 0, "data": MESSAGES, "first_id": "3", "last_id": "6", "has_more": True}).encode(),
        LISTED,
        call="conversation_messages",
    ),
    "messages of Studio": Sample(
        dumps({"code": 0, "msg": "", "Messages": MESSAGES}).encode(),
        LISTED,
        dialect="studio",
        call="chat_messages",
    ),
    "no messages, no key": Sample(
        b'{"code":0,"msg":""}', {"status": None, "answers": []}, dialect="studio", call="chat_messages"
    ),
    "no messages, null": Sample(envelope(None), {"status": None, "answers": []}, call="messages"),
    "a question's machine form in a list": Sample(
        envelope([listed("1", 1, dumps(OPTION))]), {"status": None, "answers": []}, call="chat_messages"
    ),
    "a token": Sample(
        b'{"access_token":"czs_x","expires_in":1721135859,"token_type":"Bearer"}',
        {"status": None, "error": None},
        call="token",
    ),
    "no token: OAuth's own shape": Sample(
        b'{"error_code":"invalid_client","error_message":"who?","error":"x"}',
        {"status": "error", "error": {"code": "invalid_client", "msg": "who?"}},
        call="token",
        http_status=401,
    ),
    "no token: the device flow's shape": Sample(
        b'{"error":"authorization_pending"}',
        {"status": "error", "error": {"code": "authorization_pending", "msg": "authorization_pending"}},
        call="token",
        http_status=400,
    ),
    "a conversation": Sample(envelope({"id": "1"}), {"status": None, "error": None}, call="other"),
    "no content": Sample(b"", {"status": None, "error": None}, call="other", http_status=204),
    "an error envelope where a stream was due": Sample(
        b'{"code":4100,"msg":"authentication is invalid"}',
        {"status": "error", "error": {"code": 4100, "msg": "authentication is invalid"}},
        content_type="application/json",
    ),
    "a route Studio does not have": Sample(
        b'{"code":401,"msg":"missing session_key in cookie"}',
        {"status": "error", "error": {"code": 401, "msg": "missing session_key in cookie"}},
        dialect="studio",
        call="other",
        http_status=401,
    ),
    "HTML of a gateway": Sample(
        HTML,
        {"status": "error", "error": {"code": None, "msg": f"HTTP 502: {HTML.decode()}"}},
        http_status=502,
        content_type="text/html",
    ),
    "HTML under a stream's header": Sample(HTML, {"status": "error"}),
    "plain text of Studio": Sample(
        b"record not found",
        {"status": "error", "error": {"code": None, "msg": "HTTP 500: record not found"}},
        dialect="studio",
        call="retrieve",
        http_status=500,
        content_type="text/plain",
    ),
    "plain text under a stream's header": Sample(
        b"upstream connect error",
        {"status": "error", "error": {"code": None, "msg": "HTTP 200: upstream connect error"}},
    ),
    "a stream's header, a bad status, nothing": Sample(b"", {"status": "error"}, http_status=503),
    "nothing where a chat was due": Sample(b"", {"status": "error"}, call="retrieve"),
    "a cut body": Sample(b'{"code":0,"data":{"id"', {"status": "error"}, call="retrieve"),
    "a gateway's own JSON": Sample(
        b'{"message":"no healthy upstream"}',
        {"status": "error", "error": {"code": None, "msg": "HTTP 503: no healthy upstream"}},
        http_status=503,
    ),
    "JSON that says nothing": Sample(b'{"detail":"Not Found"}', {"status": "error"}, call="retrieve"),
    "nested too deep": Sample(b"[" * 100_000, {"status": "error"}, call="retrieve"),
    "a stream under the wrong header": Sample(
        b'event: conversation.chat.completed\ndata: {"id":"1"}\n\n',
        {"status": "completed"},
        content_type="application/json",
    ),
}
