/** The admins' form of a tool: only what its mode needs, and what is wrong while one types. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";

const { showFaults, showNeeded } = await import("../../static/js/admin/tool-form.js");
const NEEDED = { schema: ["form"], template: ["auto"] };

function form(mode, errors = "") {
  document.body.innerHTML = `<form>
    <input type="radio" name="mode" value="form"><input type="radio" name="mode" value="auto">
    <div class="form-row field-schema ${errors}"><textarea name="schema"></textarea></div>
    <div class="form-row field-template"><textarea name="template"></textarea></div>
    <div class="form-row field-time_limit_seconds"><input name="time_limit_seconds"></div>
  </form>`;
  const found = document.querySelector("form");
  found.querySelector(`[value=${mode}]`).checked = true;
  return found;
}

const row = (name) => document.querySelector(`.field-${name}`);

test("a mode shows the fields it needs", () => {
  showNeeded(form("auto"), NEEDED);
  assert.deepEqual([row("schema").hidden, row("template").hidden], [true, false]);
  showNeeded(form("form"), NEEDED);
  assert.deepEqual([row("schema").hidden, row("template").hidden], [false, true]);
});

test("a field that keeps the form from being saved is never hidden", () => {
  showNeeded(form("auto", "errors"), NEEDED);
  assert.equal(row("schema").hidden, false);
});

test("faults come and go as text, and the time limit is read out", () => {
  const one = form("form");
  showFaults(one, { errors: { schema: ["<b>Not JSON.</b>"], time_limit_seconds: [] }, time_limit: "2 hours" });
  assert.equal(row("schema").querySelector("li").textContent, "<b>Not JSON.</b>");
  assert.equal(row("schema").querySelector("textarea").getAttribute("aria-invalid"), "true");
  assert.equal(row("time_limit_seconds").querySelector("li").textContent, "= 2 hours");
  showFaults(one, { errors: { schema: [], time_limit_seconds: ["Too short."] }, time_limit: "" });
  assert.equal(row("schema").querySelector("li"), null);
  assert.equal(row("schema").querySelector("textarea").getAttribute("aria-invalid"), "false");
  assert.equal(row("time_limit_seconds").querySelector("li").textContent, "Too short.");
});
