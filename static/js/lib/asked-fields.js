/** What a bot asks before a conversation begins (M-030), as one list of fields: parameters and variables. Pure. */

import { fieldsOfSchema } from "./fields.js";

/** @typedef {import("./fields.js").FieldSpec} FieldSpec */
/** @typedef {Record<string, Record<string, unknown>>} Parts values by "parameters" and "variables" */

const PARTS = /** @type {const} */ (["parameters", "variables"]);

/** @param {Chat.Bot | undefined} bot @returns {FieldSpec[]} their names begin with the part: both may have the same */
export function askedFields(bot) {
  return PARTS.flatMap((part) => (fieldsOfSchema(bot?.asked?.[part] ?? null) ?? []).map((field) => ({ ...field, name: `${part}.${field.name}` })));
}

/** @param {Parts | undefined} parts @returns {Record<string, unknown>} by the names of `askedFields` */
export function joined(parts) {
  return Object.fromEntries(PARTS.flatMap((part) => Object.entries(parts?.[part] ?? {}).map(([name, value]) => [`${part}.${name}`, value])));
}

/** @param {Record<string, unknown>} values by the names of `askedFields` @returns {Parts} */
export function parted(values) {
  const partOf = (/** @type {string} */ part) => Object.entries(values).filter(([name]) => name.startsWith(`${part}.`)).map(([name, value]) => [name.slice(part.length + 1), value]);
  return Object.fromEntries(PARTS.map((part) => [part, Object.fromEntries(partOf(part))]));
}
