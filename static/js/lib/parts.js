/**
 * Parts of a text, found again where the text changed a little or is drawn another way (Markdown loses its marks).
 * Places are UTF-16 units. Knows no document.
 */

/** @typedef {[number, number]} Part where it begins and ends */

const LETTER = /[\p{L}\p{N}]/gu;
/** How many letters know a place, best first, when all of a long part does not match. */
const ENDS = [16, 8, 4];

/** @typedef {{letters: string, at: number[]}} Skeleton letters and digits only, and where each unit of them stood */

/** @param {string} text @returns {Skeleton} */
export function skeleton(text) {
  let letters = "";
  /** @type {number[]} */
  const at = [];
  for (const match of text.matchAll(LETTER)) {
    letters += match[0].toLowerCase().length === match[0].length ? match[0].toLowerCase() : match[0];
    for (let unit = 0; unit < match[0].length; unit += 1) at.push(match.index + unit);
  }
  return { letters, at };
}

/**
 * Where a quote stands now: at its old place, at the nearest other, or where its letters are.
 * @param {string} text
 * @param {string} quote
 * @param {number} start where it stood once
 * @returns {Part | null} null: it is gone
 */
export function foundAgain(text, quote, start) {
  if (!quote) return null;
  if (text.startsWith(quote, start)) return [start, start + quote.length];
  const exact = nearest(places(text, quote), start);
  if (exact !== undefined) return [exact, exact + quote.length];
  const body = skeleton(text);
  const sought = skeleton(quote).letters;
  const before = body.at.filter((place) => place < start).length;
  const found = nearest(places(body.letters, sought), before);
  return found === undefined ? null : partOf(body, found, sought.length);
}

/**
 * A part of one drawing of a text, in another drawing of it.
 * @param {string} from
 * @param {Part} part
 * @param {string} to
 * @returns {Part | null}
 */
export function across(from, [start, end], to) {
  if (from === to) return [start, end];
  const [theirs, ours] = [skeleton(from), skeleton(to)];
  const first = theirs.at.findIndex((place) => place >= start);
  const count = theirs.at.filter((place) => place >= start && place < end).length;
  if (first < 0 || count === 0) return null;
  const whole = sameOccurrence(theirs.letters, first, count, ours.letters);
  if (whole !== undefined) return partOf(ours, whole, count);
  // Something only one of them has stands in between, as the address of a link: its ends must do.
  const head = firstFound((length) => sameOccurrence(theirs.letters, first, Math.min(length, count), ours.letters));
  const last = firstFound((length) => {
    const size = Math.min(length, count);
    const found = sameOccurrence(theirs.letters, first + count - size, size, ours.letters);
    return found === undefined ? undefined : found + size;
  });
  return head === undefined || last === undefined || last <= head ? null : partOf(ours, head, last - head);
}

/** @param {(length: number) => number | undefined} look @returns {number | undefined} */
function firstFound(look) {
  for (const length of ENDS) {
    const found = look(length);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param {string} from @param {number} first @param {number} count @param {string} to @returns {number | undefined} */
function sameOccurrence(from, first, count, to) {
  const sought = from.slice(first, first + count);
  const number = places(from, sought).indexOf(first);
  const found = places(to, sought);
  return found[Math.min(number, found.length - 1)];
}

/** @param {Skeleton} body @param {number} first @param {number} count @returns {Part | null} */
function partOf({ at }, first, count) {
  const [start, last] = [at[first], at[first + count - 1]];
  return start === undefined || last === undefined ? null : [start, last + 1];
}

/** Every place of a word, overlapping ones too. @param {string} text @param {string} sought @returns {number[]} */
function places(text, sought) {
  const found = [];
  for (let at = sought ? text.indexOf(sought) : -1; at >= 0; at = text.indexOf(sought, at + 1)) found.push(at);
  return found;
}

/** @param {number[]} found @param {number} wanted @returns {number | undefined} */
function nearest(found, wanted) {
  return found.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}
