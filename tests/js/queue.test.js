import assert from "node:assert/strict";
import { test } from "node:test";

import { hueOf, initialsOf } from "../../static/js/lib/avatar.js";
import { troubleOf } from "../../static/js/lib/banner.js";
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

const SOCKET = { state: "caught_up", attempt: 0, retryAt: null, isOffline: false, isSignedOut: false };

test("a connection that works, or was never tried, is no trouble", () => {
  assert.equal(troubleOf(SOCKET), "");
  assert.equal(troubleOf({ ...SOCKET, state: "idle" }), "");
});

test("a lost connection is told apart from no network and from being signed out", () => {
  assert.equal(troubleOf({ ...SOCKET, state: "lost" }), "reconnecting");
  assert.equal(troubleOf({ ...SOCKET, state: "connecting" }), "reconnecting");
  assert.equal(troubleOf({ ...SOCKET, state: "lost", isOffline: true }), "offline");
  assert.equal(troubleOf({ ...SOCKET, state: "lost", isOffline: true, isSignedOut: true }), "signed_out");
});

test("a browser that calls itself offline on a working socket is not believed", () => {
  assert.equal(troubleOf({ ...SOCKET, isOffline: true }), "");
});

test("a bot keeps its colour, and its initials fit every script", () => {
  assert.equal(hueOf("abc"), hueOf("abc"));
  assert.ok(hueOf("7b9f") >= 0 && hueOf("7b9f") < 8);
  assert.equal(initialsOf("City weather"), "CW");
  assert.equal(initialsOf("echo"), "E");
  assert.equal(initialsOf("天气 助手"), "天");
  assert.equal(initialsOf("😀 smile"), "😀");
  assert.equal(initialsOf("  "), "?");
});
