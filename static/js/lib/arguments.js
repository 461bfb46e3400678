/** What a model wrote as arguments, as a tree that a card can show; whatever is no JSON stays text. Pure. */

/**
 * @typedef {{kind: "leaf", text: string} | {kind: "text", text: string}
 *   | {kind: "map" | "list", entries: {name: string, value: Tree}[], more: number}} Tree
 *   "text" is what could not be read; `more` entries are not shown
 */

const DEEPEST = 12;
const MOST = 200;

/** @param {string} source @returns {Tree} */
export function treeOf(source) {
  try {
    return branch(JSON.parse(source), 0);
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "text", text: source };
    throw error;
  }
}

/** @param {unknown} value @param {number} depth @returns {Tree} */
function branch(value, depth) {
  if (typeof value !== "object" || value === null) return { kind: "leaf", text: leafText(value) };
  if (depth >= DEEPEST) return { kind: "leaf", text: JSON.stringify(value) };
  const all = Array.isArray(value) ? value.map((one, index) => /** @type {const} */ ([String(index + 1), one])) : Object.entries(value);
  const entries = all.slice(0, MOST).map(([name, one]) => ({ name, value: branch(one, depth + 1) }));
  return { kind: Array.isArray(value) ? "list" : "map", entries, more: all.length - entries.length };
}

/** @param {unknown} value */
function leafText(value) {
  if (value === true) return gettext("yes");
  if (value === false) return gettext("no");
  return value === null ? gettext("nothing") : String(value);
}

/** @param {string} source @returns {string} laid out if it can be read */
export function laidOut(source) {
  try {
    return JSON.stringify(JSON.parse(source), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return source;
    throw error;
  }
}

/**
 * @param {string} text
 * @returns {{line: number, column: number} | null} where JSON breaks off, as far as the engine tells; null when it is JSON
 */
export function faultOf(text) {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return placeIn(text, error.message);
  }
}

/** Engines name a position, or a line and a column, or nothing. @param {string} text @param {string} message */
function placeIn(text, message) {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line && column) return { line: Number(line), column: Number(column) };
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const before = text.slice(0, position ? Number(position) : text.length).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
