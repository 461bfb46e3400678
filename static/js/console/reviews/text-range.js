/** The text below an element, and places in it as ranges of the document. */

/** @param {Element} root @returns {Text[]} */
function textsIn(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(/** @type {Text} */ (walker.currentNode));
  return found;
}

/** @param {Element} root */
export function textIn(root) {
  return textsIn(root).map((text) => text.data).join("");
}

/**
 * @param {Element} root
 * @param {import("../../lib/parts.js").Part} part of `textIn(root)`
 * @returns {Range | null}
 */
export function rangeOf(root, [start, end]) {
  const range = document.createRange();
  let before = 0;
  let hasBegun = false;
  for (const text of textsIn(root)) {
    const after = before + text.length;
    if (!hasBegun && start < after) {
      range.setStart(text, start - before);
      hasBegun = true;
    }
    if (hasBegun && end <= after) {
      range.setEnd(text, end - before);
      return range;
    }
    before = after;
  }
  return null;
}

/**
 * What is selected of the text below the element; null when it is nothing or also something else.
 * @param {Element} root
 * @returns {import("../../lib/parts.js").Part | null}
 */
export function selectedIn(root) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(root);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return [start, start + range.toString().length];
}
