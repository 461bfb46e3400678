"""Reasoner thinks aloud, recalls knowledge, and answers twice."""

from __future__ import annotations

import json

from simulator.bots.bot import Bot, is_chinese
from simulator.stage import Stage

_THOUGHT = (
    'The question is: "{question}". First I look at what is asked, then at what I know about it. '
    "There is a document that fits. I will answer briefly and then give an example.\n\nNow I am sure enough."
)
_THOUGHT_ZH = (
    "用户的问题是：“{question}”。我先弄清楚问题，再查找已有的知识。"
    "找到一份合适的文档。先简短回答，再举一个例子。"
)
_PASSAGES = [
    (
        "A good answer says first what is known, and then how it is known.",
        0.87,
        "7430000000000000402",
        "Answering well.pdf",
    ),
    ("先说结论，再说依据；不确定的地方要说清楚。", 0.74, "7430000000000000403", "回答指南.docx"),
    (
        "When two sources differ, say so, and name both.\n\nWhoever reads it can then decide.",
        0.61,
        "7430000000000000402",
        "Answering well.pdf",
    ),
]


async def play(stage: Stage) -> None:
    question = stage.chat.question
    stage.say("verbose", _recall(question))
    if is_chinese(question):
        await stage.answer(
            "**简短的回答：**这个问题有两面，要看情况。", _THOUGHT_ZH.format(question=question)
        )
        await stage.answer("**一个例子：**\n\n1. 先提出假设\n2. 再检验\n3. 最后得出结论")
        follow_ups = ["为什么要看情况？", "再举一个例子", "你参考了哪些资料？"]
    else:
        await stage.answer(
            "**In short:** it has two sides, and it depends.", _THOUGHT.format(question=question)
        )
        await stage.answer("**An example:**\n\n1. Make a guess\n2. Test it\n3. Draw a conclusion")
        follow_ups = ["Why does it depend?", "Give me another example", "Which sources did you use?"]
    stage.finish_answers()
    await stage.suggest(follow_ups)


def _recall(question: str) -> str:
    """Content of a verbose knowledge_recall (wire-chat 3.3)."""
    chunks = [
        {
            "slice": text,
            "score": score,
            "meta": {
                "dataset": {"id": "7430000000000000401", "name": "Handbook"},
                "document": {"id": document, "name": name},
            },
        }
        for text, score, document, name in _PASSAGES
    ]
    data = json.dumps({"chunks": chunks, "ori_req": question, "status_code": 0}, ensure_ascii=False)
    content = {"msg_type": "knowledge_recall", "data": data, "from_module": None, "from_unit": None}
    return json.dumps(content, ensure_ascii=False)


REASONER = Bot(
    id="7430000000000000105",
    name="Reasoner",
    description="Thinks before it speaks, and shows it.",
    prologue="Ask me something hard. You can watch me think.",
    suggested_questions=["Why is the sky blue?", "Is zero a natural number?", "为什么天是蓝的？"],
    play=play,
)
