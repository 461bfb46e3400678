/** The tools below an answer: there when it is finished, and what they copy. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { window } from "./browser.js";

const { AnswerTools } = await import("../../static/js/elements/answer-tools.js");
await import("../../static/js/elements/question-tools.js");
const { ChatTurn } = await import("../../static/js/elements/chat-turn.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

/** @type {string[]} */
let copied = [];
/** @type {Map<string, Blob>[]} */
let written = [];
globalThis.ClipboardItem = /** @type {any} */ (class extends Map {
  constructor(parts) {
    super(Object.entries(parts));
  }
});
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: { clipboard: { writeText: async (text) => void copied.push(text), write: async ([item]) => void written.push(item) } },
});

const settle = () => new Promise(setImmediate);
const page = /** @type {any} */ ({ commands: {}, store: { dispatch: () => {}, get: () => ({ sentences: {}, user: { name: "demo" }, turns: [], pending: [], conversation: null }) } });
const place = (message, more = {}) => ({ message, turn: objects.turn_completed, isLastTurn: true, isLastAnswer: true, page, ...more });

beforeEach(() => {
  [copied, written] = [[], []];
});

describe("the tools of an answer", () => {
  const shown = (message) => {
    const tools = new AnswerTools();
    document.body.append(tools);
    tools.show(place(message));
    return tools;
  };
  const press = (tools, name) => tools.querySelector(`[aria-label="${name}"]`).click();

  it("are none while it streams, and come when it is done", () => {
    const tools = shown({ ...objects.message, state: "streaming" });
    assert.equal(tools.querySelector("button"), null);
    tools.show(place(objects.message));
    assert.ok(tools.querySelector("[aria-label='Copy answer']"));
  });

  it("copy the Markdown as the bot wrote it, and say so", async () => {
    const tools = shown({ ...objects.message, text: "**a** \n\n- b" });
    press(tools, "Copy answer");
    await settle();
    assert.deepEqual(copied, ["**a** \n\n- b"]);
    assert.equal(tools.querySelector("[role=status]").textContent, "Copied");
  });

  it("copy it as plain and as rich text", async () => {
    const tools = shown({ ...objects.message, text: "**a**" });
    const menu = tools.querySelector("[role=menu]");
    menu.hidePopover = () => {};
    menu.dispatchEvent(Object.assign(new window.Event("beforetoggle"), { newState: "open" }));
    const [, plain, rich] = menu.querySelectorAll("[role=menuitem]");
    plain.click();
    rich.click();
    await settle();
    assert.deepEqual(copied, ["a"]);
    assert.equal(await written[0]?.get("text/html")?.text(), "<p><strong>a</strong></p>\n");
    assert.equal(await written[0]?.get("text/plain")?.text(), "a");
  });

  it("count the sources of the turn, below its last answer alone", () => {
    const sources = [{ title: "Book", text: "a", url: "" }, { title: "<b>", text: "b", url: "https://a.example/" }];
    const tools = shown(objects.message);
    tools.show(place(objects.message, { turn: { ...objects.turn_completed, sources } }));
    const button = tools.querySelector("answer-sources button");
    assert.deepEqual([button.textContent, tools.querySelector("answer-sources").hidden], ["Sources (2)", false]);
    window.HTMLDialogElement.prototype.showModal = () => {};
    button.click();
    const listed = [...document.querySelectorAll("dialog li")].map((item) => item.textContent);
    assert.deepEqual(listed, ["Booka", "<b>b"]);
    assert.equal(document.querySelector("dialog li a").title, "a.example");
    tools.show(place(objects.message, { turn: { ...objects.turn_completed, sources }, isLastAnswer: false }));
    assert.equal(tools.querySelector("answer-sources").hidden, true);
  });

  it("offer no copy of an answer without words", () => {
    const tools = shown({ ...objects.message, text: "", reasoning: "hm" });
    assert.equal(tools.querySelector("copy-answer").hidden, true);
  });
});

it("a turn makes room below an answer at once and fills it when its code is there", async () => {
  const turn = new ChatTurn();
  turn.page = page;
  document.body.append(turn);
  turn.show(objects.turn_completed, { sentences: {}, botName: "Echo", isLast: true, isSilent: false, now: 0 });
  const row = turn.querySelector("chat-message > answer-tools");
  assert.ok(row);
  await settle();
  assert.ok(row.querySelector("[aria-label='Copy answer']"));
  assert.ok(row.hasAttribute("data-last"));
});
