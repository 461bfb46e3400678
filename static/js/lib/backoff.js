/** How long a tab waits before it tries to connect again. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Doubles from 0.5 s to 15 s; the upper half of it is random, so that the tabs of a site do not come back as one.
 * @param {number} attempt 0 for the first try after a loss
 * @param {number} random 0 ≤ random < 1
 * @returns {number} milliseconds
 */
export function backoffMs(attempt, random) {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(most * (0.5 + random / 2));
}
