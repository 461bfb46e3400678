import assert from "node:assert/strict";
import { test } from "node:test";

import { across, foundAgain, skeleton } from "../../static/js/lib/parts.js";

const SOURCE = "**Rain** is likely. See [the map](https://m.example/x) for *rain* tomorrow. 明天**下雨**吗？😀 rain";
const DRAWN = "Rain is likely. See the map for rain tomorrow. 明天下雨吗？😀 rain";

/** @param {string} text @param {[number, number] | null} part */
const cut = (text, part) => part && text.slice(...part);

test("a part is found where it stood", () => {
  assert.deepEqual(foundAgain("one two one", "one", 8), [8, 11]);
  assert.deepEqual(foundAgain("one two one", "one", 0), [0, 3]);
});

test("it is found again when text came before it or its marks changed", () => {
  assert.equal(cut("So: one two one", foundAgain("So: one two one", "one", 8)), "one");
  const changed = "Well. The *answer* is 42!";
  assert.equal(cut(changed, foundAgain(changed, "the answer is **42**", 0)), "The *answer* is 42");
});

test("it is gone when its letters are", () => {
  assert.equal(foundAgain("something else", "rain", 3), null);
  assert.equal(foundAgain("anything", "", 3), null);
});

test("what is selected in the drawn text has its place in the source, and back", () => {
  const second = DRAWN.indexOf("rain tomorrow");
  const inSource = across(DRAWN, [second, second + 4], SOURCE);
  assert.equal(cut(SOURCE, inSource), "rain");
  assert.equal(SOURCE.slice(0, inSource?.[0]).endsWith("*"), true);
  assert.deepEqual(across(SOURCE, /** @type {[number, number]} */ (inSource), DRAWN), [second, second + 4]);
});

test("Chinese without spaces, and units of pairs, count right", () => {
  const at = DRAWN.indexOf("下雨");
  assert.equal(cut(SOURCE, across(DRAWN, [at, at + 2], SOURCE)), "下雨");
  const last = DRAWN.lastIndexOf("rain");
  assert.equal(across(DRAWN, [last, last + 4], SOURCE)?.[0], SOURCE.lastIndexOf("rain"));
});

test("a part that spans a link's hidden address is found by its ends", () => {
  const start = DRAWN.indexOf("likely");
  const end = DRAWN.indexOf(" tomorrow");
  const source = across(DRAWN, [start, end], SOURCE);
  assert.equal(cut(SOURCE, source), "likely. See [the map](https://m.example/x) for *rain");
});

test("the skeleton keeps letters and digits of every script", () => {
  assert.equal(skeleton("A-1 é 雨!").letters, "a1é雨");
});
