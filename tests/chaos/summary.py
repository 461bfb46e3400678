"""A run in Markdown, as docs/reliability.md shows it."""

from __future__ import annotations

from collections import Counter

from tests.chaos.judging import FAULTS
from tests.chaos.run import Outcome

MOST_SENTENCES, MOST_CHARS = 40, 900


def summary(outcome: Outcome, seed: int, size: str) -> str:
    pages = {turn["id"]: turn for turns in outcome.pages.values() for turn in turns}
    kinds: dict[str, Counter[str]] = {}
    for asked in outcome.asked:
        state = pages[asked.turn]["state"] if asked.turn in pages else "missing"
        kinds.setdefault(asked.question.kind, Counter())[state] += 1
    cards = [card for turn in pages.values() for card in turn["actions"]]
    tabs = [tab for person in outcome.people for tab in person.tabs.values()]
    lines = [
        f"### Seed {seed}: {size}",
        "",
        "| fault | times |",
        "|---|---|",
        *(f"| {name} | {times} |" for name, times in sorted(outcome.counts.items())),
        "",
        "| question | asked | came to |",
        "|---|---|---|",
        *(f"| {kind} | {states.total()} | {told(states)} |" for kind, states in sorted(kinds.items())),
        "",
        f"{len(pages)} turns in {len(outcome.pages)} conversations; {len(cards)} tool calls and questions, "
        f"{outcome.judge.submitted} answers let in upstream; "
        f"{sum(person.repeats for person in outcome.people)} commands repeated; "
        f"{sum(tab.sockets for tab in tabs)} sockets of the last {len(tabs)} tabs; "
        f"at rest {outcome.rest_seconds:.0f} s after the last fault; "
        f"compared: all in the database and on fresh pages, {outcome.in_browser} in Chromium.",
        "",
        ", ".join(f"**{outcome.judge.faults[fault]} {fault}**" for fault in FAULTS)
        + f", {len(outcome.sentences)} complaints.",
        *(f"- {shortened(sentence)}" for sentence in outcome.sentences[:MOST_SENTENCES]),
    ]
    return "\n".join(lines)


def told(states: Counter[str]) -> str:
    return ", ".join(f"{times} {state}" for state, times in states.most_common())


def shortened(sentence: str) -> str:
    half = MOST_CHARS // 2
    return sentence if len(sentence) <= MOST_CHARS else f"{sentence[:half]} […] {sentence[-half:]}"
