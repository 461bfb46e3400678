"""Tool calls that wait for a person: every way to answer one, in a real browser, counted by the upstream."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.card import PHOTO, Card
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Complaints, NewContext, press_at_once
from tests.live.upstream import a_mark, chat_of, let_in, rows
from tests.process import Site
from tests.simulator.process import SimulatorProcess

pytestmark = pytest.mark.needs("submits_outputs")

RAIN = "get_rain_probability"
SCHEMA = {
    "type": "object",
    "properties": {"cover": {"type": "integer", "minimum": 0, "maximum": 100}, "note": {"type": "string"}},
    "required": ["cover"],
}
A_SECOND = 1_000
TWO_SECONDS = 2_000


@pytest.fixture(scope="module", autouse=True)
def registered(site: Site) -> None:
    """Two tools the demo leaves alone: one with a form by a schema, one that waits for a second only."""
    cloud = {"title_en": "Report a cloud", "schema": SCHEMA}
    soon = {"time_limit_seconds": 1}
    rows(
        site,
        f"Tool.objects.update_or_create(bot=None, name='report_cloud', defaults={cloud!r})\n"
        f"Tool.objects.update_or_create(bot=None, name='get_local_rain', defaults={soon!r})",
    )


@pytest.fixture
def mark() -> str:
    return a_mark()


def outputs(simulator: SimulatorProcess, mark: str) -> list[str]:
    """What the upstream let in, round after round."""
    return [each["output"] for tried in let_in(simulator, mark) for each in tried["outputs"]]


def rain(chat: ChatPage, mark: str, more: str = "") -> Card:
    chat.begin("Weather", f"{mark} in Ulm {more}")
    card = chat.tool_call(RAIN)
    card.expect_state("pending")
    return card


def test_plain_words_are_an_output(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    card = rain(chat, mark)
    expect(card.group).to_have_accessible_name(f"Tool call: {RAIN}, waiting for you")
    expect(card.group.get_by_role("definition").filter(has_text="Ulm")).to_be_visible()
    card.answer("80 percent")
    chat.expect_state("completed")
    expect(card.group).to_have_accessible_name(f"Tool call: {RAIN}, answered")
    expect(chat.answers.last).to_contain_text("80 percent")
    assert outputs(simulator, mark) == ["80 percent"]


def test_a_form_by_the_tools_schema_keeps_its_values_as_json_and_back(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-049: with arguments that are no JSON, shown as the text they are."""
    chat.begin("Weather", f"{mark} call=broken")
    card = chat.tool_call("Report a cloud")
    expect(card.group).to_contain_text("The sky is")
    card.submit.click()
    expect(card.field("cover")).to_be_focused()
    expect(card.field("cover")).to_have_attribute("aria-invalid", "true")
    card.field("cover").fill("101")
    card.field("note").fill("grey")
    card.submit.click()
    expect(card.field("cover")).to_have_attribute("aria-invalid", "true")
    card.expect_state("pending")
    card.field("cover").fill("70")
    card.button("JSON").click()
    expect(card.output).to_have_value(re.compile(r'"cover": 70,\s+"note": "grey"'))
    card.output.fill('{"cover": 75, "note": "grey", "more": true}')
    card.button("Form").click()
    expect(card.field("cover")).to_have_value("75")
    card.submit.click()
    chat.expect_state("completed")
    assert [json.loads(each) for each in outputs(simulator, mark)] == [
        {"cover": 75, "note": "grey", "more": True}
    ]


def test_a_file_is_picked_and_uploaded(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    """M-050"""
    chat.begin("Weather", f"{mark} call=file")
    card = chat.tool_call("Read a photo")
    card.file.first.set_input_files(PHOTO)  # type: ignore[arg-type]
    expect(card.button("Remove")).to_be_visible()
    expect(card.group).to_contain_text("sky.png")
    card.submit.click()
    chat.expect_state("completed")
    expect(chat.answers.last).to_contain_text("Here is your picture")
    [sent] = outputs(simulator, mark)
    assert json.loads(sent)["image"].removeprefix("file-").isdecimal()


def test_approve_says_what_the_admin_set(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    """M-051; M-048: the raw arguments are a click away."""
    chat.begin("Weather", f"{mark} call=book")
    card = chat.tool_call("Book an umbrella")
    expect(card.group.locator("pre", has_text="Main Street")).to_be_hidden()
    card.group.get_by_text("Raw JSON").first.click()
    expect(card.group.locator("pre", has_text="Main Street")).to_be_visible()
    card.approve.click()
    chat.expect_state("completed")
    card.expect_folded("approved")
    assert outputs(simulator, mark) == ['{"approved": true}']


def test_decline_with_a_reason_lets_the_bot_go_on(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    """M-052"""
    chat.begin("Weather", f"{mark} call=book")
    card = chat.tool_call("Book an umbrella")
    card.say_no("too dear")
    chat.expect_state("completed")
    card.expect_state("declined")
    card.expect_folded("declined: too dear")
    assert [json.loads(each) for each in outputs(simulator, mark)] == [
        {"approved": False, "reason": "too dear"}
    ]


@pytest.mark.needs("wants_places")
def test_the_browser_is_asked_where_one_is_and_less_is_sent(
    new_context: NewContext, site: Site, simulator: SimulatorProcess, mark: str
):
    """M-053"""
    place = {"latitude": 48.85837, "longitude": 2.29448}
    context = new_context(geolocation=place, permissions=["geolocation"])
    chat = ChatPage(context.new_page(), site.url)
    chat.begin("Weather", f"{mark} call=position")
    card = chat.card()
    card.button("Use my location").click()
    expect(card.field("Latitude")).to_have_value("48.85837")
    expect(card.group).to_contain_text('"latitude":"48.86"')
    card.group.get_by_role("radio", name="About 10 km").check()
    expect(card.group).to_contain_text('"latitude":"48.9"')
    card.submit.click()
    chat.expect_state("completed")
    assert [json.loads(each) for each in outputs(simulator, mark)] == [
        {"coordinates": {"longitude": "2.3", "latitude": "48.9"}}
    ]


def test_two_calls_are_one_submit_and_an_answer_can_be_changed_before(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-047"""
    chat.begin("Weather", "Compare Paris and Rome " + mark)
    paris, rome = chat.tool_call(RAIN), chat.tool_call(RAIN, 1)
    expect(rome.group).to_contain_text("0 of 2 ready")
    paris.answer("10")
    paris.expect_state("ready")
    expect(rome.group).to_contain_text("1 of 2 ready")
    chat.expect_state("waiting")
    assert chat_of(simulator, mark)["submits"] == []
    paris.button("Change").click()
    paris.expect_state("pending")
    expect(paris.output).to_have_value("10")
    paris.answer("20")
    paris.expect_state("ready")
    rome.answer("90")
    chat.expect_state("completed")
    [tried] = chat_of(simulator, mark)["submits"]
    assert [each["output"] for each in tried["outputs"]] == ["20", "90"]


def test_reload_restart_and_a_second_browser_show_the_card_with_its_draft(
    chat: ChatPage, new_context: NewContext, site: Site, simulator: SimulatorProcess, mark: str
):
    """M-045, M-055: answered there, it closes here within a second and says by whom."""
    card = rain(chat, mark)
    with chat.page.expect_response(re.compile("/draft/$")):
        card.output.press_sequentially("half a sen")
    chat.page.reload()
    expect(card.output).to_have_value("half a sen")
    site.kill()
    site.start()
    chat.page.reload()
    expect(card.output).to_have_value("half a sen")
    there = ChatPage(new_context().new_page(), site.url)
    there.open(f"/c/{chat.conversation}/")
    expect(there.tool_call(RAIN).output).to_have_value("half a sen")
    there.tool_call(RAIN).answer("a whole sentence")
    there.tool_call(RAIN).expect_state("answered")
    card.expect_state("answered", A_SECOND)
    card.expect_folded("a whole sentence")
    chat.expect_state("completed")
    assert outputs(simulator, mark) == ["a whole sentence"]


def test_a_double_click_is_one_submit(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    """Trap 4"""
    card = rain(chat, mark)
    card.output.fill("dry")
    card.submit.dblclick()
    chat.expect_state("completed")
    assert len(chat_of(simulator, mark)["submits"]) == 1


def test_two_tabs_at_once_are_one_submit_and_both_tell_whose(
    chat: ChatPage, simulator: SimulatorProcess, mark: str, complaints: Complaints
):
    complaints.forgive("409")
    card = rain(chat, mark)
    other = chat.open_in_new_tab()
    card.output.fill("from the left")
    other.tool_call(RAIN).output.fill("from the right")
    press_at_once(card.submit, other.tool_call(RAIN).submit)
    for tab in (chat, other):
        tab.expect_state("completed")
        tab.tool_call(RAIN).expect_state("answered")
    [sent] = outputs(simulator, mark)
    assert len(chat_of(simulator, mark)["submits"]) == 1
    for tab in (chat, other):
        tab.tool_call(RAIN).expect_folded(sent)


def test_a_refused_submit_keeps_every_value_and_can_be_sent_again(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-059"""
    card = rain(chat, mark, "refuse_submit=4000")
    card.answer("70 percent")
    expect(card.fault).to_be_visible()
    [tried] = chat_of(simulator, mark)["submits"]
    expect(card.fault).to_contain_text(tried["log_id"])
    expect(card.fault).to_contain_text(re.compile("code (4000|invalid_request_error)"))
    expect(card.group).to_have_accessible_name(f"Tool call: {RAIN}, not accepted")
    expect(card.output).to_have_value("70 percent")
    chat.page.reload()
    expect(card.fault).to_contain_text(tried["log_id"])
    expect(card.output).to_have_value("70 percent")
    card.submit.click()
    chat.expect_state("completed")
    assert outputs(simulator, mark) == ["70 percent"]


def test_what_waited_too_long_says_so_keeps_its_words_and_can_be_asked_again(
    chat: ChatPage, simulator: SimulatorProcess, mark: str
):
    """M-058: over upstream, noticed when one answers."""
    card = rain(chat, mark)
    card.output.fill("too late")
    simulator.expire(chat_of(simulator, mark)["id"])
    card.submit.click()
    card.expect_state("expired")
    chat.expect_state("failed")
    expect(card.group).to_contain_text("Nobody answered in time.")
    expect(card.submit).to_be_hidden()
    expect(card.button("Copy my answers")).to_be_visible()
    card.again.click()
    fresh = chat.tool_call(RAIN, 1)
    fresh.expect_state("pending")
    fresh.answer("in time")
    chat.expect_state("completed", 1)


def test_a_tools_time_limit_ends_the_wait(chat: ChatPage, mark: str):
    chat.begin("Weather", f"{mark} call=infos")
    card = chat.card()
    card.expect_state("expired")
    chat.expect_state("failed")
    expect(card.again).to_be_visible()
    expect(chat.stop).to_be_hidden()


def test_trap_3_typing_elsewhere_loses_nothing_and_a_draft_travels(chat: ChatPage, mark: str):
    chat.begin("Weather", f"{mark} call=broken")
    here = chat.tool_call("Report a cloud")
    here.expect_state("pending")
    other = chat.open_in_new_tab()
    there = other.tool_call("Report a cloud")
    with other.page.expect_response(re.compile("/draft/$")):
        there.field("note").press_sequentially("from there")
    expect(here.field("note")).to_have_value("from there", timeout=TWO_SECONDS)
    here.field("cover").press_sequentially("4")
    with other.page.expect_response(re.compile("/draft/$")):
        there.field("note").press_sequentially(", and more")
    here.field("cover").press_sequentially("2")
    expect(here.field("cover")).to_have_value("42")
    chat.message.focus()  # what came meanwhile is taken when nobody is in the card
    expect(here.field("note")).to_have_value("from there, and more")
    expect(here.field("cover")).to_have_value("42")
    expect(there.field("note")).to_have_value("from there, and more")


def test_by_keys_alone_a_tool_call_is_answered(chat: ChatPage, simulator: SimulatorProcess, mark: str):
    """M-056: "." leads to the card, Tab into it, Ctrl+Enter sends; twice is once."""
    card = rain(chat, mark)
    chat.page.reload()
    card.expect_state("pending")
    chat.message.blur()
    chat.page.keyboard.press(".")
    expect(card.group).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(card.group.locator("summary", has_text="Raw JSON").first).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(card.output).to_be_focused()
    chat.page.keyboard.type("by hand")
    for control in (card.button("Output: Attach a file"), card.submit, card.decline):
        chat.page.keyboard.press("Tab")
        expect(control).to_be_focused()
    for _ in range(3):
        chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Control+Enter")
    chat.page.keyboard.press("Control+Enter")
    chat.expect_state("completed")
    assert len(chat_of(simulator, mark)["submits"]) == 1
    assert outputs(simulator, mark) == ["by hand"]


@pytest.mark.parametrize(("key", "state"), [("a", "answered"), ("d", "declined")])
def test_a_approves_and_d_declines(chat: ChatPage, mark: str, key: str, state: str):
    chat.begin("Weather", f"{mark} call=book")
    card = chat.tool_call("Book an umbrella")
    card.expect_state("pending")
    chat.page.reload()
    card.expect_state("pending")
    chat.message.blur()
    chat.page.keyboard.press(".")
    expect(card.group).to_be_focused()
    chat.page.keyboard.press(key)
    if key == "d":
        expect(card.group.get_by_role("textbox")).to_be_focused()
        chat.page.keyboard.type("no need")
        chat.page.keyboard.press("Control+Enter")
    card.expect_state(state)
    chat.expect_state("completed")


def test_an_answered_card_is_one_line_that_unfolds(chat: ChatPage, mark: str):
    card = rain(chat, mark)
    card.answer("dry")
    chat.expect_state("completed")
    card.expect_folded("dry")
    facts = card.group.get_by_role("definition")
    expect(facts.first).to_be_hidden()
    card.line.click()
    expect(facts.filter(has_text="Ulm").first).to_be_visible()
    expect(facts.filter(has_text="on Chrome")).to_be_visible()
    expect(card.group.get_by_role("time").first).to_be_visible()


def test_traps_1_and_2_a_second_interrupt_is_step_2_and_no_replay_opens_the_first(chat: ChatPage, mark: str):
    chat.begin("Weather", f"Bonn then Mainz {mark}")
    chat.tool_call(RAIN).answer("dry")
    second = chat.tool_call(RAIN, 1)
    second.expect_state("pending")
    expect(second.group).to_contain_text("Step 2")
    chat.page.reload()
    second.expect_state("pending")
    chat.tool_call(RAIN).expect_state("answered")
    second.answer("wet")
    chat.expect_state("completed")
    chat.page.reload()
    for number in range(2):
        chat.tool_call(RAIN, number).expect_state("answered")
    expect(chat.cards).to_have_count(2)
    order = chat.log.locator("article[data-role], [data-kind=tool_call]").evaluate_all(
        "all => all.map((one) => one.dataset.role ?? one.dataset.kind)"
    )
    assert order == ["user", "tool_call", "tool_call", "assistant"]


def test_trap_1_after_a_lost_connection_an_answered_card_stays_answered(
    new_context: NewContext, cable: Cable, mark: str
):
    chat = ChatPage(new_context().new_page(), cable.url)
    card = rain(chat, mark)
    card.answer("dry")
    chat.expect_state("completed")
    banner = chat.page.get_by_role("status").filter(has_text=re.compile("connect", re.IGNORECASE))
    cable.pull()
    expect(banner).to_be_visible()
    cable.plug_in()
    expect(banner).to_contain_text("Connected again")
    card.expect_state("answered")
    expect(chat.cards).to_have_count(1)
