"""What nodes said, by the history of their run (wire-workflows 1.3)."""

from __future__ import annotations

from chatweb.upstreams.events import ASKING, ActionRequired, RunOutput
from chatweb.upstreams.histories import read_history, trimmed_nodes

from .samples import OPTION, dumps


def run(output=None, nodes=None, **more):
    known = {"execute_id": "7300", "execute_status": "Success", "update_time": 50}
    if output is not None:
        known["output"] = output if isinstance(output, str) else dumps(output)
    if nodes:
        known["node_execute_status"] = {
            title: {"update_time": at, "node_execute_uuid": f"uuid-{title}"} for title, at in nodes.items()
        }
    return known | more


def said(history):
    return [(message.title, message.content) for message in history.messages]


def test_output_nodes_in_the_order_they_spoke_then_the_end():
    output = {"Output": '{"output":"Bye"}', "B": "second", "A": "first"}
    history = read_history(run(output, {"A": 10, "B": 20}))
    assert said(history) == [("A", "first"), ("B", "second"), ("End", "Bye")]
    assert RunOutput("Bye") in history.events
    assert len({message.id for message in history.messages}) == 3
    assert {message.type for message in history.messages} == {"answer"}


def test_a_text_that_came_twice_is_told_once():
    output = {"Output": '{"output":"Rain."}', "Forecast": "Rain."}
    assert said(read_history(run(output, {"Forecast": 1}))) == [("Forecast", "Rain.")]


def test_ids_stay_while_the_run_goes_on():
    early = read_history(run({"A": "first"}, {"A": 1}, execute_status="Running"))
    late = read_history(run({"A": "first", "Output": "x"}, {"A": 1}))
    assert early.messages[0].id == late.messages[0].id
    assert (
        early.messages[0].id != read_history(run({"A": "first"}, {"A": 1}, execute_id="7301")).messages[0].id
    )


def test_answer_content_is_unwrapped():
    output = {"Output": dumps({"content_type": 1, "data": "Hello", "type_for_model": 2})}
    assert said(read_history(run(output))) == [("End", "Hello")]


def test_studio_has_the_end_node_only():
    assert said(read_history(run({"output": "Rain."}))) == [("End", "Rain.")]
    assert said(read_history(run("Just words."))) == [("End", "Just words.")]


def test_a_running_node_may_be_called_as_the_end_is_filed():
    history = read_history(run({"Output": "so far"}, {"Output": 1}, execute_status="Running"))
    assert said(history) == [("Output", "so far")]


def test_nothing_was_said():
    assert read_history(run("")).messages == []
    assert read_history(run(execute_status="Running")).messages == []


def test_a_questions_machine_form_is_no_answer():
    history = read_history(run({"Q": dumps(OPTION)}, {"Q": 1}, execute_status="Running"))
    assert [message.type for message in history.messages] == [ASKING]


def test_a_question_without_words_takes_those_of_its_node():
    interrupt = {"event_id": "7300/6301", "type": 2, "data": ""}
    history = read_history(
        run({"问答": "Which city?"}, {"问答": 1}, execute_status="Running", interrupt_data=interrupt)
    )
    (asked,) = [event for event in history.events if isinstance(event, ActionRequired)]
    (question,) = asked.questions
    assert (question.id, question.text, question.title) == ("7300/6301", "Which city?", "问答")


def test_a_form_has_no_words_put_into_its_mouth():
    interrupt = {"event_id": "7300/1", "type": 5, "required_parameters": {"city": {"type": "string"}}}
    history = read_history(run({"A": "Hello"}, {"A": 1}, execute_status="Running", interrupt_data=interrupt))
    (asked,) = [event for event in history.events if isinstance(event, ActionRequired)]
    assert (asked.questions[0].text, list(asked.questions[0].fields)) == ("", ["city"])


def test_nodes_are_asked_one_by_one_only_where_the_history_was_too_large():
    nodes = {"A": 1, "End": 2}
    assert trimmed_nodes(run({"A": "x"}, nodes)) == {}
    assert trimmed_nodes(run("", nodes, is_output_trimmed=True, execute_status="Running")) == {}
    trimmed = run('{"A":"cut', nodes, is_output_trimmed=True)
    assert trimmed_nodes(trimmed) == {"A": "uuid-A"}
    assert said(read_history(trimmed, {"A": "whole"})) == [("A", "whole")]
