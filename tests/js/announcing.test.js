/** What a screen reader is told, and what of the last answer can be copied. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "../../static/js/lib/i18n.js";
import { announcement, paragraphsIn } from "../../static/js/lib/announcing.js";
import { lastAnswer, lastCode } from "../../static/js/lib/last-answer.js";

const turn = (state, more = {}) => ({ id: "t", client_id: "c", ordinal: 1, state, messages: [], actions: [], is_withdrawn: false, ...more });
const state = (turns, more = {}) => ({ conversation: { id: "1" }, turns, pending: [], isFollowing: true, ...more });
const said = (before, after) => announcement(state(before), state(after), "en");
const answers = (...texts) => ({ messages: texts.map((text) => ({ text })) });

test("only where an answer begins and ends", () => {
  assert.equal(said([turn("queued")], [turn("running")]), "The bot is answering.");
  assert.equal(said([turn("running")], [turn("running", answers("more and more"))]), "");
  assert.equal(said([turn("running")], [turn("recovering")]), "");
  assert.equal(said([turn("running")], [turn("completed", answers("One.\n\nTwo.", "Three."))]), "The answer is ready: 3 paragraphs.");
  assert.equal(said([turn("running")], [turn("canceled")]), "Stopped.");
  assert.equal(said([turn("running")], [turn("failed")]), "", "a fault is an alert of its own");
});

test("a card that waits is named, several are counted", () => {
  const card = { state: "pending", refusal: null, kind: "tool_call", name: "rain", tool: { titles: { en: "Rain?", zh: "下雨吗？" } }, question: null };
  assert.equal(said([turn("running")], [turn("waiting", { actions: [card] })]), "A card waits for you: Rain?");
  assert.equal(said([turn("running")], [turn("waiting", { actions: [card, card] })]), "2 cards wait for you.");
});

test("a first question is told of, another conversation and older turns are not", () => {
  const before = state([], { conversation: null, pending: [{ clientId: "c", conversation: null }] });
  assert.equal(announcement(before, state([turn("running")]), "en"), "The bot is answering.");
  assert.equal(announcement(state([turn("queued")]), state([turn("completed")], { conversation: { id: "2" } }), "en"), "");
  const older = turn("completed", { id: "o", client_id: "o", ordinal: 0 });
  assert.equal(said([turn("completed")], [older, turn("completed")]), "");
});

test("paragraphs are counted as one sees them", () => {
  const cases = [["", 0], ["a", 1], ["a\nb\n\n\nc", 2], ["```\na\n\nb\n```", 1], ["a\n\n- b\n- c\n\n|d|\n|-|", 3], ["```\nopen\n\nstill", 1]];
  for (const [text, count] of cases) assert.equal(paragraphsIn(text), count, text);
});

test("the last answer and its last code", () => {
  const turns = [turn("completed", answers("old")), turn("completed", answers("A", "", "B")), turn("running")];
  assert.equal(lastAnswer(turns), "A\n\nB");
  assert.equal(lastAnswer([]), "");
  assert.equal(lastCode("a\n```js\none\n```\nb\n~~~~\ntwo\n```\n\n~~~~\nc"), "two\n```\n");
  assert.equal(lastCode("no code"), "");
  assert.equal(lastCode("```\nstill being written"), "still being written");
});
