/** What a workflow is started with: which fields, what is missing, and the values in a few words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "../../static/js/lib/i18n.js";
import { fieldForWords, missingOf, startFields } from "../../static/js/lib/starting.js";
import { valueLines } from "../../static/js/lib/value-lines.js";

const schema = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } }, required: ["city"] };
const workflow = { id: "w", kind: "workflow", parameters: schema, kept_parameters: {} };

test("only a workflow with a schema has a form", () => {
  assert.deepEqual(startFields(workflow).map((field) => field.name), ["city", "days"]);
  assert.deepEqual(startFields({ ...workflow, kind: "bot" }), []);
  assert.deepEqual(startFields({ ...workflow, parameters: null }), []);
  assert.deepEqual(startFields(undefined), []);
});

test("what is needed is missing until it is there; false and 0 are there", () => {
  const fields = startFields({ ...workflow, parameters: { ...schema, required: ["city", "days"] } });
  assert.deepEqual(missingOf(fields, {}), ["city", "days"]);
  assert.deepEqual(missingOf(fields, { city: "", days: 0 }), ["city"]);
  assert.deepEqual(missingOf(fields, { city: "Ulm", days: 3 }), []);
});

test("words are the one field of text, unless that was filled in or there are two", () => {
  const fields = startFields(workflow);
  assert.equal(fieldForWords(fields, {}), "city");
  assert.equal(fieldForWords(fields, { city: "Ulm" }), null);
  const two = startFields({ ...workflow, parameters: { ...schema, properties: { ...schema.properties, date: { type: "string" } } } });
  assert.equal(fieldForWords(two, {}), null);
});

test("values are shown in one line each, empty ones and file ids are not", () => {
  const lines = valueLines({ city: "Ulm\n am Rhein", ok: false, list: [1, 2], none: "", file: "file:1-2", long: "x".repeat(500) });
  assert.deepEqual(lines.slice(0, 4), [
    { name: "city", text: "Ulm am Rhein" },
    { name: "ok", text: "No" },
    { name: "list", text: "[1,2]" },
    { name: "file", text: "a file" },
  ]);
  assert.equal(lines[4].text.length, 120);
});
