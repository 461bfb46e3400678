"""Calls of tools on the client's side: what each asks for, and what the model makes of its output.

Kinds (the words of `call=`): rain, file, position, infos, book, broken, mixed. A chat's memory holds
{"rounds": [[[kind, subject]]], "open": {call id: [kind, subject]}, "answers": [[kind, subject, output]]}.
"""

from __future__ import annotations

import json
from typing import Any

from simulator.bots.photographs import photo_sentence
from simulator.ids import new_call_id
from simulator.stage import Stage
from simulator.wire import function_call, reply_call

RAIN_TOOL = "get_rain_probability"
PLUGIN_ID, API_ID = 7374787648269074486, 7375048893094101003
TOOLS = {
    "rain": RAIN_TOOL,
    "file": "read_photo",
    "infos": "get_local_rain",
    "book": "book_umbrella",
    "broken": "report_cloud",
}
WORDS_QUESTION = "And how shall I put it, short or long?"
Round = list[list[str]]


def arguments_of(kind: str, subject: str) -> str:
    """The arguments string the model wrote; of `broken` it is no JSON."""
    if kind == "broken":
        return f'{{"location":{_json(subject)},"note":"The sky is'
    if kind == "file":
        return _json({"purpose": subject})
    if kind == "infos":
        return "{}"
    if kind == "book":
        delivery = {"date": "2026-12-24", "is_gift": True, "address": {"street": "Main Street", "number": 7}}
        nested = {"size": "large", "colours": ["red", "blue"], "delivery": delivery}
        return _json({"places": [subject, "Oslo"], "nested": nested, "count": 2, "note": None})
    return _json({"location": subject})


async def begin_round(stage: Stage) -> None:
    """The next round: a function_call message a call, then the interrupt; the leg ends here (Waits)."""
    memory = stage.chat.memory
    calls, memory["open"] = [], {}
    for kind, subject in memory["rounds"].pop(0):
        if kind == "mixed":
            await stage.answer(WORDS_QUESTION)
            calls += [_call(stage, "rain", subject), reply_call()]
            memory["open"] |= {calls[-2]["id"]: ["rain", subject], "": ["words", subject]}
            continue
        calls.append(_call(stage, kind, subject))
        memory["open"][calls[-1]["id"]] = [kind, subject]
    stage.interrupt(calls)


def _call(stage: Stage, kind: str, subject: str) -> dict[str, Any]:
    if kind == "position":  # as in Coze's own web channel: no function, and no message of the call
        info = {"name": "Maps", "require_fields": ["coordinates"]}
        return {"id": new_call_id(), "type": "require_info", "function": None, "require_info": info}
    arguments = arguments_of(kind, subject)
    stage.say("function_call", _call_content(TOOLS[kind], arguments, subject))
    call = function_call(TOOLS[kind], arguments)
    return call | ({"require_info": {"infos": ["coordinates"]}} if kind == "infos" else {})


def _call_content(tool: str, arguments: str, subject: str) -> str:
    """Where the arguments are no JSON the message is none either, cut off as in a sample of seed 003."""
    thought = f"The chance of rain in {subject} is wanted: call {tool}"
    content = {
        "name": f"ts-weather_assistant-{tool}",
        "arguments": None,
        "plugin_id": PLUGIN_ID,  # a number beyond 2**53, as in the cloud
        "plugin_name": "weather_assistant",
        "api_id": API_ID,
        "api_name": tool,
        "plugin_type": 6,
        "thought": thought if tool == RAIN_TOOL else f"call {tool}",
    }
    return _json(content).replace('"arguments":null', f'"arguments":{arguments}', 1)


def take_outputs(stage: Stage, outputs: list[tuple[dict[str, Any], str]]) -> None:
    memory = stage.chat.memory
    for call, output in outputs:
        memory["answers"].append([*memory["open"].pop(call["id"]), output])


async def wait_for_words(stage: Stage, key: str) -> None:
    """Where the words of a mixed round did not come with the outputs, the next message brings them."""
    memory = stage.chat.memory
    if "" not in memory["open"]:
        return
    conversation = stage.simulator.world.conversations.get(stage.chat.conversation_id)
    if conversation is not None:
        conversation.script = {
            "key": key,
            "memory": memory,
            "chat_id": stage.chat.id,
            "text": stage.chat.question,
        }
        stage.simulator.world.save(conversation)
    await stage.answer(WORDS_QUESTION)
    stage.interrupt([reply_call()])


def sentence(stage: Stage, answer: list[str], chinese: bool) -> str:
    kind, subject, output = answer
    if kind == "file":
        return photo_sentence(stage, output)
    if kind in {"position", "infos"}:
        return _position_sentence(output)
    if kind == "words":
        return f"You want it like this: {output}"
    if kind in {"book", "broken"}:
        return f"{TOOLS[kind]} says: {output}"
    return _rain_sentence(subject, output, chinese)


def _rain_sentence(place: str, output: str, chinese: bool) -> str:
    """What the model makes of a tool output: a number under `probability`, or the output's own words."""
    try:
        value = json.loads(output)["probability"]
        percent = f"{float(value) * 100:g}%"
    except (ValueError, TypeError, KeyError):
        return f"关于{place}，工具回答：{output}。" if chinese else f"For {place} the tool says: {output}"
    return (
        f"{place}的降水概率为{percent}。" if chinese else f"The probability of rain in {place} is {percent}."
    )


def _position_sentence(output: str) -> str:
    """Coordinates as strings or numbers (wire-workflows 3.6), or the output's own words."""
    try:
        found = json.loads(output)["coordinates"]
        latitude, longitude = float(found["latitude"]), float(found["longitude"])
    except (ValueError, TypeError, KeyError):
        return f"I did not get your coordinates: {output}"
    return f"You are at latitude {latitude:g}, longitude {longitude:g}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
