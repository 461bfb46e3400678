"""Workflow bodies: streams, runs, histories (wire-workflows 1 and 7)."""

from __future__ import annotations

from typing import Any

from .samples import (
    FORM_FIELDS,
    FORM_SCHEMA,
    OPTION,
    Json,
    Sample,
    dumps,
    form_field,
    frame,
)

DEBUG_URL = "https://www.coze.cn/work_flow?execute_id=7300&space_id=1&workflow_id=7400"
EVENT = "7300/6301"


def said(number: int, content: str, seq: int = 0, finished: bool = True, **more: Any) -> str:
    data = {"content": content, "node_is_finish": finished, "node_seq_id": str(seq)}
    return frame("Message", data | more, number)


def interrupt(number: int, type_: Any, data: Any, title: str | None = None, **more: Any) -> str:
    body: Json = {"interrupt_data": {"event_id": EVENT, "type": type_, "data": data} | more}
    return frame("Interrupt", body if title is None else body | {"node_title": title}, number)


def asked(text: str = "", options: list[str] | None = None, fields: Json | None = None) -> Json:
    return {"id": EVENT, "text": text, "options": options or [], "fields": fields or {}}


HISTORY = dumps({"messages": [{"type": "question", "content_type": "text", "content": "City?"}, OPTION]})

WORKFLOW_SAMPLES = {
    "S1: a run": Sample(
        (
            said(0, "It will ", finished=False, node_title="Output")
            + said(1, "rain.", 1, node_title="Output")
            + frame("PING", "{}", 2)
            + said(3, '{"output":"It will rain."}', node_title="End", token=386)
            + frame("Done", dumps({"debug_url": DEBUG_URL}), 4)
        ).encode(),
        {
            "status": "completed",
            "nodes": [
                {"title": "Output", "text": "It will rain.", "finished": True},
                {"title": "End", "text": "It will rain.", "finished": True},
            ],
            "interrupt": None,
            "execute_id": "7300",
            "output": "It will rain.",
            "debug_url": DEBUG_URL,
            "unknown_events": 0,
        },
        dialect="workflow",
        call="run",
    ),
    "S2: a question of the cloud": Sample(
        (
            said(0, "City and date?", content_type="text", node_title="问答")
            + interrupt(1, 2, "", title="问答")
        ).encode(),
        {
            "status": "requires_action",
            "questions": [asked("City and date?")],
            "nodes": [{"title": "问答", "text": "City and date?", "finished": True}],
            "interrupt": {"event_id": EVENT, "type": 2},
            "execute_id": "7300",
        },
        dialect="workflow",
        call="run",
    ),
    "S3: the third miss": Sample(
        frame("Error", {"error_code": 5000, "error_message": "not answered"}, 0).encode(),
        {"status": "error", "error": {"code": 5000, "msg": "not answered"}, "execute_id": ""},
        dialect="workflow",
        call="resume",
    ),
    "S4: a question of Studio": Sample(
        (
            said(0, HISTORY, content_type="text", node_id="1", node_type="Question", node_title="问答")
            + interrupt(1, 2, HISTORY)
        ).encode(),
        {
            "status": "requires_action",
            "answers": [],
            "nodes": [],
            "questions": [asked("Which city?", ["Paris", "Rome"])],
        },
        dialect="studio",
        call="run",
    ),
    "words of a question node are shown when somebody is asked": Sample(
        (
            said(0, "Where to?", node_type="Question", node_title="Q") + interrupt(1, "2", "", title="Q")
        ).encode(),
        {
            "answers": ["Where to?"],
            "questions": [asked("Where to?")],
            "interrupt": {"event_id": EVENT, "type": 2},
        },
        dialect="workflow",
    ),
    "S5: a form of the cloud": Sample(
        interrupt(
            0,
            5,
            dumps(
                {
                    "content_type": "text",
                    "content": dumps([{"type": "string", "name": "img", "assistType": 2}]),
                }
            ),
            title="输入",
            required_parameters={
                "img": {"type": "image", "required": True, "description": "A photo"},
                "days": '{"type":"integer","required":false,"default_value":"3"}',
            },
        ).encode(),
        {
            "questions": [
                asked(
                    fields={
                        "img": form_field("image", required=True, description="A photo"),
                        "days": form_field("integer", default="3"),
                    }
                )
            ],
            "interrupt": {"event_id": EVENT, "type": 5},
        },
        dialect="workflow",
        call="run",
    ),
    "S6: a form of Studio": Sample(
        interrupt(0, 5, dumps({"content_type": "form_schema", "content": dumps(FORM_SCHEMA)})).encode(),
        {"status": "requires_action", "questions": [asked(fields=FORM_FIELDS)]},
        dialect="studio",
        call="run",
    ),
    "S7: a local plugin, by its other number": Sample(
        interrupt(0, 6, '{"name":"get_rain","arguments":"{\\"location\\":\\"Oslo\\"}"}').encode(),
        {
            "status": "requires_action",
            "questions": [],
            "tool_calls": [
                {"id": EVENT, "type": "function", "name": "get_rain", "arguments": '{"location":"Oslo"}'}
            ],
            "interrupt": {"event_id": EVENT, "type": 6},
        },
        dialect="workflow",
        call="run",
    ),
    "S7: a sign-in": Sample(
        interrupt(0, 7, "Please authorise: https://auth.example/x?state=1").encode(),
        {"questions": [asked("Please authorise: https://auth.example/x?state=1")]},
        dialect="workflow",
    ),
    "S7: a kind nobody builds": Sample(
        interrupt(0, 4, "?").encode(), {"questions": [asked("?")]}, dialect="workflow"
    ),
    "parallel branches, and a node that runs twice": Sample(
        (
            said(0, "a1", 0, finished=False, node_title="A", node_id="1")
            + said(1, "b1", 0, finished=False, node_title="B", node_id="2")
            + said(2, "a2", 1, node_title="A", node_id="1")
            + said(3, "a3", 0, finished=False, node_title="A", node_id="1")
            + said(4, "a4", 0, finished=False, node_title="A", node_id="1")
            + said(5, "", 1, node_title="B", node_id="2")
            + frame("Done", "{}", 6)
        ).encode(),
        {
            "status": "completed",
            "nodes": [
                {"title": "A", "text": "a1a2", "finished": True},
                {"title": "B", "text": "b1", "finished": True},
                {"title": "A", "text": "a3", "finished": False},
                {"title": "A", "text": "a4", "finished": False},
            ],
        },
        dialect="workflow",
        call="run",
    ),
    "Studio fails in mid-stream, in plain text": Sample(
        (
            said(0, "x", finished=False, node_title="A") + "event: error\ndata: workflow execute fail\n\n"
        ).encode(),
        {"status": "error", "error": {"code": None, "msg": "workflow execute fail"}, "answers": ["x"]},
        dialect="studio",
        call="run",
    ),
    "the run's id on an event": Sample(
        said(0, "x", finished=False, node_title="A", execute_id="7300").encode(),
        {"status": "lost", "execute_id": "7300"},
        dialect="workflow",
        call="run",
    ),
    "somebody stopped the run": Sample(
        frame("Error", {"error_code": 777777777, "error_message": "cancelled"}).encode(),
        {"status": "canceled", "error": None},
        dialect="studio",
        call="run",
    ),
    "lost": Sample(
        said(0, "x", finished=False, node_title="A").encode(),
        {"status": "lost", "answers": ["x"]},
        dialect="workflow",
    ),
    "a chatflow under this dialect": Sample(
        (
            frame("conversation.chat.created", {"id": "1", "conversation_id": "2", "execute_id": "3"})
            + frame("conversation.message.delta", {"id": "4", "type": "answer", "content": "Hi"})
            + frame("conversation.chat.completed", {"id": "1"})
            + frame("done", "{}")
        ).encode(),
        {"status": "completed", "chat_id": "1", "answers": ["Hi"], "execute_id": "3", "unknown_events": 0},
        dialect="workflow",
    ),
    "not published, under the header of a stream": Sample(
        b'{"code":4200,"msg":"not published","detail":{"logid":"L1"}}',
        {"status": "error", "error": {"code": 4200, "msg": "not published"}},
        dialect="workflow",
        call="run",
    ),
    "sync": Sample(
        dumps(
            {
                "code": 0,
                "msg": "Success",
                "data": '{"output":"Rain."}',
                "debug_url": DEBUG_URL,
                "usage": {"input_count": 50, "output_count": 100, "token_count": 150},
            }
        ).encode(),
        {
            "status": "completed",
            "output": "Rain.",
            "execute_id": "7300",
            "usage": {"token_count": 150, "input_count": 50, "output_count": 100},
        },
        dialect="workflow",
        call="run",
    ),
    "sync, answer content": Sample(
        dumps({"code": 0, "data": dumps({"content_type": 1, "data": "text", "type_for_model": 2})}).encode(),
        {"status": "completed", "output": "text"},
        dialect="workflow",
        call="run",
    ),
    "async": Sample(
        dumps({"code": 0, "msg": "Success", "execute_id": "7424", "debug_url": "https://x"}).encode(),
        {"status": "in_progress", "execute_id": "7424", "output": None},
        dialect="workflow",
        call="run",
    ),
    "waiting": Sample(
        dumps(
            {
                "code": 0,
                "data": "",
                "execute_id": "7300",
                "interrupt_data": {
                    "event_id": EVENT,
                    "type": 2,
                    "data": dumps(OPTION),
                    "required_parameters": {},
                },
            }
        ).encode(),
        {
            "status": "requires_action",
            "questions": [asked("Which city?", ["Paris", "Rome"])],
            "interrupt": {"event_id": EVENT, "type": 2},
            "execute_id": "7300",
        },
        dialect="workflow",
        call="resume",
    ),
    "refused: Studio does not wait in a sync run": Sample(
        dumps({"code": 6039, "msg": "interrupt in a sync run", "debug_url": DEBUG_URL}).encode(),
        {"status": "error", "error": {"code": 6039, "msg": "interrupt in a sync run"}},
        dialect="studio",
        call="run",
    ),
}


def history(**run: Any) -> bytes:
    return dumps({"code": 0, "msg": "", "data": [{"execute_id": "7300", "bot_id": "0"} | run]}).encode()


HISTORY_SAMPLES = {
    "S9: success": (
        history(
            execute_status="Success",
            output=dumps({"Output": dumps({"output": "It will rain."})}),
            error_code="",
            debug_url="https://x",
        ),
        {"status": "completed", "output": "It will rain.", "error": None, "debug_url": "https://x"},
    ),
    "S9: running": (history(execute_status="Running"), {"status": "in_progress", "output": None}),
    "S9: waiting": (
        history(execute_status="Running", interrupt_data={"event_id": EVENT, "type": 2, "data": "Where?"}),
        {"status": "requires_action", "questions": [asked("Where?")]},
    ),
    "a question whose words its node said": (
        history(
            execute_status="Running",
            output=dumps({"问答": "Where?"}),
            node_execute_status={"问答": {"node_id": "1", "is_finish": True}},
            interrupt_data={"event_id": EVENT, "type": 2, "data": ""},
        ),
        {
            "status": "requires_action",
            "questions": [asked("Where?")],
            "interrupt": {"event_id": EVENT, "type": 2},
        },
    ),
    "S9: failed": (
        history(execute_status="Fail", error_code="5000", error_message="no"),
        {"status": "failed", "error": {"code": "5000", "msg": "no"}},
    ),
    "S9: Studio's interrupted": (
        history(execute_status="<UNSET>", error_msg="", log_id="L2"),
        {"status": "in_progress", "execute_id": "7300"},
    ),
    "Studio's cancelled": (history(execute_status="Cancel"), {"status": "canceled"}),
    "no such run": (
        dumps({"code": 4314, "msg": "not found"}).encode(),
        {"status": "error", "error": {"code": 4314, "msg": "not found"}},
    ),
    "nothing in it": (dumps({"code": 0, "data": []}).encode(), {"status": "error"}),
}
WORKFLOW_SAMPLES |= {
    f"history, {name}": Sample(body, expected, dialect="workflow", call="run_history")
    for name, (body, expected) in HISTORY_SAMPLES.items()
}
