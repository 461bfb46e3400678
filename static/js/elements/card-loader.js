/**
 * Fetches the code of cards when a turn may need it: a first visit has none, and while a bot thinks there is time.
 * `cards.js` names every part, so that a browser fetches them side by side and not one after the other.
 */

/** @typedef {import("./action-card.js").ActionCard} ActionCard */

/** @type {(new () => ActionCard) | null} */
let Card = null;

/** @returns {ActionCard | null} null until the code is there */
export function newCard() {
  return Card && new Card();
}

/** @returns {boolean} */
export function hasCards() {
  return Card !== null;
}

/** @returns {Promise<void>} rejects when the code cannot be fetched; then ask again */
export async function loadCards() {
  Card ??= (await import("./cards.js")).ActionCard;
}
