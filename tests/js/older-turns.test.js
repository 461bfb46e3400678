/** Older turns come in portions, and never leave a gap. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { portionsOf, putInOlder } from "../../static/js/lib/older-turns.js";

/** @param {number} ordinal @param {string | null} [replaces] */
const turn = (ordinal, replaces = null) => /** @type {Chat.Turn} */ (/** @type {unknown} */ ({ id: `t${ordinal}`, ordinal, replaces }));
const ids = (/** @type {Chat.Turn[]} */ turns) => turns.map(({ id }) => id).join(" ");

/** @param {Chat.Turn[]} turns */
function storeOf(turns) {
  const state = { turns, hasOlder: true };
  /** @param {any} change */
  const dispatch = (change) => Object.assign(state, { turns: [...change.turns, ...state.turns], hasOlder: change.has_older });
  return { state, store: /** @type {Chat.Store} */ (/** @type {unknown} */ ({ get: () => state, dispatch })) };
}

test("the newest come first, a question never without its versions", () => {
  const turns = [turn(1), turn(2), turn(3), turn(4, "t3"), turn(5), turn(6), turn(7), turn(8)];
  assert.deepEqual(portionsOf(turns).map(ids), ["t3 t4 t5 t6 t7 t8", "t1 t2"]);
  assert.deepEqual(portionsOf([]), [[]]);
});

test("there are older ones until the last portion is in", async () => {
  const { store, state } = storeOf([turn(20)]);
  /** @type {boolean[]} */
  const seen = [];
  await putInOlder(store, { conversation: "c", turns: Array.from({ length: 12 }, (_, index) => turn(index + 1)), has_older: false }, async () => void seen.push(state.hasOlder));
  assert.deepEqual(seen, [true, true]);
  assert.equal(state.hasOlder, false);
  assert.equal(ids(state.turns), "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11 t12 t20");
});

test("another conversation opened meanwhile gets nothing", async () => {
  const { store, state } = storeOf([turn(20)]);
  await putInOlder(store, { conversation: "c", turns: Array.from({ length: 12 }, (_, index) => turn(index + 1)), has_older: false }, async () => void (state.turns = [turn(99)]));
  assert.equal(ids(state.turns), "t99");
});
