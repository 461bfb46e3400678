/**
 * What a form asks for, as one list of fields, whether it comes from a JSON Schema (a tool's output, a workflow's
 * start parameters) or from a question's typed fields. Pure. Whatever cannot be shown as a form is of kind "json".
 */

/**
 * @typedef {"text" | "long" | "integer" | "number" | "boolean" | "choice" | "time" | "date" | "list" | "object" | "file" | "json"} Kind
 *   "time" is a moment: a date with a time of day and its offset
 * @typedef {object} FieldSpec
 * @property {string} name
 * @property {string} label
 * @property {Kind} kind
 * @property {boolean} required
 * @property {string} description
 * @property {unknown} initial typed; undefined for none
 * @property {{value: unknown, label: string}[]} [choices] of a "choice"
 * @property {FieldSpec} [item] what a "list" is made of
 * @property {FieldSpec[]} [fields] of an "object"
 * @property {string} [accept] of a "file", as an input's `accept`
 * @property {"email" | "url" | "time"} [input] of a "text": the native input type that fits
 *
 * @typedef {Record<string, any>} Schema
 */

/** From this length on a text gets several lines. */
const LONG = 120;
const DEEPEST = 6;

/**
 * @param {Schema | null} schema JSON Schema of an object
 * @returns {FieldSpec[] | null} null when a form cannot show it
 */
export function fieldsOfSchema(schema) {
  if (!isMap(schema)) return null;
  const root = resolved(schema, schema, 0);
  if (!root || typeOf(root) !== "object" || !isMap(root.properties)) return null;
  return propertiesOf(root, schema, 0);
}

/**
 * @param {Record<string, Chat.Field>} fields
 * @returns {FieldSpec[]}
 */
export function fieldsOfQuestion(fields) {
  return Object.entries(fields).map(([name, field]) => typedField(name, field, 0));
}

/** @param {Schema} object @param {Schema} root @param {number} depth @returns {FieldSpec[]} */
function propertiesOf(object, root, depth) {
  const required = Array.isArray(object.required) ? object.required : [];
  return Object.entries(object.properties).map(([name, schema]) => schemaField(name, schema, required.includes(name), root, depth));
}

/**
 * @param {string} name
 * @param {unknown} schema
 * @param {boolean} required
 * @param {Schema} root for `$ref`
 * @param {number} depth
 * @returns {FieldSpec}
 */
function schemaField(name, schema, required, root, depth) {
  const found = isMap(schema) ? resolved(schema, root, 0) : null;
  const base = {
    name,
    label: textOf(found?.title) || name,
    required,
    description: textOf(found?.description),
    initial: found?.default,
  };
  if (!found || depth > DEEPEST) return { ...base, kind: "json" };
  return { ...base, ...shapeOf(found, root, depth, required) };
}

/**
 * @param {Schema} schema
 * @param {Schema} root
 * @param {number} depth
 * @param {boolean} required
 * @returns {Pick<FieldSpec, "kind" | "choices" | "item" | "fields" | "accept" | "input">}
 */
function shapeOf(schema, root, depth, required) {
  const choices = choicesOf(schema);
  if (choices) return { kind: "choice", choices };
  switch (typeOf(schema)) {
    case "string": return textShape(schema);
    case "integer": return { kind: "integer" };
    case "number": return { kind: "number" };
    case "boolean": return booleanShape(required && schema.default === undefined);
    case "array": return listShape(schema, root, depth);
    case "object": return isMap(schema.properties) ? { kind: "object", fields: propertiesOf(schema, root, depth + 1) } : { kind: "json" };
    default: return { kind: "json" };
  }
}

/** @param {Schema} schema @returns {Pick<FieldSpec, "kind" | "accept" | "input">} */
function textShape(schema) {
  switch (schema.format) {
    case "file": return { kind: "file", accept: acceptOf(textOf(schema["x-file"]) || textOf(schema.contentMediaType)) };
    case "date-time": return { kind: "time" };
    case "date": return { kind: "date" };
    case "time": return { kind: "text", input: "time" };
    case "email": return { kind: "text", input: "email" };
    case "uri": return { kind: "text", input: "url" };
    default: return { kind: isLong(schema) ? "long" : "text" };
  }
}

/** @param {Schema} schema */
function isLong({ format, maxLength, minLength }) {
  return format === "textarea" || format === "markdown" || Number(maxLength) > LONG || Number(minLength) > LONG;
}

/** @param {Schema} schema @param {Schema} root @param {number} depth @returns {Pick<FieldSpec, "kind" | "item">} */
function listShape(schema, root, depth) {
  if (!isMap(schema.items)) return { kind: "json" };
  return { kind: "list", item: schemaField("", schema.items, true, root, depth + 1) };
}

/**
 * Who must say yes or no is given both words, so that "no" is said and not merely left.
 * @param {boolean} isOpen
 * @returns {Pick<FieldSpec, "kind" | "choices">}
 */
function booleanShape(isOpen) {
  if (!isOpen) return { kind: "boolean" };
  return { kind: "choice", choices: [{ value: true, label: gettext("Yes") }, { value: false, label: gettext("No") }] };
}

/** @param {Schema} schema @returns {{value: unknown, label: string}[] | null} */
function choicesOf(schema) {
  if (Array.isArray(schema.enum)) return schema.enum.filter((value) => value !== null).map((value) => ({ value, label: labelOf(value) }));
  const branches = schema.oneOf ?? schema.anyOf;
  const isChoice = Array.isArray(branches) && branches.length > 0 && branches.every((one) => isMap(one) && "const" in one);
  return isChoice ? branches.map((one) => ({ value: one.const, label: textOf(one.title) || labelOf(one.const) })) : null;
}

/** @param {Schema} schema @returns {string} "" when it may be several things */
function typeOf({ type, properties }) {
  if (Array.isArray(type)) {
    const real = type.filter((one) => one !== "null");
    return real.length === 1 ? String(real[0]) : "";
  }
  return textOf(type) || (isMap(properties) ? "object" : "");
}

/** @param {Schema} schema @param {Schema} root @param {number} steps @returns {Schema | null} null for what leads nowhere */
function resolved(schema, root, steps) {
  if (typeof schema.$ref !== "string") return schema;
  if (steps > DEEPEST || !schema.$ref.startsWith("#/")) return null;
  const names = schema.$ref.slice(2).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const { $ref, ...own } = schema;
  const found = names.reduce((/** @type {any} */ at, name) => (isMap(at) && Object.hasOwn(at, name) ? at[name] : undefined), root);
  return isMap(found) ? resolved({ ...found, ...own }, root, steps + 1) : null;
}

const FILES = /** @type {Record<string, string>} */ ({
  image: "image/*",
  svg: ".svg,image/svg+xml",
  audio: "audio/*",
  voice: "audio/*",
  video: "video/*",
  doc: ".doc,.docx,.pdf",
  ppt: ".ppt,.pptx",
  excel: ".xls,.xlsx,.csv",
  txt: ".txt,.md,text/plain",
  code: "",
  zip: ".zip,.rar,.7z,.tar,.gz",
  file: "",
  default: "",
});

/** @param {string} kind a kind of the upstream's, or a media type */
function acceptOf(kind) {
  return FILES[kind] ?? (kind.includes("/") ? kind : "");
}

/**
 * @param {string} name
 * @param {Chat.Field} field
 * @param {number} depth
 * @returns {FieldSpec}
 */
function typedField(name, { type, required, description, default: preset, schema }, depth) {
  const kind = textOf(type).toLowerCase();
  const base = { name, label: name, required, description };
  const shape = typedShape(kind, schema, depth, required && (preset === null || preset === ""));
  return { ...base, ...shape, initial: initialOf(preset, shape.kind) };
}

/**
 * @param {string} type
 * @param {unknown} schema elements of an array or properties of an object, as received
 * @param {number} depth
 * @param {boolean} isOpen required and without a default
 * @returns {Pick<FieldSpec, "kind" | "choices" | "item" | "fields" | "accept">}
 */
function typedShape(type, schema, depth, isOpen) {
  if (Object.hasOwn(FILES, type)) return { kind: "file", accept: acceptOf(type) };
  switch (type) {
    case "string": return { kind: "text" };
    case "integer": return { kind: "integer" };
    case "number": case "float": return { kind: "number" };
    case "boolean": return booleanShape(isOpen);
    case "time": return { kind: "time" };
    case "array": case "list": return typedList(schema, depth);
    case "object": {
      const fields = depth > DEEPEST ? [] : typedChildren(schema, depth);
      return fields.length ? { kind: "object", fields } : { kind: "json" };
    }
    default: return { kind: "text" };
  }
}

/** @param {unknown} schema @param {number} depth @returns {Pick<FieldSpec, "kind" | "item">} */
function typedList(schema, depth) {
  const element = Array.isArray(schema) ? schema[0] : schema;
  if (!isMap(element) || depth > DEEPEST) return { kind: "json" };
  return { kind: "list", item: typedField("", fieldFrom({ ...element, required: true }), depth + 1) };
}

/** A map by name, or a list of elements with names. @param {unknown} schema @param {number} depth @returns {FieldSpec[]} */
function typedChildren(schema, depth) {
  const pairs = Array.isArray(schema)
    ? schema.filter(isMap).map((element) => /** @type {const} */ ([textOf(element.name), element]))
    : Object.entries(isMap(schema) ? schema : {}).filter(([, element]) => isMap(element));
  return pairs.map(([name, element]) => typedField(name, fieldFrom(element), depth + 1));
}

/** What the upstream calls 10000 on a string, and the files it numbers. */
const ASSISTED = /** @type {Record<number, string>} */ ({
  1: "file", 2: "image", 3: "doc", 4: "code", 5: "ppt", 6: "txt", 7: "excel", 8: "audio", 9: "zip", 10: "video", 11: "svg", 12: "voice", 10000: "time",
});

/** @param {Schema} element as received: both spellings of the wire @returns {Chat.Field} */
function fieldFrom(element) {
  const assisted = element.type === "string" ? ASSISTED[element.assistType] : undefined;
  return {
    type: assisted ?? (textOf(element.type) || "string"),
    required: element.required === true,
    description: textOf(element.description),
    default: element.default_value ?? element.defaultValue ?? element.default ?? null,
    schema: element.items ?? element.properties ?? element.schema ?? null,
  };
}

/** Defaults come as text whatever the type. @param {unknown} preset @param {Kind} kind */
function initialOf(preset, kind) {
  if (preset === null || preset === undefined || preset === "") return undefined;
  if (typeof preset !== "string") return preset;
  const isTyped = kind === "integer" || kind === "number" || kind === "boolean" || kind === "choice" || kind === "list" || kind === "object" || kind === "json";
  return isTyped ? parsedOr(kind === "boolean" || kind === "choice" ? preset.toLowerCase() : preset) : preset;
}

/** @param {string} text @returns {unknown} the text itself when it is no JSON */
function parsedOr(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** @param {unknown} value */
function labelOf(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === "string" ? value : "";
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
