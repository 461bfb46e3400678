/** The pure part of shortcut commands, and the bar, its form and its list in a document. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";

const { matching, questionOf, searchIn, usableShortcuts } = await import("../../static/js/lib/shortcut-commands.js");
const { stateFromPage } = await import("../../static/js/lib/reducer.js");
const { createStore } = await import("../../static/js/lib/store.js");
Object.assign(globalThis, { localStorage: window.localStorage, InputEvent: window.InputEvent, KeyboardEvent: window.KeyboardEvent });
await import("../../static/js/elements/shortcut-bar.js");
await import("../../static/js/elements/shortcut-form.js");
await import("../../static/js/elements/shortcut-menu.js");
/** What is fetched when it is needed is there by now; its import is a few steps all the same. */
const soon = () => new Promise((done) => setTimeout(done));

/** The same cases as tests/turns/test_shortcuts.py: what is shown at once is what the server makes of it. */
const CASES = JSON.parse(readFileSync(new URL("../shortcut_questions.json", import.meta.url), "utf8"));

for (const { says, shortcut, values, question } of CASES) {
  test(`the question says ${says}`, () => assert.equal(questionOf(shortcut, values), question));
}

const TRANSLATE = {
  id: "81", name: "Translate it", command: "translate", description: "", icon: "", template: "Translate {{text}} into {{language}}",
  schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] }, hidden: { language: "French" },
};
const HELLO = { id: "82", name: "Say hello", command: "hi", description: "", icon: "", template: "Hello!", schema: null, hidden: {} };
const PHOTO = { ...TRANSLATE, id: "83", name: "Photo", command: "photo", schema: { type: "object", properties: { photo: { type: "string", format: "file" } }, required: ["photo"] } };
const BOT = { id: "b1", name: "Echo", kind: "bot", shortcuts: [TRANSLATE, HELLO, PHOTO], suggested_questions: [] };
const CONVERSATION = { id: "c1", name: "", bot: "b1", bot_name: "Echo", version: 1, section: 0, mark: "", waiting: 0, is_pinned: false, is_archived: false, can_ask: true, last_asked_at: "2026-01-01T00:00:00Z", is_clearing: false };

test("a slash and letters search, by command first, then by the words of a name", () => {
  assert.deepEqual(["/", "/Tr", "/a b", "a /tr", "/x/y", "/a\nb"].map(searchIn), ["", "tr", "a b", null, null, null]);
  const named = [{ ...HELLO, name: "总结 网页" }, HELLO, TRANSLATE];
  assert.deepEqual(matching(named, "h").map((one) => one.name), ["总结 网页", "Say hello"]);
  assert.deepEqual(matching(named, "it").map((one) => one.name), ["Translate it"]);
  assert.deepEqual(matching(named, "网页").map((one) => one.name), ["总结 网页"]);
});

test("what needs a file is offered where a file can go", () => {
  assert.deepEqual(usableShortcuts(BOT, false), [TRANSLATE, HELLO]);
  assert.deepEqual(usableShortcuts(BOT, true), BOT.shortcuts);
  assert.deepEqual(usableShortcuts(undefined, true), []);
});

async function opened(conversation = CONVERSATION) {
  const store = createStore(stateFromPage(pageState({ bots: [BOT], conversation }), 0));
  document.body.innerHTML = "<shortcut-bar></shortcut-bar><chat-composer><form><textarea name='text'></textarea></form></chat-composer>";
  const bar = document.querySelector("shortcut-bar");
  bar.page = { store };
  const asked = [];
  bar.addEventListener("ask", (event) => asked.push(event.detail));
  const field = document.querySelector("textarea");
  await soon();
  const chips = () => [...bar.querySelectorAll(".shortcuts__chip")];
  const open = async (at) => {
    chips()[at].click();
    await soon();
    return bar.querySelector("shortcut-form");
  };
  return { store, bar, asked, field, chips, open };
}

const press = (element, key, more = {}) => element.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
const type = (field, value) => {
  field.value = value;
  field.dispatchEvent(new window.InputEvent("input", { bubbles: true }));
};

test("one that asks for nothing is sent by a click", async () => {
  const { chips, asked } = await opened();
  chips()[1].click();
  assert.deepEqual(asked, [{ text: "Hello!", bot: undefined, shortcut: { id: "82", values: {} } }]);
});

test("a form checks what is needed, keeps what was half filled, and forgets it once the server has it", async () => {
  localStorage.clear();
  const { store, asked, open } = await opened();
  const form = await open(0);
  const submit = () => form.querySelector("[type=submit]").click();
  submit();
  assert.deepEqual(asked, []);
  assert.equal(form.querySelector(".entry__message").textContent, "This is needed.");
  type(form.querySelector("input"), "cheese");
  assert.equal(form.querySelector(".shortcut-form__preview").textContent, "Translate cheese into French");
  press(form.querySelector("input"), "Escape");
  assert.equal(form.hidden, true);

  await open(0);
  assert.equal(form.querySelector("input").value, "cheese");
  submit();
  assert.deepEqual(asked[0], { text: "Translate cheese into French", bot: undefined, shortcut: { id: "81", values: { text: "cheese" } } });
  const sent = { type: "sent", clientId: "1", conversation: "c1", bot: null, text: "x", at: 0 };
  store.dispatch(sent);
  store.dispatch({ type: "send_failed", clientId: "1", failure: { reason: "network", sentence: "", advice: "", fields: {}, status: 0 } });
  store.dispatch({ type: "send_dropped", clientId: "1" });
  await open(0);
  assert.equal(form.querySelector("input").value, "cheese", "a question that never arrived keeps its values");
  submit();
  store.dispatch({ ...sent, clientId: "2" });
  store.dispatch({ type: "send_dropped", clientId: "2" }); // as when the server's word comes
  await open(0);
  assert.equal(form.querySelector("input").value, "");
});

test("half filled in one conversation is empty in another", async () => {
  localStorage.clear();
  const { store, open } = await opened();
  const form = await open(0);
  type(form.querySelector("input"), "cheese");
  store.dispatch({ type: "conversation_opened", conversation: { ...CONVERSATION, id: "c2" }, turns: [], has_older: false, at: 0 });
  assert.equal(form.hidden, true);
  await open(0);
  assert.equal(form.querySelector("input").value, "");
});

test("the list that a slash opens is driven from the field and leaves it a textbox", async () => {
  const { field, asked, bar } = await opened();
  const options = () => (bar.querySelector("[role=listbox]").hidden ? [] : [...bar.querySelectorAll("[role=option]")]);
  field.focus();
  type(field, "/");
  await soon();
  assert.equal(options().length, 3);
  assert.equal(field.getAttribute("role"), null);
  assert.equal(field.getAttribute("aria-activedescendant"), options()[0].id);
  press(field, "ArrowDown");
  assert.equal(field.getAttribute("aria-activedescendant"), options()[1].id);
  assert.equal(options()[1].getAttribute("aria-selected"), "true");
  press(field, "Enter", { isComposing: true });
  assert.deepEqual(asked, []);
  press(field, "Escape");
  assert.deepEqual([options().length, field.value, field.hasAttribute("aria-activedescendant")], [0, "/", false]);
  type(field, "/h");
  const enter = new window.KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  let heard = false;
  field.addEventListener("keydown", () => (heard = true), { once: true });
  field.dispatchEvent(enter);
  assert.deepEqual([enter.defaultPrevented, heard, field.value], [true, false, ""]);
  assert.deepEqual(asked, [{ text: "Hello!", bot: undefined, shortcut: { id: "82", values: {} } }]);
  type(field, "/nothing like that");
  assert.equal(options().length, 0);
});
