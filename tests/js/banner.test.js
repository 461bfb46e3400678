import assert from "node:assert/strict";
import { test } from "node:test";

import { troubleOf } from "../../static/js/lib/banner.js";

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
