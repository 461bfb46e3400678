/** The keyboard's table: what a press means, by platform and layout, and what a person may change. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORTCUTS, actionOf, bindings, caps, isSingle, objectionTo, rebound, writtenKeys } from "../../static/js/lib/shortcuts.js";

const press = (key, code = "", more = {}) => ({ key, code, isComposing: false, keyCode: 0, repeat: false, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });
const ctrl = { ctrlKey: true };
const shift = { shiftKey: true };
const around = (more = {}) => ({ choices: {}, isMac: false, isTyping: false, ...more });

test("no two actions have the same keys, and none of them is a browser's own", () => {
  assert.equal(new Set(SHORTCUTS.map(({ keys }) => keys)).size, SHORTCUTS.length);
  for (const { action, keys } of SHORTCUTS) assert.equal(objectionTo({}, action, keys), null, keys);
});

const CASES = [
  ["Ctrl+K", press("k", "KeyK", ctrl), "open-palette"],
  ["Ctrl+Shift+O, with capitals", press("O", "KeyO", { ...ctrl, ...shift }), "new-chat"],
  ["a letter where Cyrillic is written", press("л", "KeyK", ctrl), "open-palette"],
  ["a slash that needs Shift", press("/", "Digit7", { ...ctrl, ...shift }), "show-shortcuts"],
  ["a semicolon with Shift, which types a colon", press(":", "Semicolon", { ...ctrl, ...shift }), "copy-last-code"],
  ["Escape", press("Escape", "Escape"), "stop"],
  ["Shift+Escape", press("Escape", "Escape", shift), "focus-composer"],
  ["a dot", press(".", "Period"), "next-card"],
  ["Alt+Up", press("ArrowUp", "ArrowUp", { altKey: true }), "previous-conversation"],
  ["K alone", press("k", "KeyK"), null],
  ["⌘K, not on a Mac", press("k", "KeyK", { metaKey: true }), null],
  ["Ctrl+Alt+K", press("k", "KeyK", { ...ctrl, altKey: true }), null],
  ["a modifier alone", press("Control", "ControlLeft", ctrl), null],
  ["a key of an input method", press("k", "KeyK", { ...ctrl, isComposing: true }), null],
  ["Safari's key of an input method", press("Escape", "Escape", { keyCode: 229 }), null],
  ["a key held down", press("Escape", "Escape", { repeat: true }), null],
];
for (const [name, pressed, action] of CASES) test(`${name} means ${action}`, () => assert.equal(actionOf(pressed, around()), action));

test("a Mac has ⌘ where others have Ctrl", () => {
  assert.equal(actionOf(press("k", "KeyK", { metaKey: true }), around({ isMac: true })), "open-palette");
  assert.equal(actionOf(press("k", "KeyK", ctrl), around({ isMac: true })), null);
  assert.deepEqual(caps("Mod+Shift+O", true), ["⌘", "⇧", "O"]);
  assert.deepEqual(caps("Mod++", false), ["Ctrl", "+"]);
});

test("where one types, nothing is taken that types or moves there", () => {
  const typing = around({ isTyping: true });
  assert.equal(actionOf(press(".", "Period"), typing), null);
  assert.equal(actionOf(press("k", "KeyK", ctrl), typing), "open-palette");
  assert.equal(actionOf(press("ArrowUp", "ArrowUp", { altKey: true }), typing), "previous-conversation");
  assert.equal(actionOf(press("ArrowUp", "ArrowUp", { altKey: true }), { ...typing, isMac: true }), null);
  const odd = { keys: { stop: "Alt+S" } };
  assert.equal(actionOf(press("ß", "KeyS", { altKey: true }), { choices: odd, isMac: true, isTyping: true }), null);
});

test("all can be off, and those of a single sign alone", () => {
  assert.equal(actionOf(press("k", "KeyK", ctrl), around({ choices: { is_off: true } })), null);
  const calm = around({ choices: { single_off: true } });
  assert.equal(actionOf(press(".", "Period"), calm), null);
  assert.equal(actionOf(press("Escape", "Escape"), calm), "stop");
  assert.deepEqual(["x", "Shift+X", "Space", "Escape", "Mod+X", "é"].map(isSingle), [true, true, true, false, false, true]);
});

test("keys are changed, taken away and put back; a conflict is named", () => {
  const changed = rebound({}, "stop", "Mod+J");
  assert.equal(actionOf(press("j", "KeyJ", ctrl), around({ choices: changed })), "stop");
  assert.equal(actionOf(press("Escape", "Escape"), around({ choices: changed })), null);
  assert.deepEqual(objectionTo(changed, "new-chat", "Mod+J"), { kind: "taken", by: "stop" });
  assert.equal(objectionTo(changed, "new-chat", "Escape"), null);
  assert.deepEqual(objectionTo({}, "stop", "Mod+W"), { kind: "kept" });
  assert.deepEqual(objectionTo({}, "stop", "Tab"), { kind: "needed" });
  assert.equal(bindings(rebound(changed, "stop", "")).get("stop"), "");
  assert.deepEqual(rebound(changed, "stop", null).keys, {});
  assert.deepEqual(rebound(changed, "stop", "Escape").keys, {}, "what is usual is not kept");
});

test("one press is written the same way it is bound", () => {
  assert.deepEqual(writtenKeys(press("?", "Slash", { ...ctrl, ...shift }), false), ["Mod+Shift+?", "Mod+?", "Mod+Shift+/"]);
  assert.deepEqual(writtenKeys(press(" ", "Space"), false), ["Space"]);
});
