"""Pictures of the site for people to look at: `make screenshots` writes them to test-results/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import NewContext
from tests.live.upstream import a_mark, chat_of
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

FOLDER = Path(__file__).parents[2] / "test-results"
SIZES = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
QUESTIONS = {
    "Echo": "A short list, please:\n\n- **bold**\n- `code`\n- [a link](https://example.com)",
    "Showcase": "Show me a table, some code and a formula.",
    "Reasoner": "Why is the sky blue?",
    "Weather": "Will it rain in Beijing?",
    "Travel": "I would like to travel.",
    "Trouble": "quota",
}
SETTLED = re.compile("^(completed|failed|waiting|lost)$")


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chat(new_context: NewContext, site: Site, size: str, scheme: str) -> ChatPage:
    context = new_context(viewport=SIZES[size], color_scheme=scheme, has_touch=size == "390")
    return ChatPage(context.new_page(), site.url)


def shoot(chat: ChatPage, *parts: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    chat.page.screenshot(path=FOLDER / ("-".join(parts) + ".png"))


def test_sign_in(new_context: NewContext, site: Site, size: str, scheme: str):
    page = new_context(name="", viewport=SIZES[size], color_scheme=scheme).new_page()
    page.goto(site.url + "/")
    shoot(ChatPage(page, site.url), "sign-in", size, scheme)


def test_start(chat: ChatPage, size: str, scheme: str):
    chat.open()
    expect(chat.message).to_be_visible()
    shoot(chat, "start", size, scheme)


@pytest.mark.parametrize("bot", QUESTIONS)
def test_conversation(chat: ChatPage, bot: str, size: str, scheme: str):
    chat.begin(bot, QUESTIONS[bot])
    expect(chat.turn(0)).to_have_attribute("data-turn-state", SETTLED)
    shoot(chat, bot.lower(), size, scheme)


def test_in_mid_answer(chat: ChatPage, simulator: SimulatorProcess, size: str, scheme: str):
    hold = f"shot-{size}-{scheme}"
    chat.begin("Reasoner", f"Think about it: rate=0 hold={hold} hold_at=delta:75")
    simulator.reached(hold)
    expect(chat.stop).to_be_visible()
    chat.ask("And this one comes after it.")
    shoot(chat, "streaming", size, scheme)
    simulator.release(hold)
    chat.expect_state("completed")


PENDING = {
    "output": ("Weather", "Will it rain in Ulm?"),
    "file": ("Weather", "Tell me about a photo of the sky call=file"),
    "approve": ("Weather", "An umbrella for Ulm, please: call=book"),
    "place": ("Weather", "Where am I? call=position"),
    "no-json": ("Weather", "A cloud in Ulm: call=broken"),
    "two": ("Weather", "Compare Paris and Rome"),
    "options": ("Travel", "Plan a trip"),
    "words": ("City weather", ""),
    "fields": ("City weather", "ask=form"),
    "sign-in": ("City weather", "ask=signin"),
    "plugin": ("City weather", "ask=plugin"),
}


class Asked:
    """A card that waits, and what a person may do with it from elsewhere."""

    def __init__(self, demo: Visitor, simulator: SimulatorProcess, kind: str, more: str = "") -> None:
        self.demo, self.simulator, self.mark = demo, simulator, a_mark()
        bot, text = PENDING[kind]
        said = f"{text} {more} {self.mark}"
        values = {"date": said} if kind == "words" else {"city": said}
        is_flow = bot == "City weather"
        begun = demo.begin(demo.bot(bot), "" if is_flow else said, values if is_flow else None)
        self.conversation, self.turn = begun
        self.cards = demo.wait_for_round(self.conversation, self.turn)

    def answer(self, output: str) -> None:
        self.demo.answer(self.conversation, self.turn, {self.cards[0]["id"]: output})

    def until(self, *states: str) -> None:
        self.demo.wait_for(self.conversation, self.turn, *states)

    def next_round(self, number: int) -> None:
        self.cards = self.demo.wait_for_round(self.conversation, self.turn, number)


def answered(asked: Asked) -> None:
    asked.answer("80 percent")
    asked.until("completed")


def declined(asked: Asked) -> None:
    card = asked.cards[0]["id"]
    asked.demo.answer(asked.conversation, asked.turn, declined={card: "I have one already"})
    asked.until("completed")


def refused(asked: Asked) -> None:
    asked.answer("70 percent")
    asked.demo.until(asked.conversation, asked.turn, lambda turn: bool(turn["actions"][0]["refusal"]))


def expired(asked: Asked) -> None:
    draft = {"draft": {"text": "70 percent, I think"}, "tab": "elsewhere"}
    asked.demo.post(f"/c/{asked.conversation}/actions/{asked.cards[0]['id']}/draft/", draft)
    asked.simulator.expire(chat_of(asked.simulator, asked.mark)["id"])
    asked.answer("70 percent, I think")
    asked.until("failed")


def canceled(asked: Asked) -> None:
    asked.demo.stop(asked.conversation, asked.turn, {})
    asked.until("canceled")


def second_attempt(asked: Asked) -> None:
    asked.answer("?")
    asked.next_round(2)


def last_attempt(asked: Asked) -> None:
    second_attempt(asked)
    asked.answer("??")
    asked.next_round(3)


def third_miss(asked: Asked) -> None:
    last_attempt(asked)
    asked.answer("???")
    asked.until("failed")


def step_2(asked: Asked) -> None:
    asked.answer("Rome")
    asked.next_round(2)


def ready(asked: Asked) -> None:
    asked.answer("10")


# How a card got where it is, by the name of its picture: its kind, and what was done with it since.
LATER = {
    "ready": ("two", ready),
    "answered": ("output", answered),
    "declined": ("approve", declined),
    "refused": ("output", refused),
    "expired": ("output", expired),
    "canceled": ("output", canceled),
    "second-attempt": ("words", second_attempt),
    "last-attempt": ("words", last_attempt),
    "third-miss": ("words", third_miss),
    "step-2": ("options", step_2),
}


@pytest.fixture(params=["en-US", "zh-CN"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(new_context: NewContext, site: Site, size: str, scheme: str, language: str) -> ChatPage:
    """Somebody who reads the site in one of its languages."""
    context = new_context(
        viewport=SIZES[size],
        color_scheme=scheme,
        has_touch=size == "390",
        locale=language,
        reduced_motion="reduce",
    )
    return ChatPage(context.new_page(), site.url)


@pytest.fixture
def look(size: str, scheme: str, language: str) -> tuple[str, ...]:
    """The end of a picture's name."""
    return size, scheme, language


def open_card(reader: ChatPage, asked: Asked) -> None:
    reader.open(f"/c/{asked.conversation}/")
    expect(reader.page.locator("action-card").last).to_be_visible()


@pytest.mark.parametrize("kind", PENDING)
def test_card(
    reader: ChatPage,
    demo: Visitor,
    simulator: SimulatorProcess,
    kind: str,
    look: tuple[str, ...],
):
    asked = Asked(demo, simulator, kind)
    open_card(reader, asked)
    shoot(reader, "card", kind, *look)
    canceled(asked)


@pytest.mark.parametrize("name", LATER)
def test_card_later(
    reader: ChatPage,
    demo: Visitor,
    simulator: SimulatorProcess,
    name: str,
    look: tuple[str, ...],
):
    kind, do = LATER[name]
    asked = Asked(demo, simulator, kind, "refuse_submit=4000" if name == "refused" else "")
    do(asked)
    open_card(reader, asked)
    shoot(reader, "card", name, *look)
    if demo.turn(asked.conversation, asked.turn)["state"] == "waiting":
        canceled(asked)


def test_card_being_submitted(
    reader: ChatPage, demo: Visitor, simulator: SimulatorProcess, look: tuple[str, ...]
):
    hold = a_mark()
    asked = Asked(demo, simulator, "output", f"hold={hold} hold_at=submitted")
    asked.answer("80 percent")
    simulator.reached(hold)
    open_card(reader, asked)
    shoot(reader, "card", "submitting", *look)
    simulator.release(hold)
    asked.until("completed")


def test_composer_asks_what_the_words_are_for(
    reader: ChatPage, demo: Visitor, simulator: SimulatorProcess, look: tuple[str, ...]
):
    asked = Asked(demo, simulator, "options")
    open_card(reader, asked)
    composer = reader.page.locator("chat-composer textarea")
    composer.fill("Lisbon")
    composer.press("Enter")
    expect(reader.page.locator("send-choice button").first).to_be_visible()
    shoot(reader, "choice", *look)
    canceled(asked)


def test_my_tasks(reader: ChatPage, demo: Visitor, simulator: SimulatorProcess, look: tuple[str, ...]):
    both = [Asked(demo, simulator, kind) for kind in ("options", "approve")]
    reader.open("/tasks/")
    expect(reader.page.locator("action-card").last).to_be_visible()
    shoot(reader, "tasks", *look)
    for asked in both:
        canceled(asked)
