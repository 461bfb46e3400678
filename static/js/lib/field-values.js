/**
 * What is typed into a field, as a value of its kind, and what is wrong with it. Pure, but for the clock's zone.
 * "Raw" is what a control holds (mostly text); a value that cannot be read stays the text it is: nothing is lost.
 */

/** @typedef {import("./fields.js").FieldSpec} FieldSpec */

/**
 * @param {FieldSpec} field one that a single control shows
 * @param {unknown} raw
 * @returns {unknown} undefined for nothing
 */
export function valueOf({ kind, choices }, raw) {
  if (raw === undefined || raw === null) return undefined;
  if (kind === "boolean") return Boolean(raw);
  const text = String(raw);
  if (kind === "choice") return choices?.[Number(text)]?.value;
  if (kind === "text" || kind === "long") return text === "" ? undefined : text;
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (kind === "integer" || kind === "number") return NUMBER.test(trimmed) ? Number(trimmed) : text;
  if (kind === "time") return withOffset(trimmed);
  if (kind === "json") return parsed(text).value;
  return trimmed;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * @param {FieldSpec} field
 * @param {unknown} value typed, or what could not be read
 * @returns {string} what a control shows for it; a "choice" is its place in the list
 */
export function rawOf({ kind, choices }, value) {
  if (value === undefined || value === null) return "";
  if (kind === "choice") {
    const wanted = JSON.stringify(value);
    const index = (choices ?? []).findIndex((choice) => JSON.stringify(choice.value) === wanted);
    return index < 0 ? "" : String(index);
  }
  if (kind === "json") return typeof value === "string" && parsed(value).problem ? value : JSON.stringify(value, null, 2);
  if (kind === "time" && typeof value === "string") return localTime(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * @param {FieldSpec} field
 * @param {unknown} raw
 * @returns {string} what is wrong, or ""
 */
export function problemOf(field, raw) {
  const { kind, required } = field;
  const value = valueOf(field, raw);
  if (value === undefined) return required ? missing(kind) : "";
  if (kind === "integer" && !Number.isInteger(value)) return gettext("A whole number, please.");
  if (kind === "number" && typeof value !== "number") return gettext("A number, please.");
  if (kind === "time" && !isMoment(value)) return gettext("A date and a time, please.");
  return kind === "json" ? parsed(String(raw)).problem : "";
}

/** @param {string} kind */
function missing(kind) {
  return kind === "choice" ? gettext("Choose one.") : gettext("This is needed.");
}

/** @param {string} text @returns {{value: unknown, problem: string}} the text itself while it is no JSON */
function parsed(text) {
  try {
    return { value: JSON.parse(text), problem: "" };
  } catch (error) {
    if (error instanceof SyntaxError) return { value: text, problem: gettext("This is not valid JSON yet.") };
    throw error;
  }
}

/** @param {unknown} value */
function isMoment(value) {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

/**
 * @param {string} local as a datetime-local input has it: 2026-12-24T10:30
 * @returns {string} with seconds and the offset of that day in the reader's zone
 */
export function withOffset(local) {
  const at = new Date(local);
  if (Number.isNaN(at.getTime()) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || /(?:z|[+-]\d\d:?\d\d)$/i.test(local)) return local;
  const offset = -at.getTimezoneOffset();
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  const seconds = local.length === 16 ? ":00" : "";
  return `${local}${seconds}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

/** @param {string} value @returns {string} a moment as a datetime-local input takes it; "" for what is none */
function localTime(value) {
  const at = new Date(value.trim().replace(/^(\d{4}-\d\d-\d\d)$/, "$1T00:00").replace(/^(\d{4}-\d\d-\d\d) (\d)/, "$1T$2"));
  if (Number.isNaN(at.getTime())) return "";
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const date = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
