"""Whether a pattern an admin wrote may run over everybody's texts: it compiles, finds something, is quick.

Python's expressions can take years over a text that was made for them. So a pattern is tried, in a process of
its own with little time, over texts made to be hard for it: what it repeats, repeated, then something else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

TEXT_CHARS = 50_000
# In proportion to the text a pattern needs a few milliseconds, in proportion to its square a second.
SLOWEST_SECONDS = 0.25
CPU_SECONDS, WALL_SECONDS = 2, 20
MOST_TEXTS, MOST_EXAMPLES = 60, 6
PLAIN_UNITS = ("a", "0", " ", "-", ".", "@", "_", "\n", "字", "a ", "0-", "a.")
# Runs over the texts on its standard input and says how long each took, then what becomes of the sample.
TRIAL = """
import json, re, resource, sys, time
task = json.load(sys.stdin)
resource.setrlimit(resource.RLIMIT_CPU, (task["cpu"], task["cpu"]))
rule, slowest = re.compile(task["expression"]), 0.0
for begin, unit, end in task["texts"]:
    text = begin + unit * (task["length"] // len(unit)) + end
    start = time.process_time()
    rule.sub("", text)
    slowest = max(slowest, time.process_time() - start)
    if slowest > task["limit"]:
        break
else:
    task["sample"] = rule.sub(lambda found: task["instead"], task["sample"])
json.dump({"slowest": slowest, "sample": task["sample"]}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """`problem`: why the pattern may not be used; "" if it may, and `sample` is what it makes of the text."""

    problem: str
    sample: str = ""


def try_pattern(expression: str, sample: str = "", instead: str = "") -> Trial:
    """Takes part of a second; a hostile pattern a few seconds, never longer."""
    try:
        rule = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as bad:
        return Trial(_("This is no regular expression: %(error)s") % {"error": bad})
    if not expression or rule.match(""):
        return Trial(_("This also finds nothing at all, and so would stand everywhere."))
    texts = list(dict.fromkeys(hard_texts(expression)))[:MOST_TEXTS]
    task = {
        "expression": expression, "texts": texts, "length": TEXT_CHARS, "limit": SLOWEST_SECONDS,
        "cpu": CPU_SECONDS, "sample": sample, "instead": instead,
    }  # fmt: skip
    too_slow = _(
        "Some texts would take this pattern very long. Limit its repetitions, {1,40} in place of +, and do "
        "not nest them."
    )
    try:
        answer = subprocess.run(  # noqa: S603 - our own program; what was typed comes by its standard input
            [sys.executable, "-I", "-S", "-c", TRIAL],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return Trial(too_slow)
    told = json.loads(answer.stdout)
    return Trial(too_slow) if told["slowest"] > SLOWEST_SECONDS else Trial("", told["sample"])


def hard_texts(expression: str) -> Iterator[tuple[str, str, str]]:
    """Begin, what is repeated, and end of texts that are hard for this pattern, if any are."""
    for begin, unit in pumps(parsed(expression)):
        for first in {begin, ""}:
            yield first, unit, "\x00!"
            yield first, unit, ""
    for unit in PLAIN_UNITS:
        yield "", unit, "\x00!"


# --- what a pattern consists of: (operation, arguments) as the standard library's parser tells it ------


def parsed(expression: str) -> list[Any]:
    from re import _parser  # type: ignore[attr-defined]

    return list(_parser.parse(expression))


def pumps(tokens: list[Any], begin: str = "") -> Iterator[tuple[str, str]]:
    """For everything that may repeat: an example of what stands before it, and examples of one repetition."""
    for token in tokens:
        operation, arguments = str(token[0]), token[1]
        for inner in inside(operation, arguments):
            yield from pumps(inner, begin)
            if operation.endswith("_REPEAT") and arguments[1] > 20:
                some = [one for one in examples(inner) if one]
                yield from ((begin, one) for one in some)
                if len(some) > 1:
                    yield begin, "".join(some)
        begin += examples([token])[0]


def inside(operation: str, arguments: Any) -> list[list[Any]]:
    """The patterns within a part of a pattern."""
    if operation.endswith("_REPEAT"):
        return [list(arguments[2])]
    if operation == "SUBPATTERN":
        return [list(arguments[3])]
    if operation == "BRANCH":
        return [list(one) for one in arguments[1]]
    if operation == "ATOMIC_GROUP":
        return [list(arguments)]
    if operation in ("ASSERT", "ASSERT_NOT"):
        return [list(arguments[1])]
    return []


def examples(tokens: list[Any]) -> list[str]:
    """A few texts that the pattern matches, or nearly."""
    each = [_examples_of(str(operation), arguments) for operation, arguments in tokens]
    found = []
    for parts in product(*each):
        found.append("".join(parts))
        if len(found) == MOST_EXAMPLES:
            break
    return found or [""]


def _examples_of(operation: str, arguments: Any) -> list[str]:
    if operation == "LITERAL":
        return [chr(arguments)]
    if operation == "IN":
        return _of_set(arguments)
    if operation in ("ANY", "NOT_LITERAL"):
        return ["a" if arguments != ord("a") else "b"]
    if operation.endswith("_REPEAT"):
        least = max(1, min(arguments[0], 40))
        return [one * least for one in examples(list(arguments[2]))]
    if operation in ("SUBPATTERN", "ATOMIC_GROUP", "BRANCH"):
        return [one for inner in inside(operation, arguments) for one in examples(inner)][:MOST_EXAMPLES]
    return [""]  # places and looks around take no room


def _of_set(members: list[Any]) -> list[str]:
    if str(members[0][0]) == "NEGATE":
        excluded = "".join(_of_set(members[1:]))
        return [one for one in "a0 -.~" if one not in excluded][:2] or ["\u2603"]
    found: list[str] = []
    for operation, arguments in members:
        if str(operation) == "LITERAL":
            found.append(chr(arguments))
        elif str(operation) == "RANGE":
            found.append(chr(arguments[0]))
        else:
            found += CATEGORIES.get(str(arguments), ["a"])
    return found[:MOST_EXAMPLES]


CATEGORIES = {
    "CATEGORY_DIGIT": ["0"],
    "CATEGORY_NOT_DIGIT": ["a"],
    "CATEGORY_SPACE": [" "],
    "CATEGORY_NOT_SPACE": ["a", "0"],
    "CATEGORY_WORD": ["a", "0", "_"],
    "CATEGORY_NOT_WORD": ["-", " "],
}
