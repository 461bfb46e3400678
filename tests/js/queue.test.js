import assert from "node:assert/strict";
import { test } from "node:test";

import { holdOf, waitingQuestions } from "../../static/js/lib/queue.js";

function turn(state, changes = {}) {
  return { id: `${state}-${JSON.stringify(changes)}`, state, is_held: false, is_busy: false, ...changes };
}

test("a question waits while another holds the conversation", () => {
  for (const state of ["running", "waiting", "resuming", "recovering"]) {
    const second = turn("queued");
    assert.deepEqual(waitingQuestions([turn("completed"), turn(state), second]), [second]);
  }
});

test("a question that is about to start does not flash up as waiting", () => {
  assert.deepEqual(waitingQuestions([turn("completed"), turn("queued")]), []);
});

test("held and busy questions wait although nothing runs, and so do those behind the first", () => {
  const held = turn("queued", { is_held: true });
  assert.deepEqual(waitingQuestions([turn("failed"), held]), [held]);
  assert.deepEqual(waitingQuestions([turn("queued", { is_busy: true })]).length, 1);
  assert.deepEqual(waitingQuestions([turn("queued"), turn("queued", { n: 2 })]).length, 1);
});

test("why nothing goes on: held counts more than busy", () => {
  assert.equal(holdOf([turn("queued")]), "");
  assert.equal(holdOf([turn("queued", { is_busy: true })]), "busy");
  assert.equal(holdOf([turn("queued", { is_busy: true }), turn("queued", { is_held: true })]), "held");
});
