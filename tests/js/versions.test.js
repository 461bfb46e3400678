/** Versions of a question: which stands in the log, how one turns between them, and asking once more. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import "./browser.js";
import { pageState } from "./page-state.js";

globalThis.ResizeObserver ??= /** @type {any} */ (class { observe() {} });
const { setInterval } = globalThis; // frames need it; the log's clock would keep the test alive
globalThis.setInterval = /** @type {any} */ ((work, ms) => (ms < 1000 ? setInterval(work, ms) : 0));
const { Turned, canRegenerate, questionsOf, versionsOf } = await import("../../static/js/lib/versions.js");
const { regenerate, regenerateLast } = await import("../../static/js/lib/regenerating.js");
const { reduce, stateFromPage } = await import("../../static/js/lib/reducer.js");
const { createStore } = await import("../../static/js/lib/store.js");
const { notesOf } = await import("../../static/js/lib/turn-notes.js");
await import("../../static/js/elements/answer-tools.js");
await import("../../static/js/elements/question-tools.js");
const { ConversationLog } = await import("../../static/js/elements/conversation-log.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const frame = () => new Promise(requestAnimationFrame);
const conversation = { ...objects.conversation, can_ask: true, section: 0 };
const turn = (id, ordinal, replaces = null, more = {}) => ({
  ...objects.turn_completed, id, client_id: `client-${id}`, ordinal, replaces, follow_ups: [], conversation: conversation.id,
  messages: [{ ...objects.message, id: `message-${id}`, text: `answer ${id}`, reasoning: "" }], ...more,
});
const CHAIN = [turn("a", 1), turn("b1", 2), turn("b2", 3, "b1"), turn("b3", 4, "b2"), turn("c", 5)];
const ids = (questions) => questions.map((versions) => versions.map(({ id }) => id));

describe("questions and their versions", () => {
  it("are the turns, each with those it replaces", () => {
    assert.deepEqual(ids(questionsOf(CHAIN)), [["a"], ["b1", "b2", "b3"], ["c"]]);
    assert.deepEqual(versionsOf(CHAIN, "b2").map(({ id }) => id), ["b1", "b2", "b3"]);
    assert.deepEqual(versionsOf(CHAIN, "nobody"), []);
  });
  it("part when one was withdrawn or overtaken", () => {
    assert.deepEqual(ids(questionsOf(CHAIN.filter(({ id }) => id !== "b2"))), [["a"], ["b1"], ["b3"], ["c"]]);
  });
  it("of which the last stands in the log until the reader turns back, and again when one comes", () => {
    const [turned, versions] = [new Turned(), versionsOf(CHAIN, "b1")];
    assert.equal(turned.shown(versions).id, "b3");
    turned.to(versions, "b1");
    assert.equal(turned.shown(versions).id, "b1");
    assert.equal(turned.shown([...versions, turn("b4", 5, "b3")]).id, "b4");
    assert.equal(turned.shown(versions.slice(0, 2)).id, "b2", "and when one went");
  });
  it("are turns of their own for the reducer: a withdrawn one leaves the older as it was", () => {
    const state = stateFromPage(pageState({ conversation, turns: CHAIN.slice(0, 3) }), 0);
    const gone = { ...CHAIN[2], is_withdrawn: true, replaces: null, state: "canceled", version: CHAIN[2].version + 1 };
    assert.deepEqual(ids(questionsOf(reduce(state, { type: "turn", turn: gone }).turns)), [["a"], ["b1"]]);
  });
});

describe("another answer", () => {
  const state = (turns, more = {}) => ({ ...stateFromPage(pageState({ conversation, turns }), 0), ...more });
  const may = (turns, more) => canRegenerate(state(turns, more), turns.at(-1));

  it("is asked for the last turn alone, once it is over and while the bot may be asked", () => {
    assert.equal(may([turn("a", 1)]), true);
    assert.equal(canRegenerate(state(CHAIN), CHAIN[3]), false);
    for (const busy of ["queued", "running", "waiting", "resuming", "recovering"]) assert.equal(may([turn("a", 1, null, { state: busy })]), false, busy);
    assert.equal(may([turn("a", 1)], { conversation: { ...conversation, can_ask: false } }), false);
    assert.equal(may([turn("a", 1)], { conversation: { ...conversation, section: 1 } }), false);
    assert.equal(may([turn("a", 1)], { pending: [{ conversation: conversation.id }] }), false);
  });

  it("is asked once, however often one presses before an answer came", async () => {
    const store = createStore(state([turn("a", 1)]));
    const posts = [];
    const commands = { get: async () => ({}), post: async (path, body) => { posts.push([path, body.client_id]); if (posts.length < 2) throw new Error("lost"); return { turn: turn("a2", 2, "a") }; } };
    const page = /** @type {any} */ ({ store, commands });
    await assert.rejects(regenerate(page, store.get().turns[0]));
    await regenerate(page, store.get().turns[0]);
    assert.equal(posts[0][0], `/c/${conversation.id}/turns/a/regenerate/`);
    assert.deepEqual(posts[0], posts[1]);
    assert.deepEqual(store.get().turns.map(({ id }) => id), ["a", "a2"]);
  });

  it("says so to the keyboard when there is nothing to ask again", async () => {
    const store = createStore(state([turn("a", 1, null, { state: "running" })]));
    assert.equal((await regenerateLast(/** @type {any} */ ({ store, commands: {} })))?.reason, "not_last");
  });

  it("tells when the bot sees both", () => {
    const around = { sentences: {}, isSilent: false, now: 0 };
    assert.deepEqual(notesOf(turn("a", 1, null, { sees_replaced: true }), around).map(({ reason }) => reason), ["sees_replaced"]);
  });
});

describe("the log", () => {
  async function shown(turns) {
    document.body.replaceChildren();
    const store = createStore(stateFromPage(pageState({ conversation, turns }), 0));
    const log = new ConversationLog();
    document.body.append(log);
    log.page = /** @type {any} */ ({ store, commands: { post: async () => ({}) } });
    const texts = () => [...log.querySelectorAll("article[data-role=assistant]")].map((one) => one.textContent?.trim());
    for (let left = 20; left > 0 && texts().includes(""); left -= 1) await frame(); // what is older is drawn later
    return { log, store, texts };
  }
  const button = (log, name) => [...log.querySelectorAll(`[aria-label="${name}"]`)].find((one) => !one.closest("[hidden]"));

  it("shows one version, and turns with the focus, saying which", async () => {
    const { log, texts } = await shown(CHAIN.slice(0, 4));
    assert.deepEqual(texts(), ["answer a", "answer b3"]);
    assert.equal(button(log, "Next version").disabled, true);
    button(log, "Previous version").click();
    assert.deepEqual(texts(), ["answer a", "answer b2"]);
    assert.equal(document.activeElement, button(log, "Previous version"));
    let said = "";
    document.addEventListener("announce", (event) => (said = event.detail.text), { once: true });
    button(log, "Previous version").click();
    assert.equal(document.activeElement, button(log, "Next version"), "there is none before the first");
    assert.equal(said, "Version 1 of 3");
    assert.match(log.textContent, /1\/3/);
  });

  it("shows the newest as soon as it comes, and a way back while it has no answer", async () => {
    const { log, store, texts } = await shown(CHAIN.slice(0, 3));
    button(log, "Previous version").click();
    store.dispatch({ type: "turn", turn: { ...CHAIN[3], state: "running", messages: [] } });
    assert.deepEqual(texts(), ["answer a"]);
    button(log, "Previous version").click();
    assert.deepEqual(texts(), ["answer a", "answer b2"]);
  });

  it("offers Regenerate below the last answer alone", async () => {
    const { log } = await shown(CHAIN);
    const offered = [...log.querySelectorAll("regenerate-answer:not([hidden])")];
    assert.deepEqual(offered.map((one) => one.closest("chat-turn").dataset.turn), ["c"]);
  });
});

