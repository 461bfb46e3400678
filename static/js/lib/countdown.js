/** How long a card can still be answered, in words, and when the words change (M-059). Pure. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The last part of the time is warned of. */
const LATE = 0.25;

/**
 * @typedef {object} Left
 * @property {string} words
 * @property {boolean} isLate less than a quarter is left
 * @property {boolean} isOver
 * @property {number | null} nextMs when the words differ, from now; null for never
 */

/**
 * @param {string} askedAt
 * @param {string} expiresAt
 * @param {number} now ms since 1970
 * @returns {Left}
 */
export function leftOf(askedAt, expiresAt, now) {
  const end = Date.parse(expiresAt);
  const left = end - now;
  const whole = Math.max(end - Date.parse(askedAt), 1);
  if (left <= 0) return { words: gettext("time is up"), isLate: true, isOver: true, nextMs: null };
  const late = whole * LATE;
  const unit = left <= MINUTE ? SECOND : left <= DAY ? MINUTE : HOUR;
  const toNext = left % unit || unit;
  const nextMs = left > late ? Math.min(toNext, left - late) : toNext;
  return { words: wordsOf(left, unit), isLate: left <= late, isOver: false, nextMs: Math.max(Math.ceil(nextMs), 50) };
}

/** Rounded up: what is shown is never more than a unit too late. @param {number} left @param {number} unit */
function wordsOf(left, unit) {
  const count = Math.ceil(left / unit);
  if (unit === SECOND) return interpolate(gettext("%(seconds)s s left"), { seconds: count }, true);
  if (unit === HOUR) return interpolate(gettext("%(days)s d %(hours)s h left"), { days: Math.floor(count / 24), hours: count % 24 }, true);
  const values = { hours: Math.floor(count / 60), minutes: count % 60 };
  return values.hours ? interpolate(gettext("%(hours)s h %(minutes)s min left"), values, true) : interpolate(gettext("%(minutes)s min left"), values, true);
}
