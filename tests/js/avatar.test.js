import assert from "node:assert/strict";
import { test } from "node:test";

import { hueOf, initialsOf } from "../../static/js/lib/avatar.js";

test("a bot keeps its colour, and its initials fit every script", () => {
  assert.equal(hueOf("abc"), hueOf("abc"));
  assert.ok(hueOf("7b9f") >= 0 && hueOf("7b9f") < 8);
  assert.equal(initialsOf("City weather"), "CW");
  assert.equal(initialsOf("echo"), "E");
  assert.equal(initialsOf("天气 助手"), "天");
  assert.equal(initialsOf("😀 smile"), "😀");
  assert.equal(initialsOf("  "), "?");
});
