/**
 * Values against a JSON Schema, and what is wrong in words. The validator is loaded only when a card needs it;
 * a schema it cannot read holds nobody up: the server checks as well.
 */

/** @typedef {{path: string[], message: string}} Problem */
/** @typedef {(value: unknown) => Problem[]} Check */

/** @param {Record<string, any>} schema @returns {Promise<Check>} */
export async function checkOf(schema) {
  const { Validator } = await import("../../vendor/json-schema.js");
  return checkWith(Validator, schema);
}

/**
 * @param {new (schema: any, draft?: any, shortCircuit?: boolean) => {validate(value: unknown): {errors: any[]}}} Validator
 * @param {Record<string, any>} schema
 * @returns {Check}
 */
export function checkWith(Validator, schema) {
  return (value) => {
    let errors;
    try {
      errors = new Validator(schema, "2020-12", false).validate(value).errors;
    } catch (error) {
      console.warn("a tool's schema could not be used", error);
      return [];
    }
    return problemsOf(errors, schema);
  };
}

/**
 * Only what lies deepest: "the object is wrong because its part is" says nothing.
 * @param {{keyword: string, keywordLocation: string, instanceLocation: string, error: string}[]} errors
 * @param {Record<string, any>} schema
 * @returns {Problem[]}
 */
function problemsOf(errors, schema) {
  const leaves = errors.filter(({ keyword }) => !OUTER.has(keyword));
  /** @type {Map<string, Problem>} one message a place */
  const found = new Map();
  for (const { keyword, keywordLocation, instanceLocation, error } of leaves.length ? leaves : errors) {
    const path = stepsOf(instanceLocation);
    if (keyword === "required") path.push(/"([^"]*)"/.exec(error)?.[1] ?? "");
    const key = JSON.stringify(path);
    if (!found.has(key)) found.set(key, { path, message: words(keyword, limitAt(schema, keywordLocation)) });
  }
  return [...found.values()];
}

const OUTER = new Set(["properties", "items", "prefixItems", "additionalProperties", "patternProperties", "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"]);

/** @param {string} location "#/a/0" @returns {string[]} */
function stepsOf(location) {
  return location.split("/").slice(1).map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** @param {Record<string, any>} schema @param {string} location @returns {unknown} */
function limitAt(schema, location) {
  return stepsOf(location).reduce((/** @type {any} */ at, step) => (typeof at === "object" && at !== null && Object.hasOwn(at, step) ? at[step] : undefined), schema);
}

/** @param {string} keyword @param {unknown} limit */
function words(keyword, limit) {
  if (limit === undefined && keyword !== "required") return gettext("This does not fit."); // behind a $ref
  const at = (/** @type {string} */ text) => interpolate(text, { limit: String(limit) }, true);
  switch (keyword) {
    case "required": return gettext("This is needed.");
    case "minimum": return at(gettext("At least %(limit)s."));
    case "maximum": return at(gettext("At most %(limit)s."));
    case "exclusiveMinimum": return at(gettext("More than %(limit)s."));
    case "exclusiveMaximum": return at(gettext("Less than %(limit)s."));
    case "multipleOf": return at(gettext("A multiple of %(limit)s."));
    case "minLength": return at(gettext("At least %(limit)s characters."));
    case "maxLength": return at(gettext("At most %(limit)s characters."));
    case "minItems": return at(gettext("At least %(limit)s entries."));
    case "maxItems": return at(gettext("At most %(limit)s entries."));
    case "uniqueItems": return gettext("Each entry only once.");
    case "pattern": return at(gettext("This does not have the right form (%(limit)s)."));
    case "format": return formatWords(String(limit));
    case "enum": case "const": return gettext("This is not one of the values that are possible.");
    case "type": return typeWords(limit);
    default: return gettext("This does not fit.");
  }
}

/** @param {string} format */
function formatWords(format) {
  switch (format) {
    case "email": return gettext("An e-mail address, please.");
    case "uri": return gettext("A web address, please.");
    case "date": return gettext("A date, please.");
    case "date-time": return gettext("A date and a time, please.");
    default: return gettext("This does not have the right form.");
  }
}

/** @param {unknown} type */
function typeWords(type) {
  switch (type) {
    case "string": return gettext("Words, please.");
    case "integer": return gettext("A whole number, please.");
    case "number": return gettext("A number, please.");
    case "boolean": return gettext("Yes or no, please.");
    case "array": return gettext("A list, please.");
    case "object": return gettext("Several values, please: a JSON object.");
    default: return gettext("This does not fit.");
  }
}
