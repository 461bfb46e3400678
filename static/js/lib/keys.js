/** What a key press means: in the composer (M-023), in a list, on the page. Knows no document. */

/** What Safari reports for the Enter that ends a composition, when `isComposing` is false already. */
const KEY_CODE_OF_COMPOSITION = 229;

/**
 * @typedef {object} KeyPress
 * @property {string} key
 * @property {boolean} isComposing
 * @property {number} keyCode
 * @property {boolean} shiftKey
 * @property {boolean} altKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 */

/**
 * Whether this press sends the question. Everything else is left to the browser.
 * @param {KeyPress} press
 * @param {boolean} sendsWithEnter the user's setting; otherwise Ctrl or Cmd with Enter sends
 */
export function isSend(press, sendsWithEnter) {
  if (press.isComposing || press.keyCode === KEY_CODE_OF_COMPOSITION) return false;
  if (press.key !== "Enter" || press.shiftKey || press.altKey) return false;
  return sendsWithEnter || press.ctrlKey || press.metaKey;
}

/**
 * Where the arrow keys, Home and End lead in a list of `count` things; null for any other key.
 * @param {string} key
 * @param {number} index where the focus is, -1 for nowhere
 * @param {number} count
 * @returns {number | null}
 */
export function stepOf(key, index, count) {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown": return (index + 1) % count;
    case "ArrowUp": return index <= 0 ? count - 1 : index - 1;
    case "Home": return 0;
    case "End": return count - 1;
    default: return null;
  }
}
