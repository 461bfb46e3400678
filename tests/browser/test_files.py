"""Files in the composer: picked, dropped, pasted; canceled, tried again, sent; and drafts on two devices."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.process import Site
from tests.upstream import UPLOAD
from tests.visitor import Visitor

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGNk+M/AwMDAxAADYBQAEwMBAWT5tZQAAAAASUVORK5CYII="
)
PDF = b"%PDF-1.7 paper"
GIVE = """([target, kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, text] of files) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, {type}));
  }
  const init = {bubbles: true, cancelable: true};
  const event = kind === "paste"
    ? new ClipboardEvent(kind, {...init, clipboardData: data})
    : new DragEvent(kind, {...init, dataTransfer: data});
  document.querySelector(target).dispatchEvent(event);
}"""


def give(page: Page, target: str, kind: str, **files: bytes) -> None:
    """A drop or a paste, as the browser makes it."""
    types = {"png": "image/png", "pdf": "application/pdf"}
    listed = [
        [name.replace("_", "."), types.get(name.rpartition("_")[2], ""), base64.b64encode(content).decode()]
        for name, content in files.items()
    ]
    page.evaluate(GIVE, [target, kind, listed])


@pytest.fixture
def start(chat: ChatPage) -> ChatPage:
    chat.open()
    chat.choose("Echo")
    return chat


@pytest.mark.needs("refuses_text")
def test_a_drop_and_a_paste_go_with_the_question_and_stay_after_a_reload(start: ChatPage):
    page = start.page
    give(page, "main", "dragenter", sky_png=PNG)
    expect(page.get_by_text("Let go to attach")).to_be_visible()
    give(page, "main", "drop", sky_png=PNG, notes_md=b"# no")
    expect(page.get_by_text("Let go to attach")).to_be_hidden()
    expect(
        page.get_by_role("alert").filter(has_text="notes.md: the bot's service takes no such files.")
    ).to_be_visible()
    give(page, "textarea", "paste", paper_pdf=PDF)
    files = page.get_by_role("list", name="Attached files")
    expect(files.get_by_role("listitem")).to_have_text([re.compile("sky.png"), re.compile("paper.pdf")])
    start.ask("look at these")
    start.expect_state("completed")
    expect(start.answers).to_contain_text(f"[image: sky.png, {len(PNG)} bytes]")
    expect(start.answers).to_contain_text(f"[file: paper.pdf, {len(PDF)} bytes]")
    expect(files.get_by_role("listitem")).to_have_count(2)  # those of the question: the composer is empty
    page.reload()
    expect(start.questions.get_by_role("img", name="sky.png")).to_have_js_property("complete", True)
    expect(start.questions.get_by_role("link", name="paper.pdf")).to_be_visible()


def test_a_failed_upload_keeps_all_is_tried_again_and_send_waits(start: ChatPage, simulator, complaints):
    complaints.forgive("400 (Bad Request)")
    page = start.page
    simulator.fault(UPLOAD, method="POST", count=1, code=4000, msg="no")
    give(page, "main", "drop", sky_png=PNG)
    expect(page.get_by_text("sky.png was not uploaded: try again or remove it.")).to_be_visible()
    start.ask("hello")
    expect(start.questions).to_have_count(0)
    expect(start.message).to_have_value("hello")
    simulator.fault(UPLOAD, method="POST", count=1, hold="upload")
    page.get_by_role("button", name="Try again: sky.png").click()
    expect(page.get_by_text("0 of 1 uploaded")).to_be_visible()
    start.send.click()
    expect(page.get_by_text("Sent as soon as the files are there: 0 of 1 uploaded.")).to_be_visible()
    simulator.release("upload")
    start.expect_state("completed")
    expect(start.answers).to_contain_text("[image: sky.png")


def test_an_upload_can_be_canceled(start: ChatPage, simulator):
    simulator.fault(UPLOAD, method="POST", count=1, hold="canceled")
    give(start.page, "main", "drop", sky_png=PNG)
    start.page.get_by_role("button", name="Cancel sky.png").click()
    expect(start.page.get_by_role("list", name="Attached files")).to_be_hidden()
    expect(start.message).to_be_focused()
    simulator.release("canceled")
    start.ask("without it")
    start.expect_state("completed")
    expect(start.answers).not_to_contain_text("sky.png")


@pytest.mark.needs("plain_chatflows")
def test_a_bot_that_reads_no_files_is_offered_none(start: ChatPage):
    page = start.page
    attach = page.get_by_role("button", name="Attach files")
    expect(attach).to_be_visible()
    start.choose("Travel planner")
    expect(attach).to_be_hidden()
    give(page, "main", "drop", sky_png=PNG)
    expect(page.get_by_text("This bot takes no files.")).to_be_visible()


def test_a_second_device_sees_the_draft_until_it_is_sent(
    chat: ChatPage, new_context: NewContext, site: Site, demo: Visitor
):
    conversation, turn = demo.begin(demo.bot("Echo"), "rate=0")
    demo.wait_for(conversation, turn, "completed")
    chat.open(f"/c/{conversation}/")
    phone = ChatPage(new_context(viewport={"width": 390, "height": 844}).new_page(), site.url)
    phone.open(f"/c/{conversation}/")
    expect(phone.answers).to_have_count(1)
    give(chat.page, "textarea", "paste", sky_png=PNG)
    chat.message.press_sequentially("half a thought")
    expect(phone.message).to_have_value("half a thought")
    files = phone.page.get_by_role("list", name="Attached files")
    expect(files.get_by_role("listitem")).to_contain_text("sky.png")
    phone.page.reload()
    expect(phone.message).to_have_value("half a thought")
    expect(files.get_by_role("listitem")).to_contain_text("sky.png")
    chat.send.click()
    chat.expect_state("completed", 1)
    expect(phone.message).to_have_value("")
    expect(phone.answers).to_have_count(2)
    expect(phone.page.get_by_role("button", name="Remove sky.png")).to_have_count(0)
    chat.page.reload()
    expect(chat.answers).to_have_count(2)
    expect(chat.message).to_have_value("")
