/** Cards that wait: what a question typed meanwhile may become, counts, and the way from one to the next (M-037, M-062). */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { reduce, stateFromPage } from "../../static/js/lib/reducer.js";
import { nextWaiting, openCards, questionForWords, waitingTurn, waysOf } from "../../static/js/lib/waiting.js";
import { pageState } from "./page-state.js";

const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));
const waiting = objects.turn_waiting;
const call = objects.tool_call;
const question = { ...objects.question, state: "pending", refusal: null, output: "", question: { ...objects.question.question, fields: {} } };

const turn = (...actions) => ({ ...waiting, actions });
const row = (id, cards) => ({ ...objects.conversation, id, waiting: cards, mark: cards ? "waiting" : "" });

test("words answer the one question that takes words", () => {
  assert.equal(questionForWords(turn(question))?.id, question.id);
  assert.equal(questionForWords(turn(call, question))?.id, question.id);
  assert.deepEqual(waysOf(turn(question)), ["answer", "after", "stop"]);
});

test("no words for fields, a sign-in, a tool call, two questions, or one that is answered", () => {
  const fields = { ...question, question: objects.question.question };
  const signIn = { ...question, question: { ...question.question, link: "https://sign.example/" } };
  const answered = { ...question, state: "answered" };
  const saved = { ...question, state: "ready" };
  for (const actions of [[fields], [signIn], [call], [question, { ...question, id: "other" }], [answered], [saved]]) {
    assert.equal(questionForWords(turn(...actions)), undefined);
    assert.deepEqual(waysOf(turn(...actions)), ["after", "stop"]);
  }
});

test("an answer that came back may be given anew in words", () => {
  const refused = { ...question, state: "ready", refusal: objects.question.refusal };
  assert.equal(questionForWords(turn(refused))?.id, question.id);
});

test("a turn that is being stopped, or is over, waits no more (trap 6)", () => {
  const page = (state) => stateFromPage(pageState({ conversation: objects.conversation, turns: [{ ...waiting, state }] }), 0);
  assert.equal(waitingTurn(page("waiting"))?.id, waiting.id);
  assert.equal(waitingTurn(reduce(page("waiting"), { type: "stopped_locally", turn: waiting.id })), undefined);
  for (const state of ["resuming", "running", "completed", "failed", "canceled", "lost"]) assert.equal(waitingTurn(page(state)), undefined);
});

test("cards are counted over all conversations, an archived one that is open too", () => {
  const page = (values) => stateFromPage(pageState(values), 0);
  assert.equal(openCards(page({ conversations: [row("a", 2), row("b", 0), row("c", 1)] })), 3);
  assert.equal(openCards(page({ conversation: row("a", 2), conversations: [row("a", 2), row("b", 1)] })), 3);
  assert.equal(openCards(page({ conversation: row("z", 2), conversations: [row("b", 1)] })), 3);
});

test("the next conversation that waits is below the open one, then from the top, never itself", () => {
  const conversations = [row("a", 1), row("b", 0), row("c", 1)];
  const from = (conversation) => nextWaiting(stateFromPage(pageState({ conversation, conversations }), 0));
  assert.equal(from(null), "a");
  assert.equal(from(row("a", 1)), "c");
  assert.equal(from(row("c", 1)), "a");
  assert.equal(from(row("b", 0)), "a");
  assert.equal(nextWaiting(stateFromPage(pageState({ conversation: row("a", 1), conversations: [row("a", 1)] }), 0)), null);
  assert.equal(nextWaiting(stateFromPage(pageState({}), 0)), null);
});

test("a row that waited and does not come with the first page any more waits no more", () => {
  const old = { ...row("old", 2), last_asked_at: "2026-01-01" };
  const before = stateFromPage(pageState({ conversations: [{ ...row("new", 0), last_asked_at: "2026-02-02" }, old], next: "2026-02-02" }), 0);
  const fetched = { type: "list_loaded", conversations: [{ ...row("new", 0), last_asked_at: "2026-02-02" }], next: "2026-02-02", list_version: "2", isMore: false };
  const after = reduce(before, fetched);
  assert.deepEqual(after.conversations.map(({ id, mark, waiting: cards }) => [id, mark, cards]), [["new", "", 0], ["old", "", 0]]);
  assert.equal(openCards(after), 0);
});
