/** Branches: who may, what is said of memory, the editor that loses nothing, and the borders in the log. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";

const { BranchIds, borderOf, canBranch, memoryWords } = await import("../../static/js/lib/branching.js");
const { CommandFailed } = await import("../../static/js/lib/commands.js");
const { stateFromPage } = await import("../../static/js/lib/reducer.js");
const { createStore } = await import("../../static/js/lib/store.js");
const { QuestionTools } = await import("../../static/js/elements/question-tools.js");
const { BranchDivider } = await import("../../static/js/elements/branch-divider.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const settle = () => new Promise(setImmediate);
const conversation = { ...objects.conversation, can_ask: true };
const bot = { ...objects.bot, id: conversation.bot, kind: "bot", branch_memory: 16 };
const turn = { ...objects.turn_completed, conversation: conversation.id, ordinal: 2 };
const earlier = { ...turn, id: "earlier", client_id: "earlier", ordinal: 1 };
const stateOf = (values = {}) => stateFromPage(pageState({ conversation, bots: [bot], turns: [earlier, turn], ...values }), 0);

describe("a branch", () => {
  it("can be made of what was asked, while the bot may be asked", () => {
    assert.equal(canBranch(stateOf(), turn), true);
    assert.equal(canBranch(stateOf(), { ...turn, state: "running" }), true);
    assert.equal(canBranch(stateOf(), { ...turn, state: "queued" }), false);
    assert.equal(canBranch(stateOf({ bots: [{ ...bot, kind: "workflow" }] }), turn), false);
    assert.equal(canBranch(stateOf({ bots: [] }), turn), false);
    assert.equal(canBranch(stateOf({ conversation: { ...conversation, can_ask: false } }), turn), false);
  });
  it("says before what its bot will know", () => {
    assert.equal(memoryWords(stateOf(), turn), "The bot remembers the last 16 messages before it.");
    assert.match(memoryWords(stateOf({ bots: [{ ...bot, branch_memory: 0 }] }), turn), /will not remember/);
    assert.equal(memoryWords(stateOf(), earlier), "");
    assert.notEqual(memoryWords(stateOf({ has_older: true }), earlier), "");
  });
  it("has one id a wording", () => {
    const ids = new BranchIds();
    assert.equal(ids.of("a"), ids.of("a"));
    assert.notEqual(ids.of("a"), ids.of("b"));
  });
  it("is parted from what was copied, and that where memory begins", () => {
    const [cut, kept] = [{ ...earlier, copied: "forgotten" }, { ...earlier, copied: "remembered" }];
    assert.equal(borderOf(kept, cut), "cut");
    assert.equal(borderOf({ ...kept, section: kept.section + 1 }, cut), "", "the context divider says it");
    assert.equal(borderOf(kept, kept), "");
    assert.equal(borderOf(turn, kept), "branch");
    assert.equal(borderOf(turn, earlier), "");
    assert.equal(borderOf(turn, undefined), "");
  });
  it("leads back to where it came from", () => {
    const divider = new BranchDivider();
    divider.show("branch", { conversation: "x", name: "<b>" }, true);
    assert.equal(divider.textContent, "Branch of <b> — the bot does not remember what is above");
    assert.equal(divider.querySelector("a")?.getAttribute("href"), "/c/x/");
    divider.show("branch", null, false);
    assert.equal(divider.querySelector("a"), null);
  });
});

describe("the editor", () => {
  let posts, answer, events;

  function shown(more = {}) {
    [posts, events] = [[], []];
    const tools = new QuestionTools();
    const commands = { get: async () => ({}), post: async (path, body) => (posts.push({ path, body }), answer()) };
    tools.addEventListener("open-conversation", (event) => events.push(["open", event.detail]));
    tools.addEventListener("say", (event) => events.push(["say", event.detail.text]));
    document.body.replaceChildren(tools);
    tools.show({ turn: { ...turn, ...more }, page: /** @type {any} */ ({ store: createStore(stateOf()), commands }) });
    return tools;
  }
  const press = (tools, name) => [...tools.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name).click();
  const field = (tools) => tools.querySelector("textarea");
  function type(tools, text) {
    field(tools).value = text;
    field(tools).dispatchEvent(new window.Event("input", { bubbles: true }));
  }
  const key = (tools, name, more = {}) => field(tools).dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));

  beforeEach(() => {
    window.localStorage.clear();
    answer = async () => ({ conversation: { id: "new" } });
  });

  it("saves a branch with the keyboard, opens it, and leaves nothing behind", async () => {
    const tools = shown();
    press(tools, "Edit");
    assert.equal(field(tools).value, turn.question);
    type(tools, "How else?");
    key(tools, "Enter");
    key(tools, "Enter", { ctrlKey: true });
    key(tools, "Enter", { ctrlKey: true });
    await settle();
    assert.deepEqual(posts.map(({ path, body }) => [path, body.text]), [[`/c/${turn.conversation}/turns/${turn.id}/branch/`, "How else?"]]);
    assert.deepEqual(events, [["open", { id: "new", push: true }]]);
    assert.equal(field(tools), null);
    assert.equal(window.localStorage.length, 0);
  });

  it("keeps what was typed over a failure and a reload, and asks under the same id again", async () => {
    const tools = shown();
    press(tools, "Edit");
    type(tools, "How else?");
    answer = async () => { throw new CommandFailed({ reason: "network", sentence: "", advice: "", fields: {}, status: 0 }); };
    press(tools, "Save as a new branch");
    await settle();
    assert.deepEqual(events.map(([name]) => name), ["say"]);
    assert.equal(field(tools).value, "How else?");
    press(tools, "Save as a new branch");
    await settle();
    assert.equal(posts[0].body.client_id, posts[1].body.client_id);
    assert.equal(field(shown()).value, "How else?", "a new page opens it again");
  });

  it("is left with Escape, which forgets and gives the focus back", () => {
    const tools = shown();
    press(tools, "Edit");
    type(tools, "How else?");
    key(tools, "Escape");
    assert.equal(field(tools), null);
    assert.equal(document.activeElement?.getAttribute("aria-label"), "Edit");
    assert.equal(field(shown()), null);
  });

  it("saves no empty question", () => {
    const tools = shown();
    press(tools, "Edit");
    type(tools, "  ");
    key(tools, "Enter", { metaKey: true });
    assert.deepEqual(posts, []);
  });

  it("stands beside links to the branches there are", () => {
    const tools = shown({ branches: [{ conversation: "x", name: "Other" }] });
    assert.equal(tools.querySelector("a").textContent, "Branch: Other");
    tools.querySelector("a").click();
    assert.deepEqual(events, [["open", { id: "x", push: true }]]);
  });
});
