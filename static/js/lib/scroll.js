/**
 * Decisions about scrolling while an answer streams (M-016), as plain numbers in CSS pixels. The log is the one
 * owner of its scrolling: it notes each position it writes, so that any other position is the reader's doing and
 * no timers are needed.
 */

/** Drift upwards that means "let me read". */
export const UNPIN_PX = 3;
/** Scrolling down to within this of the end means "follow again". */
const REPIN_PX = 40;
/** A question just sent comes to rest this far below the top. */
const ANCHOR_TOP_PX = 24;
/** The "to newest" button shows when the end is further away than this. */
const FAR_PX = 120;

/**
 * @typedef {object} Scroll
 * @property {boolean} isPinned the end is followed
 * @property {number} base the position last written by the log, or reached by the reader
 * @property {number} drift how far the reader has moved up since, in small steps
 */

/** @type {Scroll} */
export const AT_END = { isPinned: true, base: 0, drift: 0 };

/**
 * The log itself wrote `top`.
 * @param {Scroll} scroll
 * @param {number} top
 * @returns {Scroll}
 */
export function afterWrite(scroll, top) {
  return { ...scroll, base: top };
}

/**
 * The scroller is at `top`: the log's own write, the browser's clamping, or the reader.
 * @param {Scroll} scroll
 * @param {{top: number, most: number}} position `most`: the largest possible top
 * @returns {Scroll}
 */
export function afterScroll(scroll, { top, most }) {
  if (Math.abs(top - scroll.base) < 0.5) return scroll;
  if (most - top < 1) return { isPinned: true, base: top, drift: 0 };
  if (!scroll.isPinned) return { isPinned: top > scroll.base && most - top <= REPIN_PX, base: top, drift: 0 };
  const drift = top < scroll.base ? scroll.drift + scroll.base - top : 0;
  return { isPinned: drift < UNPIN_PX, base: top, drift };
}

/**
 * Free space below the newest question, so that it can stand near the top; it shrinks as the answer grows, one
 * for one, so that nothing moves.
 * @param {{viewport: number, questionTop: number, contentEnd: number}} sizes the latter two from the log's start
 * @returns {number}
 */
export function spacerHeight({ viewport, questionTop, contentEnd }) {
  return Math.max(0, Math.floor(viewport - ANCHOR_TOP_PX - (contentEnd - questionTop)));
}

/** @param {Scroll} scroll @param {{top: number, most: number}} position */
export function showsNewest(scroll, { top, most }) {
  return !scroll.isPinned && most - top > FAR_PX;
}
