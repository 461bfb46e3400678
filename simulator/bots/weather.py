"""Weather asks the client's own tool for the chance of rain (seed 000), one call a place."""

from __future__ import annotations

import copy
import re
from typing import Any

from simulator.bots.bot import Bot, is_chinese
from simulator.bots.calling import (
    API_ID,
    PLUGIN_ID,
    RAIN_TOOL,
    Round,
    begin_round,
    sentence,
    take_outputs,
    wait_for_words,
)
from simulator.stage import Stage
from simulator.wire import reply_call

_PHOTO = re.compile(r"\b(?:an? )?photo of .+", re.I)
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


def plan_rounds(question: str, calls: tuple[tuple[str, ...], ...]) -> list[Round]:
    """What `call=` says; else a photo, where one is asked for; else the places to ask the rain for."""
    places = find_rounds(question)
    if calls:
        return [
            [[kind, place] for kind in kinds for place in (places[0] if kind == "rain" else places[0][:1])]
            for kinds in calls
        ]
    if match := _PHOTO.search(_DIRECTIVE.sub("", question)):
        return [[["file", match[0].strip(" .?!")]]]
    return [[["rain", place] for place in each] for each in places]


async def play(stage: Stage) -> None:
    conversation = stage.simulator.world.conversations.get(stage.chat.conversation_id)
    script = conversation.script if conversation is not None else None
    if conversation is not None and script is not None and script["key"] == stage.chat.bot_id:
        stage.chat.memory = copy.deepcopy(script["memory"])
        conversation.script = None
        stage.simulator.world.save(conversation)
        take_outputs(stage, [(reply_call(), stage.chat.question)])
        await _go_on(stage)
        return
    rounds = plan_rounds(stage.chat.question, stage.directives.calls)
    stage.chat.memory = {"rounds": rounds, "answers": []}
    await begin_round(stage)


async def resume(stage: Stage, outputs: list[tuple[dict[str, Any], str]]) -> None:
    take_outputs(stage, outputs)
    await wait_for_words(stage, stage.chat.bot_id)
    await _go_on(stage)


async def _go_on(stage: Stage) -> None:
    memory = stage.chat.memory
    if memory["rounds"]:
        await begin_round(stage)
    chinese = is_chinese(stage.chat.question)
    sentences = [sentence(stage, answer, chinese) for answer in memory["answers"]]
    await stage.answer(("" if chinese else " ").join(sentences))
    stage.finish_answers()
    await stage.suggest(_follow_ups(memory["answers"][0][1], chinese))


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
    scene="shower",
    plugins=[
        {
            "plugin_id": str(PLUGIN_ID),
            "name": "weather_assistant",
            "description": "Weather on the client's side",
            "icon_url": "",
            "api_info_list": [
                {"api_id": str(API_ID), "name": RAIN_TOOL, "description": "The chance of rain in a place"}
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
