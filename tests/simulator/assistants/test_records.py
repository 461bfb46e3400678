"""What lies between the runs: assistants, threads, messages, steps, files, and who may see them."""

from __future__ import annotations

import httpx2
import pytest
from openai import AuthenticationError, BadRequestError, NotFoundError, OpenAI

from tests.simulator.assistants.asking import assistant_id, calls_of, new_thread, run_of, text_of, texts_of
from tests.simulator.process import SimulatorProcess

SKY = ("sky.png", b"\x89PNG sky")


def test_assistants_come_in_pages(openai: OpenAI):
    page = openai.beta.assistants.list(limit=2)
    assert [each.name for each in page.data] == ["Echo", "Showcase"] and page.has_more
    assert [each.name for each in page] == ["Echo", "Showcase", "Weather", "Reasoner", "Trouble"]
    weather = openai.beta.assistants.retrieve(assistant_id("Weather"))
    assert {each.function.name for each in weather.tools if each.type == "function"} >= {
        "get_rain_probability",
        "read_photo",
    }


def test_an_assistant_may_go_away(openai: OpenAI, service: SimulatorProcess):
    service.control("POST", f"bots/{assistant_id('Echo')}", {"is_deleted": True})
    with pytest.raises(NotFoundError):
        openai.beta.assistants.retrieve(assistant_id("Echo"))
    assert "Echo" not in [each.name for each in openai.beta.assistants.list()]


def test_messages_are_listed_from_both_ends(openai: OpenAI):
    thread = new_thread(openai, *"abcde")
    everything = [text_of(each) for each in openai.beta.threads.messages.list(thread, limit=2)]
    assert everything == list("edcba")
    assert texts_of(openai, thread) == list("abcde")
    newest = openai.beta.threads.messages.list(thread, limit=2)
    assert newest.has_more and newest.data[-1].id == newest.last_id
    assert newest.last_id is not None
    before = openai.beta.threads.messages.list(thread, before=newest.last_id)
    assert [text_of(each) for each in before.data] == ["e"]
    with pytest.raises(BadRequestError, match="limit"):
        openai.beta.threads.messages.list(thread, limit=101)


def test_messages_of_one_run(openai: OpenAI):
    thread = new_thread(openai, "one")
    run_of(openai, thread)
    second = run_of(
        openai, thread, additional_messages=[{"role": "user", "content": "two"}], metadata={"turn": "2"}
    )
    assert texts_of(openai, thread) == ["one", "one", "two", "two"]
    assert texts_of(openai, thread, run_id=second.id) == ["two"]
    assert [run.metadata for run in openai.beta.threads.runs.list(thread)] == [{"turn": "2"}, {}]


def test_threads_and_messages_keep_metadata_and_can_be_deleted(openai: OpenAI):
    thread = openai.beta.threads.create(metadata={"a": "1"}).id
    assert openai.beta.threads.update(thread, metadata={"b": "2"}).metadata == {"b": "2"}
    message = openai.beta.threads.messages.create(
        thread, role="user", content=[{"type": "text", "text": "Hi"}], metadata={"turn": "7"}
    )
    found = openai.beta.threads.messages.retrieve(message.id, thread_id=thread)
    assert (text_of(found), found.metadata, found.run_id) == ("Hi", {"turn": "7"}, None)
    changed = openai.beta.threads.messages.update(message.id, thread_id=thread, metadata={"turn": "8"})
    assert changed.metadata == {"turn": "8"}
    assert openai.beta.threads.messages.delete(message.id, thread_id=thread).deleted
    assert texts_of(openai, thread) == []
    assert openai.beta.threads.delete(thread).deleted
    with pytest.raises(NotFoundError):
        openai.beta.threads.retrieve(thread)


def test_a_thread_and_its_run_in_one_request(openai: OpenAI):
    with openai.beta.threads.create_and_run_stream(
        assistant_id=assistant_id("Echo"), thread={"messages": [{"role": "user", "content": "At once"}]}
    ) as stream:
        events = list(stream)
    assert events[0].event == "thread.created" and events[-1].event == "thread.run.completed"
    run = openai.beta.threads.create_and_run_poll(
        assistant_id=assistant_id("Echo"),
        thread={"messages": [{"role": "user", "content": "Again"}]},
        poll_interval_ms=20,
    )
    assert texts_of(openai, run.thread_id) == ["Again", "Again"]


def test_steps_tell_of_calls_and_messages(openai: OpenAI):
    thread = new_thread(openai, "Rain in Oslo?")
    run = run_of(openai, thread, "Weather")
    (call,) = calls_of(run)
    openai.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id,
        thread_id=thread,
        tool_outputs=[{"tool_call_id": call.id, "output": "wet"}],
        poll_interval_ms=20,
    )
    asked, said = openai.beta.threads.runs.steps.list(run.id, thread_id=thread, order="asc")
    assert asked.step_details.type == "tool_calls" and asked.status == "completed"
    (told,) = asked.step_details.tool_calls
    assert told.type == "function" and (told.id, told.function.output) == (call.id, "wet")
    assert said.step_details.type == "message_creation" and said.usage is not None
    again = openai.beta.threads.runs.steps.retrieve(said.id, thread_id=thread, run_id=run.id)
    assert again == said


def test_files_are_kept_listed_and_deleted(openai: OpenAI):
    file = openai.files.create(file=SKY, purpose="vision")
    assert (file.filename, file.bytes, file.purpose) == ("sky.png", 8, "vision")
    assert openai.files.content(file.id).read() == SKY[1]
    other = openai.files.create(file=("notes.txt", b"notes"), purpose="assistants")
    assert [each.id for each in openai.files.list(purpose="assistants")] == [other.id]
    with pytest.raises(BadRequestError, match="Not allowed to download files of purpose: assistants"):
        openai.files.content(other.id)
    assert openai.files.delete(file.id).deleted
    with pytest.raises(NotFoundError):
        openai.files.retrieve(file.id)


def test_a_question_with_files_is_read(openai: OpenAI):
    picture = openai.files.create(file=SKY, purpose="vision").id
    notes = openai.files.create(file=("notes.txt", b"notes"), purpose="assistants").id
    thread = openai.beta.threads.create().id
    message = openai.beta.threads.messages.create(
        thread,
        role="user",
        content=[
            {"type": "text", "text": "Look"},
            {"type": "image_file", "image_file": {"file_id": picture}},
        ],
        attachments=[{"file_id": notes, "tools": [{"type": "file_search"}]}],
    )
    assert message.attachments is not None and message.attachments[0].file_id == notes
    run = run_of(openai, thread)
    assert texts_of(openai, thread, run_id=run.id) == [
        "Look\n[image: sky.png, 8 bytes]\n[file: notes.txt, 5 bytes]"
    ]
    with pytest.raises(BadRequestError, match="no file found with id 'file-none'"):
        openai.beta.threads.messages.create(
            thread, role="user", content="x", attachments=[{"file_id": "file-none"}]
        )


def test_a_photo_as_the_output_of_a_tool(openai: OpenAI):
    picture = openai.files.create(file=SKY, purpose="vision").id
    thread = new_thread(openai, "A photo of the sky")
    run = run_of(openai, thread, "Weather")
    (call,) = calls_of(run)
    assert call.function.name == "read_photo"
    openai.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id,
        thread_id=thread,
        tool_outputs=[{"tool_call_id": call.id, "output": f'{{"photo": "{picture}"}}'}],
        poll_interval_ms=20,
    )
    assert "[sky.png](https://files.example.com/" in texts_of(openai, thread, run_id=run.id)[0]


def test_an_assistant_makes_a_picture(openai: OpenAI):
    run = run_of(openai, new_thread(openai, "Draw as=image"))
    (message,) = openai.beta.threads.messages.list(run.thread_id, run_id=run.id)
    words, picture = message.content
    assert words.type == "text" and picture.type == "image_file"
    content = openai.files.content(picture.image_file.file_id).read()
    assert content.startswith(b"\x89PNG")


def test_who_has_no_key_is_told_so(service: SimulatorProcess):
    with httpx2.Client(trust_env=False) as http:
        openai = OpenAI(api_key="sk-wrong", base_url=f"{service.url}/v1", max_retries=0, http_client=http)
        with pytest.raises(AuthenticationError) as refused:
            openai.beta.assistants.list()
    assert refused.value.code == "invalid_api_key"


def test_answers_carry_limits_and_an_id(openai: OpenAI):
    answer = openai.beta.assistants.with_raw_response.list()
    assert answer.headers["x-request-id"] and answer.headers["x-ratelimit-remaining-requests"] == "9999"
    thread = new_thread(openai, "Hi")
    run = run_of(openai, thread)
    polled = openai.beta.threads.runs.with_raw_response.retrieve(run.id, thread_id=thread)
    assert int(polled.headers["openai-poll-after-ms"]) > 0


def test_models(openai: OpenAI):
    (model,) = openai.models.list()
    assert openai.models.retrieve(model.id) == model
