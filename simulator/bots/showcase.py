"""Showcase answers with everything Markdown can hold: tables, code, maths, a diagram, long text."""

from __future__ import annotations

from typing import Any

from simulator.bots.bot import Bot, is_chinese
from simulator.stage import Stage

_TABLE = """\
## A table

| City | Sunny days | Rain | Note |
|:-----|-----------:|:----:|------|
| Oslo | 112 | 38 % | `fjord` |
| 北京 | 231 | 12 % | **dry** winters |
| São Paulo | 187 | 45 % | *warm* rain |
| القاهرة | 339 | 1 % | right to left |
"""

_CODE = """\
## Code

Inline `let x = 1;` and a block:

```python
def fibonacci(count: int) -> list[int]:
    \"\"\"The first numbers of the series.\"\"\"
    numbers = [0, 1]
    while len(numbers) < count:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[:count]
```

```html
<script>alert("this is text, not a script")</script>
```
"""

_MATHS = """\
## Maths

The chance of rain is 50$\\%$. Euler wrote $e^{i\\pi} + 1 = 0$, and Gauss:

$$\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}$$
"""

_DIAGRAM = """\
## A diagram

```mermaid
flowchart LR
  Question --> Bot
  Bot -->|needs a tool| Tool
  Tool --> Bot
  Bot --> Answer
```
"""

_LISTS = """\
## Lists and quotes

1. First
   - nested, with a [link](https://example.com/)
   - and ~~struck~~ words
2. Second
3. Third

- [x] done
- [ ] still open

> A quotation
> over two lines.

---
"""

_PARAGRAPH = (
    "This paragraph is number {number}. It is here so that the answer grows longer than the window, "
    "the log has to scroll, and whoever reads at the top is not pulled away. "
    "中文也在这里，还有 emoji 🎈 and a word with accents: naïveté.\n\n"
)

_SUBJECTS = {
    "table": _TABLE,
    "code": _CODE,
    "math": _MATHS,
    "diagram": _DIAGRAM,
    "mermaid": _DIAGRAM,
    "list": _LISTS,
    "表": _TABLE,
    "代码": _CODE,
    "公式": _MATHS,
    "图": _DIAGRAM,
}


def showcase_text(question: str) -> str:
    """The parts the question names, or all of them; "long" adds forty paragraphs."""
    words = question.lower()
    named = dict.fromkeys(text for word, text in _SUBJECTS.items() if word in words)
    long_text = "".join(_PARAGRAPH.format(number=number) for number in range(1, 41))
    if "long" in words or "长" in words:
        return "# Showcase\n\n" + "\n".join([*named, "## Long text\n\n" + long_text])
    return "# Showcase\n\n" + "\n".join(named or dict.fromkeys([_TABLE, _CODE, _MATHS, _DIAGRAM, _LISTS]))


async def play(stage: Stage) -> None:
    question = stage.chat.question
    await stage.answer(showcase_text(question))
    stage.finish_answers()
    if is_chinese(question):
        await stage.suggest(["给我看一个表格", "写一段代码", "画一张图"])
    else:
        await stage.suggest(["Show me a table", "Show me code and maths", "A long text, please"])


def _component(name: str, kind: str, description: str, **more: Any) -> dict[str, Any]:
    fields = {"options": [], "default_value": "", "is_hide": False, "tool_parameter": ""}
    return {"name": name, "description": description, "type": kind, **fields, **more}


def _shortcut(number: int, name: str, template: str, *components: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"743000000000000012{number}",
        "name": name,
        "command": f"/{name.split()[0].lower()}",
        "description": "",
        "query_template": template,
        "icon_url": "",
        "agent_id": "",
        "components": list(components),
    }


SHORTCUTS = [
    _shortcut(1, "Everything", "Show me everything you can"),
    _shortcut(
        2,
        "Write a text",
        "Write a {{kind}} about {{subject}} in {{language}}",
        _component("subject", "text", "What it is about"),
        _component("kind", "select", "", options=["table", "list", "diagram"], default_value="table"),
        _component("language", "text", "", default_value="English", is_hide=True),
    ),
    _shortcut(
        3,
        "Picture",
        "Make a table of what is in {{picture}}",
        _component("picture", "file", "A photo or a drawing", options=["image"]),
    ),
]

SHOWCASE = Bot(
    id="7430000000000000102",
    name="Showcase",
    description="Tables, code, maths, diagrams and long text.",
    prologue="Ask for a *table*, *code*, *maths*, a *diagram* or a *long* text, or for everything.",
    suggested_questions=["Show me everything", "A table, please", "A long text"],
    play=play,
    shortcuts=SHORTCUTS,
)
