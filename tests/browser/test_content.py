"""What one does with an answer's content: copy it, follow its links, look at its pictures, print it."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Complaints, NewContext
from tests.process import Site
from tests.simulator.process import SimulatorProcess

CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (type) => [type, await (await item.getType(type)).text()];
  const texts = await Promise.all(item.types.map(read));
  return Object.fromEntries(texts);
}"""
# Turns that are not laid out far from the screen would be blank on paper.
LEFT_OUT = """[...document.querySelectorAll("chat-turn")]
  .filter((turn) => getComputedStyle(turn).contentVisibility !== "visible").length"""
FIRST_NAMES = """() => [...document.querySelectorAll('article')].slice(0, 2)
  .map((article) => getComputedStyle(article, '::before').content)"""
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(1)</script>'


def ask(chat: ChatPage, text: str) -> None:
    chat.begin("Echo", f"rate=0 {text}")
    chat.expect_state("completed")


def clipboard(page: Page) -> dict[str, str]:
    return dict(page.evaluate(CLIPBOARD))


def test_an_answer_and_its_table_are_copied_in_every_form(new_context: NewContext, site: Site) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(context.new_page(), site.url)
    ask(chat, "**a**\n\n| b | c |\n|---|---|\n| =1+1 | 2 |")
    tools = chat.log.get_by_role("group", name="This answer")
    tools.get_by_role("button", name="Copy answer").click()
    expect(tools.get_by_role("status").first).to_have_text("Copied")
    assert clipboard(chat.page)["text/plain"].endswith("| =1+1 | 2 |")
    tools.get_by_role("button", name="More ways to copy").press("Enter")
    expect(chat.page.get_by_role("menuitem", name="Copy as Markdown")).to_be_focused()
    chat.page.keyboard.press("End")
    expect(chat.page.get_by_role("menuitem", name="Copy as rich text")).to_be_focused()
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_function("() => navigator.clipboard.read().then(([item]) => item.types.length === 2)")
    assert "<strong>a</strong>" in clipboard(chat.page)["text/html"]
    chat.log.get_by_role("region", name="Table").get_by_role("button", name="Copy table").click()
    with chat.page.expect_download() as download:
        chat.page.get_by_role("menuitem", name="Download as CSV").click()
    assert download.value.path().read_bytes() == b"\xef\xbb\xbfb,c\r\n'=1+1,2\r\n"


def test_a_link_asks_once_with_its_real_host(
    new_context: NewContext, site: Site, complaints: Complaints
) -> None:
    complaints.forgive("https://xn--80ak6aa92e.example/")
    chat = ChatPage(new_context().new_page(), site.url)
    ask(
        chat, "[https://bank.example](https://xn--80ak6aa92e.example/a) [b](https://xn--80ak6aa92e.example/b)"
    )
    expect(chat.answers).to_contain_text("https://bank.example (xn--80ak6aa92e.example)")
    link = chat.answers.get_by_role("link", name="https://bank.example", exact=True)
    dialog = chat.page.get_by_role("dialog", name="Open a page of another site?")
    link.click(button="middle")
    expect(dialog).to_contain_text("аррӏе.example")
    expect(dialog).to_contain_text("letters that can look like others")
    chat.page.keyboard.press("Escape")
    expect(link).to_be_focused()
    # What opens there is not ours to fetch: the dialog agreed, and the next link leads on without it.
    chat.page.context.route(
        "**/*", lambda route: route.abort() if "xn--" in route.request.url else route.continue_()
    )
    link.click()
    with chat.page.expect_popup():
        dialog.get_by_role("link", name="Open", exact=True).click()
    with chat.page.expect_popup():
        chat.answers.get_by_role("link", name="b", exact=True).click()
    expect(dialog).to_have_count(0)


def test_pictures_come_through_the_site_and_open_large(
    chat: ChatPage, simulator: SimulatorProcess, complaints: Complaints
) -> None:
    complaints.forgive("404")  # a picture that is gone
    shown = [f"{simulator.url}/pictures/{name}.png" for name in ("sunset-web", "shower-web", "none")]
    alt = '<img src=x onerror="alert(1)">'
    ask(chat, f"![{alt}]({shown[0]}) ![two]({shown[1]}) ![gone]({shown[2]})")
    pictures = chat.answers.get_by_role("button", name=re.compile("^Enlarge picture"))
    expect(pictures).to_have_count(2)
    expect(
        chat.answers.get_by_role("link", name=re.compile(r"^Picture: gone \(127\.0\.0\.1"))
    ).to_be_visible()
    assert (
        chat.answers.locator("img")
        .first.evaluate("(image) => new URL(image.src).pathname")
        .startswith("/pictures/")
    )
    pictures.first.click()
    viewer = chat.page.get_by_role("dialog", name="Picture")
    expect(viewer).to_contain_text(alt)
    expect(viewer).to_contain_text("Picture 1 of 2")
    chat.page.keyboard.press("+")
    expect(viewer.locator("img")).to_have_css("transform", re.compile(r"matrix\(1\.5"))
    chat.page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("Picture 2 of 2")
    expect(viewer.locator("img")).to_have_css("transform", re.compile(r"matrix\(1,"))
    chat.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(pictures.first).to_be_focused()


def test_sources_are_there_without_a_reload(chat: ChatPage) -> None:
    chat.begin("Reasoner", "rate=0 why?")
    chat.page.get_by_role("button", name="Sources (3)").click()
    drawer = chat.page.get_by_role("dialog", name="Sources")
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    expect(drawer.get_by_role("heading", name="Answering well.pdf")).to_have_count(2)
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("button", name="Sources (3)")).to_be_focused()


def test_hostile_cards_and_files_run_nothing(chat: ChatPage) -> None:
    """The fixture listens for script errors, dialogs, and requests to other hosts."""
    card = {"title": HOSTILE, "url": "javascript:alert(1)", "image": "data:image/svg+xml,<svg/>"}
    ask(chat, f"as=card {json.dumps(card)}")
    expect(chat.answers.first).to_contain_text(HOSTILE)
    file = {"type": "file", "name": "\u202egpj.exe", "file_url": "javascript:alert(1)"}
    words = {"type": "text", "text": f"**ok** {HOSTILE}"}
    chat.ask(f"rate=0 as=object_string {json.dumps([file, words])}")
    chat.expect_state("completed", 1)
    expect(chat.answers.last.locator("strong")).to_have_text("ok")
    assert chat.answers.locator("a, script, svg, [onerror]").count() == 0


def test_printing_loads_all_turns_first_and_cuts_nothing(new_context: NewContext, site: Site) -> None:
    page = new_context().new_page()
    chat = ChatPage(page, site.url)
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    ask(chat, "follow_ups=0 the very first `" + "x" * 400 + "`")
    path = page.url.removeprefix(site.url)
    [token] = [str(one["value"]) for one in page.context.cookies() if one["name"] == "csrftoken"]
    for number in range(1, 32):
        answer = page.request.post(
            f"{site.url}{path}ask/",
            data={
                "client_id": f"00000000-0000-4000-8000-{number:012}",
                "text": f"follow_ups=0 rate=0 q{number}",
            },
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
        assert answer.ok, answer.text()
    chat.open(path)
    expect(chat.log).not_to_contain_text("the very first")
    page.get_by_role("button", name="Options for this conversation").click()
    page.get_by_role("menuitem", name="Print").click()
    expect(page.locator("html")).to_have_attribute("data-printed", "yes")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})
    expect(chat.answers.first).to_contain_text("the very first")
    expect(chat.message).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 672
    assert page.evaluate(LEFT_OUT) == 0
    assert page.evaluate(FIRST_NAMES) == ['"You"', '"Echo"']
