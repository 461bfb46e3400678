/** Leads to the cards of the page: each is a group that can take the focus. */

const OPEN = "action-card[data-state='pending'], action-card[data-state='ready']";

/**
 * Focuses the next open card below the one with the focus; the first one after the last.
 * @param {ParentNode} [root]
 * @returns {boolean} false when none is open
 */
export function focusNextCard(root = document) {
  const cards = [...root.querySelectorAll(OPEN)].filter((card) => card instanceof HTMLElement);
  const here = cards.findIndex((card) => card.contains(document.activeElement));
  const next = cards[(here + 1) % cards.length];
  if (!next) return false;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** @returns {boolean} whether the focus is on the last open card of the page, or there is none */
export function isAtLastCard() {
  const last = [...document.querySelectorAll(OPEN)].at(-1);
  return !last || last.contains(document.activeElement);
}
