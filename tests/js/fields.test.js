/** What a form asks for, and what comes out of it: typed, complete, and nothing that nobody said. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { window } from "./browser.js";
import { fieldsOfQuestion, fieldsOfSchema } from "../../static/js/lib/fields.js";
import { problemOf, rawOf, valueOf, withOffset } from "../../static/js/lib/field-values.js";
import { checkOf } from "../../static/js/lib/schema-words.js";

const { FieldForm } = await import("../../static/js/elements/field-form.js");
const { CommandFailed } = await import("../../static/js/lib/commands.js");

const field = (type, more = {}) => ({ type, required: false, description: "", default: null, schema: null, ...more });
const object = (properties, required = []) => ({ type: "object", properties, required });
const kinds = (fields) => Object.fromEntries(fields.map((one) => [one.name, one.kind]));
const settle = () => new Promise(setImmediate);

describe("the fields of a question", () => {
  it("know every type of the upstream's", () => {
    const types = ["string", "integer", "number", "boolean", "time", "array", "object", "file", "default", "image", "svg", "audio", "video", "voice", "doc", "ppt", "excel", "txt", "code", "zip", "unheard-of"];
    const found = kinds(fieldsOfQuestion(Object.fromEntries(types.map((type) => [type, field(type)]))));
    const files = types.slice(7, 20).map((type) => found[type]);
    assert.deepEqual(new Set(files), new Set(["file"]));
    assert.deepEqual([found.string, found.integer, found.number, found.boolean, found.time, found["unheard-of"]], ["text", "integer", "number", "boolean", "time", "text"]);
    assert.deepEqual([found.array, found.object], ["json", "json"], "without a schema only JSON is left");
  });
  it("read elements and properties in both spellings of the wire", () => {
    const [list] = fieldsOfQuestion({ a: field("array", { schema: { type: "integer" } }) });
    assert.equal(list.item.kind, "integer");
    const [studio] = fieldsOfQuestion({ a: field("object", { schema: [{ type: "string", name: "photo", assistType: 2, required: true }] }) });
    assert.deepEqual([studio.kind, studio.fields[0].name, studio.fields[0].kind, studio.fields[0].required], ["object", "photo", "file", true]);
    const [saas] = fieldsOfQuestion({ a: field("object", { schema: { n: { type: "integer", default_value: "3" } } }) });
    assert.deepEqual([saas.fields[0].kind, saas.fields[0].initial], ["integer", 3]);
  });
  it("turn defaults, which are always text, into values", () => {
    const initial = (type, preset, schema = null) => fieldsOfQuestion({ a: field(type, { default: preset, schema }) })[0].initial;
    assert.deepEqual([initial("integer", "3"), initial("boolean", "True"), initial("string", "3"), initial("array", '["x"]', { type: "string" }), initial("number", "a few"), initial("string", null)], [3, true, "3", ["x"], "a few", undefined]);
  });
  it("ask for yes or no in words where one must be said", () => {
    const [must, may] = fieldsOfQuestion({ must: field("boolean", { required: true }), may: field("boolean") });
    assert.deepEqual([must.kind, must.choices.map((choice) => choice.value), may.kind], ["choice", [true, false], "boolean"]);
  });
});

describe("the fields of a schema", () => {
  it("take titles, choices, formats and references", () => {
    const schema = {
      $defs: { size: { enum: ["s", "l"], title: "Size" } },
      ...object({ size: { $ref: "#/$defs/size" }, when: { type: "string", format: "date-time" }, photo: { type: "string", format: "file", "x-file": "image" }, note: { type: "string", maxLength: 500 }, maybe: { type: ["string", "null"] }, any: {} }, ["size"]),
    };
    const fields = fieldsOfSchema(schema);
    assert.deepEqual(kinds(fields), { size: "choice", when: "time", photo: "file", note: "long", maybe: "text", any: "json" });
    assert.deepEqual([fields[0].label, fields[0].required, fields[2].accept], ["Size", true, "image/*"]);
  });
  it("that no form can show are left to the JSON editor", () => {
    assert.deepEqual([fieldsOfSchema(null), fieldsOfSchema({ type: "string" }), fieldsOfSchema({ type: "object" })], [null, null, null]);
  });
  it("end, even where a schema holds itself", () => {
    const schema = { $ref: "#/$defs/node", $defs: { node: object({ next: { $ref: "#/$defs/node" } }) } };
    const deepest = (fields) => (fields ? 1 + deepest(fields[0].fields) : 0);
    assert.ok(deepest(fieldsOfSchema(schema)) < 12);
    assert.equal(fieldsOfSchema({ $ref: "#/$defs/loop", $defs: { loop: { $ref: "#/$defs/loop" } } }), null);
  });
});

describe("what is typed", () => {
  it("becomes a value of its kind, or stays what it is", () => {
    const value = (kind, raw) => valueOf({ kind, choices: [{ value: 7, label: "seven" }] }, raw);
    assert.deepEqual([value("integer", " 3 "), value("number", "2.5"), value("integer", "three"), value("text", " a "), value("integer", ""), value("choice", "0"), value("json", '{"a":1}'), value("boolean", undefined)], [3, 2.5, "three", " a ", undefined, 7, { a: 1 }, undefined]);
  });
  it("is found wrong with a reason", () => {
    const wrong = (kind, raw, required = false) => problemOf({ kind, required }, raw) !== "";
    assert.deepEqual([wrong("integer", "2.5"), wrong("integer", "2"), wrong("number", "0x10"), wrong("json", "{"), wrong("json", '"word"'), wrong("text", ""), wrong("text", "", true)], [true, false, true, true, false, false, true]);
  });
  it("as a moment carries the offset of its day, and comes back to the same clock", () => {
    const sent = withOffset("2026-12-24T10:30");
    assert.match(sent, /^2026-12-24T10:30:00[+-]\d\d:\d\d$/);
    assert.equal(new Date(sent).getTime(), new Date("2026-12-24T10:30").getTime());
    assert.equal(rawOf({ kind: "time" }, sent), "2026-12-24T10:30");
    assert.equal(rawOf({ kind: "time" }, "2026-12-24"), "2026-12-24T00:00");
  });
});

describe("a form", () => {
  function form(fields, values) {
    const element = new FieldForm();
    document.body.append(element);
    element.fill(fields, values);
    return element;
  }
  const input = (element, index = 0) => element.querySelectorAll("input, select, textarea")[index];
  function type(control, text) {
    if (control.type === "checkbox") control.checked = text;
    else control.value = text;
    control.dispatchEvent(new window.Event("input", { bubbles: true }));
  }

  it("ties label, help and message to the input", () => {
    const element = form(fieldsOfQuestion({ days: field("integer", { required: true, description: "How many" }) }));
    const control = input(element);
    assert.equal(element.querySelector("label").htmlFor, control.id);
    element.problems();
    const told = control.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent);
    assert.deepEqual(told, ["How many", "This is needed."]);
    assert.deepEqual([control.getAttribute("aria-invalid"), document.activeElement], ["true", control]);
  });
  it("trap 3: is seeded once, so that no redraw wipes what is typed", () => {
    const fields = fieldsOfQuestion({ days: field("integer", { default: "3" }), note: field("string") });
    const element = form(fields, { note: "kept" });
    assert.deepEqual(element.values, { days: 3, note: "kept" });
    type(input(element), "5");
    element.fill(fieldsOfQuestion({ days: field("integer", { default: "3" }), note: field("string") }), { note: "older" });
    assert.deepEqual(element.values, { days: 5, note: "kept" });
  });
  it("says nothing of an optional box that nobody touched, and no once it was", () => {
    const element = form(fieldsOfQuestion({ sure: field("boolean") }));
    assert.deepEqual(element.values, {});
    type(input(element), true);
    type(input(element), false);
    assert.deepEqual(element.values, { sure: false });
  });
  it("remembers for a draft what was emptied by hand", () => {
    const fields = fieldsOfQuestion({ days: field("integer", { default: "3" }) });
    const element = form(fields);
    type(input(element), "");
    assert.deepEqual([element.values, element.kept], [{}, { days: "" }]);
    assert.deepEqual(form(fields, element.kept).values, {});
  });
  it("keeps what is no number, to be put right", () => {
    const fields = fieldsOfQuestion({ days: field("integer") });
    const element = form(fields);
    type(input(element), "two");
    assert.equal(element.problems()[0].message, "A whole number, please.");
    assert.equal(input(form(fields, element.kept)).value, "two");
  });
  it("grows and shrinks lists, and puts messages into them", () => {
    const element = form(fieldsOfQuestion({ stops: field("array", { required: true, schema: { type: "integer" } }) }));
    assert.deepEqual(element.problems(), [{ path: ["stops"], message: "Add at least one." }]);
    const add = [...element.querySelectorAll("button")].find((button) => button.textContent === "Add");
    add.click();
    type(input(element), "4");
    add.click();
    type(input(element, 1), "x");
    assert.deepEqual(element.problems().map((problem) => problem.path), [["stops", "1"]]);
    element.querySelectorAll("[aria-label=Remove]")[1].click();
    assert.deepEqual([element.problems(), element.values], [[], { stops: [4] }]);
  });
  it("asks nothing of an optional object that nobody began", () => {
    const fields = fieldsOfQuestion({ hotel: field("object", { schema: { name: { type: "string", required: true }, stars: { type: "integer" } } }) });
    const element = form(fields);
    assert.deepEqual([element.problems(), element.values], [[], {}]);
    type(input(element, 1), "3");
    assert.deepEqual(element.problems().map((problem) => problem.path), [["hotel", "name"]]);
  });
  it("survives names made to break it", () => {
    const element = form(fieldsOfQuestion({ __proto__x: field("string"), ["__proto__"]: field("string"), constructor: field("string") }));
    for (const control of element.querySelectorAll("input")) type(control, "v");
    assert.equal(JSON.stringify(element.values), '{"__proto__x":"v","__proto__":"v","constructor":"v"}');
  });
  it("puts what the schema says at the field it is about", async () => {
    const schema = object({ rain: { type: "number", maximum: 100 }, at: object({ name: { type: "string", minLength: 3 } }) }, ["rain"]);
    const check = await checkOf(schema);
    const element = form(fieldsOfSchema(schema));
    element.check = check;
    type(input(element), "120");
    type(input(element, 1), "ab");
    assert.deepEqual(element.problems(), [{ path: ["rain"], message: "At most 100." }, { path: ["at", "name"], message: "At least 3 characters." }]);
    type(input(element), "80");
    type(input(element, 1), "Oslo");
    assert.deepEqual(element.problems(), []);
  });
  it("is not held up by a schema nobody can read", async (t) => {
    t.mock.method(console, "warn", () => {});
    const check = await checkOf({ type: "object", properties: { a: { pattern: "(" } } });
    assert.deepEqual(check({ a: "x" }), []);
  });
  it("uploads a file, says so, and can try again", async () => {
    const element = form(fieldsOfQuestion({ photo: field("image", { required: true }) }));
    const uploads = [];
    element.upload = (file, progress, signal) => new Promise((done, fail) => uploads.push({ file, progress, signal, done, fail }));
    const picker = element.querySelector("input[type=file]");
    const pick = (name) => {
      Object.defineProperty(picker, "files", { value: [{ name }], configurable: true });
      picker.dispatchEvent(new window.Event("change"));
    };
    pick("a.png");
    assert.equal(element.problems()[0].message, "The file is still on its way.");
    uploads[0].fail(new CommandFailed({ reason: "network", sentence: "", advice: "", fields: {}, status: 0 }));
    await settle();
    assert.equal(element.problems()[0].message, "Not uploaded: the site cannot be reached.");
    [...element.querySelectorAll("button")].find((button) => button.textContent === "Try again").click();
    uploads[1].done({ id: "7", name: "a.png", mime: "image/png", size_bytes: 1_400_000 });
    await settle();
    assert.deepEqual([element.problems(), element.values], [[], { photo: "file:7" }]);
    assert.match(element.textContent, /a\.png1\.4 MB/);
  });
});
