/** Where waiting cards are met: the sidebar's group, the tab's title, "My tasks"; and what a workflow's turn shows. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it, mock } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";

class NoObserver {
  observe() {}
}
const own = { IntersectionObserver: NoObserver, HTMLTemplateElement: window.HTMLTemplateElement, sessionStorage: window.sessionStorage };
Object.assign(globalThis, { ...own, addEventListener: window.addEventListener.bind(window), location: window.location });
await import("../../static/js/elements/conversation-list.js");
await import("../../static/js/elements/conversation-header.js");
const { ChatMessage } = await import("../../static/js/elements/chat-message.js");
const { DebugLink } = await import("../../static/js/elements/debug-link.js");
const { TaskList } = await import("../../static/js/elements/task-list.js");
const { focusNextCard } = await import("../../static/js/elements/card-focus.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const settle = () => new Promise(setImmediate);
const row = (id, waiting, changes = {}) => ({ ...objects.conversation, id, name: id, waiting, mark: waiting ? "waiting" : "", ...changes });
const storeOf = (page) => createStore(stateFromPage(pageState(page), 0));

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "New chat · Chatweb";
  document.body.replaceChildren();
});

describe("the sidebar", () => {
  function list(conversations) {
    const element = document.createElement("conversation-list");
    element.innerHTML = `<div class="sidebar__list"></div><template data-draws="row"><li class="row"><a class="row__link"><span class="row__name"></span>
      <span class="row__bot"></span></a><button class="row__menu"></button></li></template>`;
    document.body.append(element);
    const store = storeOf({ conversations });
    element.page = { store };
    const groups = () => [...element.querySelectorAll("section")].map((one) => [one.querySelector("h2").firstChild.textContent, [...one.querySelectorAll(".row__name")].map((name) => name.textContent)]);
    return { element, store, groups };
  }

  it("has what waits on top, once, with the number of cards and the way to all of them", () => {
    const { element, groups } = list([row("plain", 0), row("two", 2), row("one", 1, { is_pinned: true })]);
    assert.deepEqual(groups().map(([, names]) => names), [["two", "one"], ["plain"]]);
    assert.equal(groups()[0][0], "Waiting for you");
    const badge = element.querySelector(".badge");
    assert.deepEqual([badge.textContent, badge.getAttribute("aria-label")], ["3", "3 cards"]);
    assert.equal(element.querySelector("h2 a").getAttribute("href"), "/tasks/");
  });

  it("follows the frames: an answered card leaves the group, the last one takes it along", () => {
    const { element, store, groups } = list([row("two", 2)]);
    store.dispatch({ type: "conversation", conversation: row("two", 1), list_version: "2" });
    assert.equal(element.querySelector(".badge").textContent, "1");
    store.dispatch({ type: "conversation", conversation: row("two", 0), list_version: "3" });
    assert.deepEqual([element.querySelector(".badge"), groups().flatMap(([, names]) => names)], [null, ["two"]]);
  });
});

describe("the tab's title", () => {
  it("counts the open cards of all conversations, and nothing else", () => {
    const element = document.createElement("conversation-header");
    element.innerHTML = `<h1 class="header__name"></h1>`;
    document.body.append(element);
    const open = row("open", 1);
    const store = storeOf({ conversation: open, conversations: [open, row("two", 2), row("unread", 0, { mark: "unread" })] });
    element.page = { store };
    assert.equal(document.title, "(3) open · Chatweb");
    store.dispatch({ type: "conversation", conversation: row("two", 0), list_version: "2" });
    store.dispatch({ type: "conversation", conversation: row("open", 0), list_version: "3" });
    assert.equal(document.title, "open · Chatweb");
  });
});

describe("my tasks", () => {
  const task = (id, changes = {}) => ({ ...objects.task, turn: `turn-${id}`, conversation: row(`c-${id}`, 1), action: { ...objects.tool_call, id, ...changes } });

  function page(tasks) {
    document.title = "My tasks · Chatweb";
    const element = new TaskList();
    document.body.append(element);
    const store = storeOf({ conversation: null });
    const calls = [];
    const call = (path, body) => new Promise((done, fail) => calls.push({ path, body, done, fail }));
    element.page = { store, commands: { get: call, post: call } };
    element.show(tasks);
    const cards = () => [...element.querySelectorAll("action-card")].map((card) => [card.dataset.state, card.hasAttribute("data-leaving")]);
    return { element, store, calls, cards };
  }
  const frame = { type: "conversation", conversation: row("c", 0), list_version: "2" };

  it("shows each card under its conversation, and says when nothing waits", () => {
    const { element, cards } = page([task("a"), task("b")]);
    assert.deepEqual(cards(), [["pending", false], ["pending", false]]);
    assert.deepEqual([...element.querySelectorAll("h2 a")].map((link) => [link.textContent, link.getAttribute("href")]), [["c-a", "/c/c-a/"], ["c-b", "/c/c-b/"]]);
    assert.equal(document.title, "(2) My tasks · Chatweb");
    const empty = page([]);
    assert.equal(empty.element.querySelector(".tasks__empty").hidden, false);
    assert.equal(document.title, "My tasks · Chatweb");
  });

  it("fetches once for many frames, shows who answered elsewhere, and lets the card go", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { element, store, calls, cards } = page([task("a"), task("b")]);
    for (let count = 0; count < 5; count += 1) store.dispatch(frame);
    mock.timers.tick(300);
    assert.deepEqual(calls.map((call) => call.path), ["/tasks/"]);
    calls[0].done({ tasks: [task("b")] });
    await settle();
    assert.equal(calls[1].path, "/c/c-a/");
    const answered = { ...objects.tool_call, id: "a", state: "answered", decision: "answered", answered_by: "ann" };
    calls[1].done({ turns: [{ ...objects.turn_waiting, id: "turn-a", state: "running", actions: [answered] }] });
    await settle();
    assert.deepEqual(cards(), [["answered", true], ["pending", false]]);
    assert.match(element.textContent, /ann/);
    assert.equal(document.title, "(1) My tasks · Chatweb");
    mock.timers.tick(6_000);
    assert.deepEqual(cards(), [["pending", false]]);
    mock.timers.reset();
  });

  it("keeps the very card, and what is typed into it, when the list comes again", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { element, store, calls } = page([task("a")]);
    const card = element.querySelector("action-card");
    store.dispatch(frame);
    mock.timers.tick(300);
    calls[0].done({ tasks: [task("new", { asked_at: "2030-01-01T00:00:00+00:00" }), structuredClone(task("a"))] });
    await settle();
    assert.equal(element.querySelector("action-card"), card);
    assert.equal(element.querySelectorAll("action-card").length, 2);
    mock.timers.reset();
  });

  it("stops a run from here", async () => {
    const { element, calls, cards } = page([task("a")]);
    element.querySelector("action-card").dispatchEvent(new window.CustomEvent("stop-turn", { bubbles: true, detail: { turn: "turn-a" } }));
    assert.equal(calls[0].path, "/c/c-a/turns/turn-a/stop/");
    calls[0].done({ turn: { ...objects.turn_waiting, id: "turn-a", state: "canceled", actions: [{ ...objects.tool_call, id: "a", state: "canceled" }] } });
    await settle();
    assert.deepEqual(cards(), [["canceled", true]]);
  });

  it("leads from card to card, and round", () => {
    const { element } = page([task("a"), task("b")]);
    const cards = [...element.querySelectorAll("action-card")];
    for (const card of cards) card.scrollIntoView = () => {};
    for (const expected of [cards[0], cards[1], cards[0]]) {
      assert.equal(focusNextCard(), true);
      assert.equal(document.activeElement, expected);
    }
  });
});

describe("a workflow's turn", () => {
  it("shows what it was started with beside its words, or in their place", () => {
    const message = new ChatMessage();
    document.body.append(message);
    message.showQuestion("", "completed", { parameters: { city: "<b>Ulm</b>", days: 3 } });
    assert.deepEqual([...message.querySelectorAll("dt, dd")].map((one) => one.textContent), ["city", "<b>Ulm</b>", "days", "3"]);
    assert.equal(message.querySelector(".message__text").hidden, true);
    message.showQuestion("about", "completed", { parameters: { city: "Ulm" } });
    assert.deepEqual([message.querySelector(".message__text").hidden, message.querySelector("dd").textContent], [false, "Ulm"]);
  });

  it("names the node that speaks above what it says, its thoughts below the name", () => {
    const message = new ChatMessage();
    document.body.append(message);
    message.showAnswer({ ...objects.message, title: "Summary", reasoning: "hm", state: "completed" }, { botName: "Echo", thinkingSince: 0 });
    const [first, second] = message.querySelector("article").children;
    assert.deepEqual([first.textContent, first.hidden, second.localName], ["Summary", false, "thinking-block"]);
  });

  it("links the upstream's page with its host where the server told one, and nothing that is no web address", () => {
    const link = new DebugLink();
    document.body.append(link);
    link.show("");
    assert.equal(link.hidden, true);
    link.show("javascript:alert(1)");
    assert.equal(link.hidden, true);
    link.show("https://www.coze.example/work_flow?id=1");
    const anchor = link.querySelector("a");
    assert.deepEqual([link.hidden, anchor.textContent, anchor.rel], [false, "Open at Coze (www.coze.example)", "noopener noreferrer"]);
  });
});
