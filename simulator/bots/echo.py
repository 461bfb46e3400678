"""Echo says what it is asked, to the letter."""

from __future__ import annotations

from simulator.bots.bot import Bot, is_chinese
from simulator.stage import Stage

_FOLLOW_UPS = ["Say it once more", "What else can you say?", "Show me a table"]
_FOLLOW_UPS_ZH = ["再说一遍", "你还会说什么？", "给我看一个表格"]


async def play(stage: Stage) -> None:
    question = stage.chat.question
    for _ in range(max(stage.directives.answers, 1)):
        if stage.directives.content_type:
            stage.say("answer", _json_in(question), stage.directives.content_type)
        else:
            await stage.answer(question)
    stage.finish_answers()
    await stage.suggest(_FOLLOW_UPS_ZH if is_chinese(question) else _FOLLOW_UPS)


def _json_in(question: str) -> str:
    """From the first bracket on."""
    starts = [question.find(bracket) for bracket in "{[" if bracket in question]
    return question[min(starts, default=0) :]


ECHO = Bot(
    id="7430000000000000101",
    name="Echo",
    description="Streams back what it is asked, as Markdown.",
    prologue="Hello {{user_name}}, I am **Echo**. Whatever you write comes back to you.",
    suggested_questions=["Hello!", "A *few* `words` in **Markdown**", "你好，世界"],
    play=play,
    shortcuts=[
        {
            "id": "7430000000000000111",
            "name": "Shout",
            "command": "/shout",
            "description": "Says a word aloud",
            "query_template": "{{word}}!!!",
            "icon_url": "",
            "agent_id": "",
            "components": [
                {
                    "name": "word",
                    "description": "What to shout",
                    "type": "text",
                    "default_value": "Hello",
                    "is_hide": False,
                    "tool_parameter": "",
                    "options": [],
                }
            ],
        }
    ],
)
