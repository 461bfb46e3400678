/** What a workflow is started with: its fields, and what is still missing. Pure. */

import { fieldsOfSchema } from "./fields.js";
import { isNothing } from "./value-lines.js";

/** @typedef {import("./fields.js").FieldSpec} FieldSpec */

/** @param {Chat.Bot | undefined} bot @returns {FieldSpec[]} empty for a bot that is simply asked */
export function startFields(bot) {
  return bot?.kind === "workflow" ? (fieldsOfSchema(bot.parameters) ?? []) : [];
}

/** @param {FieldSpec[]} fields @param {Record<string, unknown>} values @returns {string[]} names of what is needed and not there */
export function missingOf(fields, values) {
  return fields.filter((field) => field.required && isNothing(values[field.name])).map((field) => field.name);
}

/**
 * Words typed beside a form with one field of text are that field's, unless it was filled in; so says the server too.
 * @param {FieldSpec[]} fields
 * @param {Record<string, unknown>} values
 * @returns {string | null} the name of that field
 */
export function fieldForWords(fields, values) {
  const texts = fields.filter((field) => (field.kind === "text" || field.kind === "long") && !field.input);
  const [only] = texts;
  return texts.length === 1 && only && isNothing(values[only.name]) ? only.name : null;
}
