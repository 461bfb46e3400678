"""Weather asks the client's own tool for the chance of rain (seed 000), one call a place."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator.bots.bot import Bot, is_chinese
from simulator.stage import Stage, Waits
from simulator.wire import INTERRUPT, function_call

TOOL = "get_rain_probability"
_PLUGIN_ID, _API_ID = 7374787648269074486, 7375048893094101003
_DIRECTIVE = re.compile(r"(?<!\S)[a-z_]+=\S+")
_COMPARE = re.compile(
    r"(?:compare|比较|对比)\s*(?P<first>.+?)\s*(?:\band\b|\bwith\b|和|与|跟|,|、)\s*(?P<second>.+)", re.I
)
_THEN = re.compile(r"(?P<first>.+?)\s*(?:,?\s*\bthen\b|，?然后(?:是)?)\s*(?P<second>.+)", re.I)
_PLACE = re.compile(r".*\b(?:in|for|at|of)\s+(?P<place>[^?.!,;]+)", re.I)
_PLACE_ZH = re.compile(r"(?P<place>[\u3400-\u9fff]{2,12}?)(?:的|今天|明天|会|下雨|降水|天气)")
_TAIL = re.compile(
    r"\s+(?:today|tomorrow|tonight|now|this week(?:end)?)\s*$|(?:的)?(?:降水概率|天气|会下雨吗)$", re.I
)


def find_rounds(question: str) -> list[list[str]]:
    """Places to ask for: "compare A and B" is one round of two calls, "A then B" two rounds of one."""
    text = _DIRECTIVE.sub("", question).strip()
    if match := _COMPARE.search(text):
        return [[_place(match["first"]), _place(match["second"])]]
    if match := _THEN.search(text):
        return [[_place(match["first"])], [_place(match["second"])]]
    return [[_place(text)]]


def _place(text: str) -> str:
    match = _PLACE.search(text) or _PLACE_ZH.search(text)
    place = match["place"] if match else text
    return _TAIL.sub("", place.strip(" \t\n?!.,;？！。，、\"'")).strip()[:60]


async def play(stage: Stage) -> None:
    stage.chat.memory = {"rounds": find_rounds(stage.chat.question), "answers": []}
    _call_next_round(stage)


def _call_next_round(stage: Stage) -> None:
    """One function_call message a place, then the interrupt; the leg ends here (Waits)."""
    calls = []
    for place in stage.chat.memory["rounds"].pop(0):
        arguments = json.dumps({"location": place}, ensure_ascii=False, separators=(",", ":"))
        calls.append(function_call(TOOL, arguments))
        stage.say("function_call", _call_content(place))
    stage.say("verbose", INTERRUPT)
    stage.finish_answers(reason=1)
    raise Waits(calls)


def _call_content(place: str) -> str:
    content = {
        "name": f"ts-weather_assistant-{TOOL}",
        "arguments": {"location": place},
        "plugin_id": _PLUGIN_ID,  # a number beyond 2**53, as in the cloud
        "plugin_name": "weather_assistant",
        "api_id": _API_ID,
        "api_name": TOOL,
        "plugin_type": 6,
        "thought": f"The chance of rain in {place} is wanted: call {TOOL}",
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


async def resume(stage: Stage, outputs: list[tuple[dict[str, Any], str]]) -> None:
    memory = stage.chat.memory
    for call, output in outputs:
        memory["answers"].append([json.loads(call["function"]["arguments"])["location"], output])
    if memory["rounds"]:
        _call_next_round(stage)
    chinese = is_chinese(stage.chat.question)
    sentences = [_sentence(place, output, chinese) for place, output in memory["answers"]]
    await stage.answer(("" if chinese else " ").join(sentences))
    stage.finish_answers()
    places = [place for place, _ in memory["answers"]]
    await stage.suggest(_follow_ups(places[0], chinese))


def _sentence(place: str, output: str, chinese: bool) -> str:
    """What the model makes of a tool output: a number under `probability`, or the output's own words."""
    try:
        value = json.loads(output)["probability"]
        percent = f"{float(value) * 100:g}%"
    except (ValueError, TypeError, KeyError):
        return f"关于{place}，工具回答：{output}。" if chinese else f"For {place} the tool says: {output}"
    return (
        f"{place}的降水概率为{percent}。" if chinese else f"The probability of rain in {place} is {percent}."
    )


def _follow_ups(place: str, chinese: bool) -> list[str]:
    if chinese:
        return [
            f"影响{place}降水概率的因素有哪些？",
            f"{place}和其他地区相比如何？",
            "如何查询未来几天的降水概率？",
        ]
    return [f"What about tomorrow in {place}?", f"Compare {place} and Oslo", "Do I need an umbrella?"]


WEATHER = Bot(
    id="7430000000000000103",
    name="Weather",
    description="Asks a tool on your side for the chance of rain.",
    prologue="Where may it rain? I ask your own weather tool and wait for its answer.",
    suggested_questions=["Will it rain in Paris?", "Compare Oslo and Rome", "河南的降水概率"],
    play=play,
    resume=resume,
    plugins=[
        {
            "plugin_id": str(_PLUGIN_ID),
            "name": "weather_assistant",
            "description": "Weather on the client's side",
            "icon_url": "",
            "api_info_list": [
                {"api_id": str(_API_ID), "name": TOOL, "description": "The chance of rain in a place"}
            ],
        }
    ],
    variables=[
        {
            "keyword": "home_city",
            "default_value": "Oslo",
            "variable_type": "kv_variable",
            "channel": "custom",
            "description": "Where the user lives",
            "enable": True,
            "prompt_enable": True,
        }
    ],
)
