/** What a bot asks before a conversation begins: the form over the composer, and what it adds to a question. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";

const { askedFields, joined, parted } = await import("../../static/js/lib/asked-fields.js");
const { stateFromPage } = await import("../../static/js/lib/reducer.js");
const { createStore } = await import("../../static/js/lib/store.js");
Object.assign(globalThis, { localStorage: window.localStorage, location: window.location });
await import("../../static/js/elements/bot-picker.js");
await import("../../static/js/elements/asked-values.js");

const asked = (kept = {}) => ({
  parameters: { type: "object", properties: { city: { type: "integer", default: 3 } } },
  variables: { type: "object", properties: { city: { type: "string", title: "City" } }, required: ["city"] },
  kept,
});
const bot = (more = {}) => ({ id: "b1", name: "Echo", kind: "bot", shortcuts: [], asked: null, kept_parameters: {}, parameters: null, suggested_questions: [], ...more });

test("two parts may have a field of the same name", () => {
  const fields = askedFields(bot({ asked: asked() }));
  assert.deepEqual(fields.map(({ name, label, required }) => [name, label, required]), [["parameters.city", "city", false], ["variables.city", "City", true]]);
  const parts = { parameters: { city: 3 }, variables: { city: "Rome" } };
  assert.deepEqual(parted(joined(parts)), parts);
  assert.deepEqual(askedFields(bot()), []);
});

function opened(one) {
  localStorage.clear();
  const store = createStore(stateFromPage(pageState({ bots: [one] }), 0));
  document.body.innerHTML = "<bot-picker><label class='bot'><input type='radio' name='bot' value='b1' checked></label></bot-picker><asked-values hidden></asked-values>";
  const form = document.querySelector("asked-values");
  form.page = { store };
  const heard = { ask: [], compose: [] };
  const abort = new window.AbortController();
  for (const name of ["ask", "compose"]) document.addEventListener(name, (event) => heard[name].push(event.detail), { signal: abort.signal });
  const ask = (detail) => document.body.dispatchEvent(new CustomEvent("ask", { bubbles: true, cancelable: true, detail }));
  const done = () => {
    abort.abort();
    form.fieldsOf = () => []; // the next test's page has a form of its own
  };
  return { store, form, heard, ask, done };
}

test("a question is kept back while something is missing, and nothing of it is lost", () => {
  const { form, heard, ask, done } = opened(bot({ asked: asked() }));
  assert.equal(form.hidden, false);
  assert.equal(ask({ text: "hello" }), false);
  assert.deepEqual(heard, { ask: [], compose: [{ text: "hello" }] });
  const field = form.querySelector("[aria-invalid=true]");
  assert.equal(document.activeElement, field);
  field.value = "Rome";
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  assert.equal(ask({ text: "hello" }), true);
  assert.deepEqual(heard.ask, [{ text: "hello", asked: { parameters: { city: 3 }, variables: { city: "Rome" } } }]);
  done();
});

test("last time's values are there, folded away", () => {
  const { form, heard, ask, done } = opened(bot({ asked: asked({ variables: { city: "Oslo" } }) }));
  assert.equal(form.querySelector("details").open, false);
  assert.match(form.querySelector("summary").textContent, /Oslo/);
  ask({ text: "hello" });
  assert.equal(heard.ask[0].asked.variables.city, "Oslo");
  done();
});

test("a bot that asks nothing shows nothing and changes no question", () => {
  const { form, heard, ask, done } = opened(bot());
  assert.equal(form.hidden, true);
  ask({ text: "hello" });
  assert.deepEqual(heard.ask, [{ text: "hello" }]);
  done();
});
