/** What a key press means on the review page. Knows no document. */

/**
 * @typedef {"previous" | "next" | "done" | "skip" | "note" | "better" | "help" | "leave" | "part"} Wish
 * @typedef {{wish: Wish} | {wish: "label" | "score", number: number}} Meaning `number` counts from 1
 *
 * @typedef {object} Press
 * @property {string} key
 * @property {string} code
 * @property {boolean} isComposing
 * @property {boolean} repeat
 * @property {boolean} shiftKey
 * @property {boolean} altKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 *
 * @typedef {object} Around
 * @property {boolean} isTyping the focus is where one writes
 * @property {boolean} isChoosing it is where arrows choose: radio buttons, a list
 * @property {"labels" | "score"} digits what bare digits set; with Shift they set the other
 * @property {boolean} hasSingleKeys false for people who switched single keys off
 */

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;
/** @type {Record<string, Wish>} */
const LETTERS = { n: "note", b: "better", s: "skip", p: "part" };
/** @type {Record<string, Wish>} */
const ARROWS = { ArrowLeft: "previous", ArrowRight: "next" };

/**
 * @param {Press} press
 * @param {Around} around
 * @returns {Meaning | null}
 */
export function meaningOf(press, { isTyping, isChoosing, digits, hasSingleKeys }) {
  if (press.isComposing || press.repeat || press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return press.key === "Enter" && !press.shiftKey ? { wish: "done" } : null;
  if (isTyping) return press.key === "Escape" ? { wish: "leave" } : null;
  if (!hasSingleKeys) return null;
  if (press.key === "?") return { wish: "help" };
  const number = DIGIT.exec(press.code)?.[1];
  if (number) {
    const sets = press.shiftKey === (digits === "score") ? "label" : "score";
    return { wish: sets, number: Number(number) };
  }
  if (press.shiftKey) return null;
  const wish = LETTERS[press.key.toLowerCase()] ?? (isChoosing ? undefined : ARROWS[press.key]);
  return wish ? { wish } : null;
}
