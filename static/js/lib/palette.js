/** What the command palette lists for what was typed, and in which order. Pure. */

/**
 * @typedef {object} Entry
 * @property {string} key unique
 * @property {"conversations" | "bots" | "actions" | "search"} group
 * @property {string} label
 * @property {string} detail the bot of a conversation, or ""
 * @property {() => void} run
 */

/** @typedef {{kind: Entry["group"], entries: Entry[]}} Group */

const ORDER = /** @type {const} */ (["conversations", "bots", "actions", "search"]);
const MOST = { conversations: 8, bots: 6, actions: 20, search: 1 };
const EVERY_BOT_FROM = 1; // characters: without any, bots would push the actions out of sight

/** Case, accents and widths do not matter. @param {string} text */
export function fold(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

/**
 * How well a label answers what was typed: every word must. At its beginning is better than at a word's, that
 * better than inside, that better than the mere letters in order.
 * @param {string} label
 * @param {string} typed
 * @returns {number} 0 where it does not
 */
export function fitOf(label, typed) {
  const folded = fold(label);
  const fits = fold(typed).split(/\s+/).filter(Boolean).map((word) => fitOfWord(folded, word));
  return fits.length ? Math.min(...fits) : 1;
}

/** @param {string} folded @param {string} word */
function fitOfWord(folded, word) {
  const at = folded.indexOf(word);
  if (at === 0) return 4;
  if (at > 0) return /[\p{L}\p{N}]/u.test(folded[at - 1] ?? "") && !/\p{Script=Han}/u.test(word) ? 2 : 3;
  return word.length > 2 && hasInOrder(folded, word) ? 1 : 0;
}

/** @param {string} folded @param {string} word */
function hasInOrder(folded, word) {
  let place = 0;
  for (const letter of word) {
    place = folded.indexOf(letter, place) + 1;
    if (place === 0) return false;
  }
  return true;
}

/**
 * Groups in their fixed order, each with its best entries first; what fits equally keeps its order: recent first.
 * @param {Entry[]} entries
 * @param {string} typed
 * @returns {Group[]}
 */
export function groupsFor(entries, typed) {
  const isShort = typed.trim().length < EVERY_BOT_FROM;
  return ORDER.flatMap((kind) => {
    if (kind === "bots" && isShort) return [];
    const mine = entries.filter((entry) => entry.group === kind);
    const fitting = mine
      .map((entry) => ({ entry, fit: kind === "search" ? 1 : fitOf(`${entry.label} ${entry.detail}`, typed) }))
      .filter(({ fit }) => fit > 0)
      .sort((a, b) => b.fit - a.fit)
      .slice(0, MOST[kind]);
    return fitting.length ? [{ kind, entries: fitting.map(({ entry }) => entry) }] : [];
  });
}

/** Conversations of this tab first, then what the server found beyond. @template {{id: string}} Row @param {Row[]} known @param {Row[]} found @returns {Row[]} */
export function merged(known, found) {
  const ids = new Set(known.map((row) => row.id));
  return [...known, ...found.filter((row) => !ids.has(row.id))];
}
