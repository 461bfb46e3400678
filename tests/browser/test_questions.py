"""Questions that wait for a person: options, words, fields, files, sign-ins, and answers that miss."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.card import PHOTO
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Begin, Complaints, NewContext, press_at_once
from tests.live.upstream import a_mark, chats_of, run_of
from tests.process import Site
from tests.simulator.process import SimulatorProcess

OPTIONS = "What will you do if it rains?"
DESTINATION = "Where would you like to go?"
SECOND_THOUGHT_MS = 750  # longer than a double click takes


@pytest.fixture
def mark() -> str:
    return a_mark()


def replies(simulator: SimulatorProcess, mark: str) -> list[str]:
    """What the run was told, in order; every try counts."""
    return [tried["resume_data"] for tried in run_of(simulator, mark)["submits"]]


@pytest.mark.needs("streams_workflows")
def test_an_option_is_a_button_and_a_double_click_answers_once(
    begin: Begin, simulator: SimulatorProcess, mark: str
):
    """Trap 4"""
    chat = begin("City weather", city=f"{mark} ask=options")
    card = chat.question(OPTIONS)
    expect(card.group).to_have_accessible_name(f"Question: {OPTIONS}, waiting for you")
    card.button("Raincoat").dblclick()
    chat.expect_state("completed")
    card.expect_folded("Raincoat")
    assert replies(simulator, mark) == ["Raincoat"]


@pytest.mark.needs("asks")
def test_travel_is_told_by_number_key_and_then_by_a_form(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-066, M-068: a chatflow, where the next message is the answer."""
    chat.begin("Travel", f"{mark} Plan a trip")
    card = chat.question(DESTINATION)
    card.expect_state("pending")
    chat.page.reload()
    card.expect_state("pending")
    chat.message.blur()
    chat.page.keyboard.press(".")
    expect(card.group).to_be_focused()
    chat.page.keyboard.press("2")
    card.expect_state("answered")
    card.expect_folded("Rome")
    form = chat.card(1)
    expect(form.group).to_contain_text("Step 2")
    form.submit.click()
    expect(form.field("days")).to_be_focused()
    form.field("days").fill("4")
    form.group.get_by_label("start").fill("2026-12-24T09:00")
    form.group.get_by_role("checkbox", name="vegetarian").check()
    form.submit.click()
    chat.expect_state("completed")
    expect(chat.answers.last).to_contain_text("4 days in Rome")
    expect(chat.answers.last).to_contain_text("vegetarian meals")
    assert chats_of(simulator, mark)[0]["accepted"] == 1
    assert len(chats_of(simulator, mark)) == 3


@pytest.mark.needs("streams_workflows")
def test_something_else_goes_with_enter_and_enter_twice_is_once(
    begin: Begin, simulator: SimulatorProcess, mark: str
):
    chat = begin("City weather", city=f"{mark} ask=options")
    card = chat.question(OPTIONS)
    card.own_words.fill("Swim")
    card.own_words.press("Enter")
    chat.page.keyboard.press("Enter")
    chat.expect_state("completed")
    card.expect_folded("Swim")
    assert replies(simulator, mark) == ["Swim"]


@pytest.mark.needs("streams_workflows")
def test_a_form_has_a_field_of_each_type(begin: Begin, simulator: SimulatorProcess, mark: str):
    """M-068"""
    chat = begin("City weather", city=f"{mark} ask=form")
    card = chat.question("Form")
    expect(card.field("days")).to_have_value("3")
    expect(card.group).to_contain_text("Where to")
    card.field("city").fill("Rome")
    card.field("days").fill("many")
    card.submit.click()
    expect(card.field("days")).to_have_attribute("aria-invalid", "true")
    card.field("days").fill("2")
    card.field("budget").fill("99.5")
    card.group.get_by_label("start").fill("2026-12-24T09:00")
    card.field("name").fill("Ada")
    card.field("age").fill("36")
    card.file.first.set_input_files(PHOTO)  # type: ignore[arg-type]
    expect(card.group.get_by_text("sky.png")).to_be_visible()
    card.submit.click()
    chat.expect_state("completed")
    told = json.loads(replies(simulator, mark)[0])
    assert (told["city"], told["days"], told["budget"]) == ("Rome", 2, 99.5)
    assert told["guest"] == {"name": "Ada", "age": 36}
    assert json.loads(told["photo"])["file_id"].isdecimal()
    assert "vegetarian" not in told, "a box that nobody touched says nothing"


@pytest.mark.needs("streams_workflows")
def test_a_sign_in_names_the_real_host(begin: Begin, simulator: SimulatorProcess, mark: str):
    """M-072"""
    chat = begin("City weather", city=f"{mark} ask=signin")
    card = chat.card()
    link = card.group.get_by_role("link", name="Sign in at auth.example.com")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(link).to_have_attribute("target", "_blank")
    card.button("Submit: I have signed in").click()
    chat.expect_state("completed")
    card.expect_folded("signed in")
    assert replies(simulator, mark) == [""]


@pytest.mark.needs("streams_workflows")
@pytest.mark.parametrize("kind", ["plugin", "plugin6"])
def test_a_plugin_of_a_workflow_is_a_tool_call(
    begin: Begin, simulator: SimulatorProcess, mark: str, kind: str
):
    chat = begin("City weather", city=f"{mark} ask={kind}")
    card = chat.tool_call("get_rain_probability")
    expect(card.group.get_by_role("definition").filter(has_text="Oslo")).to_be_visible()
    card.answer("dry")
    chat.expect_state("completed")
    assert replies(simulator, mark) == ["dry"]


@pytest.mark.needs("streams_workflows")
def test_the_third_miss_is_asked_about_and_fails_the_run(
    begin: Begin, simulator: SimulatorProcess, mark: str
):
    """M-069, trap 6: and the next run starts from the same page."""
    chat = begin("City weather", date=mark)
    for number, words in enumerate(("?", "??")):
        card = chat.card(number)
        card.field("Answer").fill(words)
        card.submit.click()
        card.expect_state("answered")
    last = chat.card(2)
    expect(chat.card(1).group).to_have_count(1)
    expect(last.group).to_contain_text("Attempt 3 of 3")
    expect(last.group).to_contain_text("“??” did not fit.")
    last.field("Answer").fill("???")
    last.submit.dblclick()
    expect(last.fault).to_contain_text("the run fails")
    last.expect_state("pending")
    chat.page.wait_for_function(
        "([since, wait]) => performance.now() - since > wait",
        arg=[chat.page.evaluate("performance.now()"), SECOND_THOUGHT_MS],
    )
    last.submit.click()
    chat.expect_state("failed")
    expect(chat.cards).to_have_count(3)
    expect(chat.stop).to_be_hidden()
    assert replies(simulator, mark) == ["?", "??", "???"]
    chat.ask("Rome, tomorrow")
    expect(chat.turns).to_have_count(2)


@pytest.mark.needs("streams_workflows")
def test_a_first_miss_says_the_second_attempt(begin: Begin, mark: str):
    chat = begin("City weather", date=mark)
    chat.card().field("Answer").fill("?")
    chat.card().submit.click()
    second = chat.card(1)
    expect(second.group).to_contain_text("Attempt 2 of 3")
    expect(second.group).to_contain_text("“?” did not fit.")
    second.field("Answer").fill("Paris, tomorrow")
    second.submit.click()
    chat.expect_state("completed")


@pytest.mark.needs("streams_workflows")
def test_a_workflow_is_started_by_its_form(new_context: NewContext, site: Site, mark: str):
    """By somebody who never started it: the form is open."""
    chat = ChatPage(new_context("demo2").new_page(), site.url)
    chat.open()
    chat.choose("City weather")
    chat.page.get_by_role("textbox", name="city", exact=True).fill(f"{mark} ask=options")
    chat.send.click()
    card = chat.question(OPTIONS)
    card.button("Umbrella").click()
    chat.expect_state("completed")
    expect(chat.answers.last).to_contain_text("Umbrella")


@pytest.mark.needs("streams_workflows")
def test_different_options_in_two_tabs_at_once_answer_once(
    begin: Begin, simulator: SimulatorProcess, mark: str, complaints: Complaints
):
    complaints.forgive("409")
    chat = begin("City weather", city=f"{mark} ask=options")
    other = chat.open_in_new_tab()
    here, there = chat.question(OPTIONS), other.question(OPTIONS)
    here.expect_state("pending")
    there.expect_state("pending")
    press_at_once(here.button("Umbrella"), there.button("Raincoat"))
    for tab in (chat, other):
        tab.expect_state("completed")
    [told] = replies(simulator, mark)
    for card in (here, there):
        card.expect_folded(told)
