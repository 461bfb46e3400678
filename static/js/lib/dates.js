/** The sidebar's groups by date (M-032), and short times, in the user's time zone. Knows no document and no clock. */

const DAY_MS = 86_400_000;

/**
 * @typedef {"waiting" | "pinned" | "today" | "yesterday" | "week" | "days_30" | "month"} GroupKind
 * @typedef {{key: string, kind: GroupKind, month: string, rows: Chat.Conversation[]}} Group
 *   `month` is its name ("March 2025") where the kind is "month", else "".
 */

/**
 * Rows into groups, both in the order they came; those that wait for the user first, then pinned ones.
 * @param {Chat.Conversation[]} rows newest question first
 * @param {number} now ms since 1970
 * @param {{timeZone?: string, language?: string}} [where]
 * @returns {Group[]}
 */
export function groupsOf(rows, now, { timeZone, language } = {}) {
  const zone = knownZone(timeZone);
  const dayOf = dayCounter(zone);
  const months = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: zone });
  const today = dayOf(now);
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const row of rows.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const at = Date.parse(row.last_asked_at);
    const kind = RANKED[rankOf(row)] ?? kindOf(today - dayOf(at));
    const month = kind === "month" ? months.format(at) : "";
    const key = month || kind;
    const group = groups.get(key) ?? { key, kind, month, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * @param {string} at ISO 8601
 * @param {number} now ms since 1970
 * @param {{timeZone?: string, language?: string}} [where]
 * @returns {string} the time, with its date unless that is today
 */
export function shortTime(at, now, { timeZone, language } = {}) {
  const zone = knownZone(timeZone);
  const dayOf = dayCounter(zone);
  const moment = Date.parse(at);
  const date = dayOf(now) === dayOf(moment) ? {} : /** @type {const} */ ({ day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(language, { ...date, hour: "numeric", minute: "2-digit", timeZone: zone }).format(moment);
}

/** @type {GroupKind[]} groups that are no dates, topmost first */
const RANKED = ["waiting", "pinned"];

/** @param {Chat.Conversation} row */
function rankOf({ mark, is_pinned }) {
  if (mark === "waiting") return 0;
  return is_pinned ? 1 : RANKED.length;
}

/** @param {number} days how long ago, in calendar days @returns {GroupKind} */
function kindOf(days) {
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days <= 7) return "week";
  return days <= 30 ? "days_30" : "month";
}

/** @param {string | undefined} timeZone @returns {(at: number) => number} the calendar day, counted from 1970 */
function dayCounter(timeZone) {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  return (at) => {
    const [month, day, year] = format.format(at).split("/").map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day) / DAY_MS;
  };
}

/**
 * @param {string | undefined} timeZone
 * @returns {string | undefined} undefined (the browser's own) for a zone this browser does not know
 */
function knownZone(timeZone) {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: timeZone || undefined }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
