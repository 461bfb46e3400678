/** Turns on a page: what they show, what they ask for, and what a redraw must not destroy. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import "./browser.js";

const { ChatTurn } = await import("../../static/js/elements/chat-turn.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const around = { sentences: {}, botName: "Echo", isLast: true, isSilent: false, now: 0 };
const settle = () => new Promise(setImmediate);

/** @param {Element} element @param {string} selector */
const one = (element, selector) => /** @type {any} */ (element.querySelector(selector));

describe("a turn", () => {
  function shown(turn, more = {}) {
    const element = new ChatTurn();
    const calls = [];
    const events = [];
    const commands = { get: async () => ({}), post: async (path, body) => (calls.push({ path, body }), { turn }) };
    element.page = { commands, store: { dispatch: () => {}, get: () => ({ sentences: {}, turns: [], pending: [], conversation: null }) }, retry: (id) => events.push(["retry", id]), drop: (id) => events.push(["drop", id]) };
    for (const name of ["ask", "compose", "stop-turn"]) element.addEventListener(name, (event) => events.push([name, event.detail]));
    document.body.append(element);
    element.show(turn, { ...around, ...more });
    return { element, calls, events };
  }

  it("is a question and its answers, each an article", () => {
    const { element } = shown(objects.turn_completed);
    assert.equal(element.dataset.turnState, "completed");
    const articles = [...element.querySelectorAll("article")];
    assert.deepEqual(articles.map((article) => [article.dataset.role, article.dataset.state]), [["user", "completed"], ["assistant", "completed"]]);
    assert.match(articles[1].textContent, /It is 😀 warm\./);
    assert.equal(one(element, "summary").textContent, "Thought for 3 s");
  });

  it("offers what to ask next only while it is the last: a click asks, Alt-click lets one edit", () => {
    const { element, events } = shown(objects.turn_completed);
    const chip = () => one(element, ".follow-ups button");
    chip().click();
    chip().dispatchEvent(new MouseEvent("click", { bubbles: true, altKey: true }));
    assert.deepEqual(events, [["ask", { text: "And tomorrow?" }], ["compose", { text: "And tomorrow?" }]]);
    element.show(objects.turn_completed, { ...around, isLast: false });
    assert.equal(chip(), null);
  });

  it("keeps its answer's nodes, and an open thought open, when it ends", () => {
    const streaming = { ...objects.turn, messages: [{ ...objects.message, state: "streaming", reasoning_ms: null }] };
    const { element } = shown(streaming);
    const [article, thought] = [one(element, "article[data-role=assistant]"), one(element, "details")];
    thought.open = true;
    element.show(objects.turn_completed, around);
    assert.equal(one(element, "article[data-role=assistant]"), article);
    assert.deepEqual([one(element, "details"), thought.open], [thought, true]);
  });

  it("that failed is asked again under one id, however often one presses", async () => {
    const failed = { ...objects.turn_failed, error: { ...objects.turn_failed.error, reason: "failed" } };
    const { element, calls } = shown(failed);
    one(element, "[data-does=again]").click();
    await settle();
    one(element, "[data-does=again]").click();
    await settle();
    assert.deepEqual(calls[0], calls[1]);
    assert.equal(calls[0].path, `/c/${failed.conversation}/turns/${failed.id}/again/`);
  });

  it("that was stopped puts its question back into the composer", () => {
    const { element, events } = shown(objects.turn_stopped);
    assert.match(element.textContent, /The bot will not remember this turn\./);
    one(element, "[data-does=compose]").click();
    assert.deepEqual(events, [["compose", { text: "How is it?", files: [], parameters: {} }]]);
  });

  it("takes the place of its pending question without moving", () => {
    const { element } = shown(objects.turn);
    const pending = { clientId: "x", conversation: null, bot: null, text: "How is it?", state: "sending", failure: null };
    element.showPending(pending, {});
    const article = one(element, "article");
    assert.equal(article.dataset.state, "pending");
    element.show(objects.turn_completed, around);
    assert.deepEqual([one(element, "article"), article.dataset.state], [article, "completed"]);
    assert.equal(element.querySelectorAll("article").length, 2);
  });
});
