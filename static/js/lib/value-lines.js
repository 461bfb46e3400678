/** Values by name in a few words: what a workflow was started with, or is about to be. Pure. */

const SHOWN_CHARS = 120;

/** @param {Record<string, unknown>} values @returns {{name: string, text: string}[]} what there is, each in one line */
export function valueLines(values) {
  return Object.entries(values)
    .filter(([, value]) => !isNothing(value))
    .map(([name, value]) => ({ name, text: shortened(wordsOf(value)) }));
}

/** @param {unknown} value */
function wordsOf(value) {
  if (value === true) return gettext("Yes");
  if (value === false) return gettext("No");
  if (typeof value !== "string") return JSON.stringify(value);
  return value.startsWith("file:") ? gettext("a file") : value;
}

/** @param {string} text */
function shortened(text) {
  const characters = [...text.trim().replace(/\s+/g, " ")];
  return characters.length > SHOWN_CHARS ? `${characters.slice(0, SHOWN_CHARS - 1).join("")}…` : characters.join("");
}

/** @param {unknown} value */
export function isNothing(value) {
  return value === undefined || value === null || value === "";
}
