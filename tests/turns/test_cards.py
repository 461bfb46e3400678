"""Which try at a question a card is: what counts as the same question again (M-069, K9)."""

from __future__ import annotations

import itertools

from chatweb.cards import attempts_of
from chatweb.models import Action
from chatweb.turns.states import ActionState

pks = itertools.count(1)


def question(round_: int, *, output: str = "hm", state: str = ActionState.ANSWERED, **more: object) -> Action:
    asked = {"name": "Ask", "interrupt_type": 2, "question": {"text": "Where?"}, "upstream_id": "", **more}
    return Action(pk=next(pks), kind=Action.Kind.QUESTION, round=round_, output=output, state=state, **asked)


def numbers(*actions: Action) -> list[tuple[int, int | None, str] | None]:
    found = attempts_of(actions)
    return [
        (found[each.pk]["number"], found[each.pk]["of"], found[each.pk]["before"])
        if each.pk in found
        else None
        for each in actions
    ]


def test_a_question_node_counts_to_three() -> None:
    asked = [question(1, output="a"), question(2, output="b"), question(3, output="c")]
    assert numbers(*asked) == [None, (2, 3, "a"), (3, 3, "b")]


def test_more_than_three_are_counted_all_the_same() -> None:
    assert numbers(*(question(at) for at in (1, 2, 3, 4)))[-1] == (4, 4, "hm")


def test_nobody_knows_how_often_a_form_may_miss() -> None:
    fields = {"text": "", "fields": {"days": {}, "start": {}}}
    first, second = (question(at, interrupt_type=5, question=fields) for at in (1, 2))
    assert numbers(first, second) == [None, (2, None, "hm")]


def test_a_form_with_other_fields_is_another_question() -> None:
    first = question(1, question={"fields": {"days": {}}})
    assert numbers(first, question(2, question={"fields": {"start": {}}})) == [None, None]
    assert numbers(first, question(2)) == [None, None]
    assert numbers(question(1), question(2, question={"fields": {"days": {}}})) == [None, None]


def test_another_node_is_another_question() -> None:
    assert numbers(question(1), question(2, name="Other")) == [None, None]
    assert numbers(question(1), question(2, interrupt_type=7)) == [None, None]


def test_without_a_node_and_without_fields_nobody_can_tell() -> None:
    assert numbers(question(1, name=""), question(2, name="")) == [None, None]


def test_with_options_nothing_misses() -> None:
    options = {"text": "Where?", "options": ["Rome"]}
    assert numbers(question(1, question=options), question(2, question=options)) == [None, None]


def test_only_the_round_before_counts_and_only_what_was_answered() -> None:
    assert numbers(question(1), question(3)) == [None, None]
    assert numbers(question(1, state=ActionState.SUPERSEDED), question(2)) == [None, None]


def test_a_miss_begins_anew_after_another_question() -> None:
    between = question(3, name="Other")
    assert numbers(question(1), question(2), between, question(4)) == [None, (2, 3, "hm"), None, None]


def test_calls_have_no_attempts() -> None:
    calls = [
        Action(pk=next(pks), kind=Action.Kind.TOOL_CALL, round=at, name="rain", state=ActionState.ANSWERED)
        for at in (1, 2)
    ]
    assert numbers(*calls) == [None, None]
