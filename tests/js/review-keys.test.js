import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf } from "../../static/js/lib/review-keys.js";

const PRESS = { key: "", code: "", isComposing: false, repeat: false, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
/** @type {import("../../static/js/lib/review-keys.js").Around} */
const AROUND = { isTyping: false, isChoosing: false, digits: "labels", hasSingleKeys: true };

/** @param {object} press @param {object} [around] */
const meaning = (press, around) => meaningOf({ ...PRESS, ...press }, { ...AROUND, ...around });

test("arrows walk, letters open fields", () => {
  assert.deepEqual(meaning({ key: "ArrowRight" }), { wish: "next" });
  assert.deepEqual(meaning({ key: "ArrowLeft" }), { wish: "previous" });
  assert.deepEqual(meaning({ key: "n" }), { wish: "note" });
  assert.deepEqual(meaning({ key: "b" }), { wish: "better" });
  assert.deepEqual(meaning({ key: "s" }), { wish: "skip" });
  assert.deepEqual(meaning({ key: "?", shiftKey: true }), { wish: "help" });
});

test("digits set what the queue says, with Shift the other, on every keyboard", () => {
  assert.deepEqual(meaning({ key: "3", code: "Digit3" }), { wish: "label", number: 3 });
  assert.deepEqual(meaning({ key: "#", code: "Digit3", shiftKey: true }), { wish: "score", number: 3 });
  assert.deepEqual(meaning({ key: "3", code: "Numpad3" }, { digits: "score" }), { wish: "score", number: 3 });
  assert.equal(meaning({ key: "0", code: "Digit0" }), null);
});

test("Ctrl or Cmd with Enter is done from everywhere, also where one writes", () => {
  assert.deepEqual(meaning({ key: "Enter", ctrlKey: true }, { isTyping: true }), { wish: "done" });
  assert.deepEqual(meaning({ key: "Enter", metaKey: true }), { wish: "done" });
  assert.equal(meaning({ key: "Enter", ctrlKey: true, isComposing: true }, { isTyping: true }), null);
});

test("who writes writes, and Escape ends it", () => {
  for (const key of ["n", "s", "?", "ArrowLeft"]) assert.equal(meaning({ key }, { isTyping: true }), null);
  assert.deepEqual(meaning({ key: "Escape" }, { isTyping: true }), { wish: "leave" });
});

test("arrows that choose a score stay with it; the browser's own shortcuts stay too", () => {
  assert.equal(meaning({ key: "ArrowRight" }, { isChoosing: true }), null);
  assert.deepEqual(meaning({ key: "s" }, { isChoosing: true }), { wish: "skip" });
  assert.equal(meaning({ key: "s", ctrlKey: true }), null);
  assert.equal(meaning({ key: "ArrowLeft", altKey: true }), null);
  assert.equal(meaning({ key: "s", repeat: true }), null);
});

test("who switched single keys off keeps Ctrl+Enter", () => {
  assert.equal(meaning({ key: "n" }, { hasSingleKeys: false }), null);
  assert.deepEqual(meaning({ key: "Enter", ctrlKey: true }, { hasSingleKeys: false }), { wish: "done" });
});
