/**
 * Fetches what the composer needs only now and then: the choice while a card is open, the form of a workflow, attached
 * files. A first visit has none of them.
 */

/** @typedef {"waiting" | "start" | "files"} Part */

/** @type {Set<Part>} */
const there = new Set();

/** @param {Part} part */
export function has(part) {
  return there.has(part);
}

/** @param {Part} part @returns {Promise<void>} rejects when the code cannot be fetched; then ask again */
export async function load(part) {
  if (part === "start") await import("./start-form.js");
  else if (part === "files") await import("./attached-files.js");
  else await import("./waiting-parts.js");
  there.add(part);
}
