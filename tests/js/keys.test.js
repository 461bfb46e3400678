import assert from "node:assert/strict";
import { test } from "node:test";

import { isSend, stepOf } from "../../static/js/lib/keys.js";

const ENTER = { key: "Enter", isComposing: false, keyCode: 13, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

test("Enter sends, if that is the user's choice", () => {
  assert.equal(isSend(ENTER, true), true);
  assert.equal(isSend(ENTER, false), false);
});

test("Ctrl or Cmd with Enter sends whatever the choice", () => {
  for (const choice of [true, false]) {
    assert.equal(isSend({ ...ENTER, ctrlKey: true }, choice), true);
    assert.equal(isSend({ ...ENTER, metaKey: true }, choice), true);
  }
});

test("Shift+Enter and Alt+Enter begin a new line", () => {
  assert.equal(isSend({ ...ENTER, shiftKey: true }, true), false);
  assert.equal(isSend({ ...ENTER, altKey: true }, true), false);
  assert.equal(isSend({ ...ENTER, shiftKey: true, ctrlKey: true }, false), false);
});

test("the Enter that picks a word of an input method sends nothing", () => {
  assert.equal(isSend({ ...ENTER, isComposing: true }, true), false);
  assert.equal(isSend({ ...ENTER, isComposing: true, ctrlKey: true }, false), false);
});

test("Safari's Enter after a composition has key code 229 and sends nothing", () => {
  assert.equal(isSend({ ...ENTER, keyCode: 229 }, true), false);
});

test("no other key sends", () => {
  for (const key of ["a", "Escape", "Tab", "Process", "Unidentified"]) {
    assert.equal(isSend({ ...ENTER, key, keyCode: 0 }, true), false);
  }
});

test("arrows go round, Home and End go to the ends", () => {
  assert.equal(stepOf("ArrowDown", 0, 3), 1);
  assert.equal(stepOf("ArrowDown", 2, 3), 0);
  assert.equal(stepOf("ArrowDown", -1, 3), 0);
  assert.equal(stepOf("ArrowUp", 0, 3), 2);
  assert.equal(stepOf("ArrowUp", -1, 3), 2);
  assert.equal(stepOf("Home", 2, 3), 0);
  assert.equal(stepOf("End", 0, 3), 2);
});

test("other keys, and an empty list, lead nowhere", () => {
  assert.equal(stepOf("a", 0, 3), null);
  assert.equal(stepOf("ArrowDown", -1, 0), null);
});
