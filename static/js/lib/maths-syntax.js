/**
 * Where formulas stand in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, the latter two also over several lines. Prices are no
 * formulas. Pure.
 */

/**
 * @typedef {object} Formula
 * @property {string} raw as it was written, delimiters included
 * @property {string} tex what stands between them
 * @property {boolean} isDisplay on a line of its own
 */

/** Longer is no formula; shorter than what pieces.js looks ahead, so that none is cut. */
const MOST_UNITS = 2_900;
const DISPLAY = { "$$": "$$", "\\[": "\\]" };
const OPENING = /\$|\\[([]/;
const BLANK_LINE = /\n[ \t]*\n/;
/** A number, then a word: "$5 to 10$". */
const PRICE = /^\d[\d.,]*\s*(?:[a-z]{2,}(?![\\^_{(])|[\u2e80-\u9fff])/i;
/** "$HOME/$PATH": what stands before the end wants something behind it. */
const GOES_ON = /[/:,=.+-]$/;

/**
 * @param {string} source that begins with the delimiter
 * @param {string} [before] the character in front of it
 * @returns {Formula | null}
 */
export function formulaAt(source, before = "") {
  if (source.startsWith("$$")) return between(source, "$$", "$$", true);
  if (source.startsWith("$")) return dollarFormula(source, before);
  if (source.startsWith("\\(")) return between(source, "\\(", "\\)", false);
  if (!source.startsWith("\\[")) return null;
  const formula = between(source, "\\[", "\\]", true);
  // An escaped link: \[words\](address).
  return formula && source.charAt(formula.raw.length) !== "(" ? formula : null;
}

/** @param {string} source @param {string} open @param {string} close @param {boolean} isDisplay @returns {Formula | null} */
function between(source, open, close, isDisplay) {
  const end = source.slice(0, MOST_UNITS).indexOf(close, open.length);
  const tex = source.slice(open.length, end);
  if (end < 0 || !tex.trim() || BLANK_LINE.test(tex)) return null;
  return { raw: source.slice(0, end + close.length), tex, isDisplay };
}

/** Two words in a row, or a sentence's end. */
const PROSE = /(?:^|\s)[a-z]{2,}\s+[a-z]{2,}|[.;!?]\s|[，。；：？！、]/i;
const MATHS = /[\\^_{=]/;

/** @param {string} tex */
function isProse(tex) {
  return PROSE.test(tex) && !MATHS.test(tex);
}

/** @param {string} source @param {string} before @returns {Formula | null} */
function dollarFormula(source, before) {
  const raw = /^\$(?!\s)(?:\\[^]|[^$\\\n`])+?(?<!\s)\$(?![\d$])/.exec(source.slice(0, MOST_UNITS))?.[0];
  if (!raw || /[a-z$]/i.test(before)) return null;
  const tex = raw.slice(1, -1);
  const isCut = GOES_ON.test(tex) && /[a-z]/i.test(source.charAt(raw.length));
  return isCut || PRICE.test(tex) || isProse(tex) ? null : { raw, tex, isDisplay: false };
}

/** @param {string} raw @returns {Formula} of one that was found before */
export function formulaOf(raw) {
  const width = raw.startsWith("$") && !raw.startsWith("$$") ? 1 : 2;
  return { raw, tex: raw.slice(width, -width), isDisplay: raw.slice(0, 2) in DISPLAY };
}

/**
 * @param {string} text
 * @param {string} mask of the same length, where what is no plain text is hidden already: escapes as "++"
 * @returns {string} the mask with formulas hidden too: marks in them are no marks
 */
export function hideFormulas(text, mask) {
  let hidden = "";
  for (let at = text.search(OPENING); at >= 0; ) {
    const isPlain = "$\\+".includes(mask.charAt(at));
    const units = isPlain ? formulaAt(text.slice(at, at + MOST_UNITS), text.charAt(at - 1))?.raw.length ?? 0 : 0;
    const end = at + Math.max(1, units);
    hidden += mask.slice(hidden.length, at) + (units ? "x".repeat(units) : mask.charAt(at));
    const next = text.slice(end).search(OPENING);
    at = next < 0 ? -1 : end + next;
  }
  return hidden + mask.slice(hidden.length);
}

const HALF_MARKS = /(`+)[^]*?(?<!`)\1(?!`)|\\[([]|\\[^]|\$\$?/g;
const HALF_INLINE_UNITS = 120;

/**
 * @param {string} source Markdown that goes on
 * @returns {number} where a formula begins that is not complete yet; -1: nowhere
 */
export function halfFormula(source) {
  HALF_MARKS.lastIndex = 0;
  for (let mark = HALF_MARKS.exec(source); mark; mark = HALF_MARKS.exec(source)) {
    const [text] = mark;
    if (!/^(?:\$|\\[([])/.test(text)) continue;
    const rest = source.slice(mark.index);
    const formula = formulaAt(rest, source.charAt(mark.index - 1));
    if (formula) HALF_MARKS.lastIndex = mark.index + formula.raw.length;
    else if (mayBecomeFormula(rest, text)) return mark.index;
  }
  return -1;
}

/** @param {string} rest @param {string} open */
function mayBecomeFormula(rest, open) {
  const inside = rest.slice(open.length);
  if (open !== "$") return rest.length < MOST_UNITS && !BLANK_LINE.test(inside);
  if (/^\s|[\n$`]/.test(inside) || (/^\d/.test(inside) && !MATHS.test(inside))) return false;
  return inside.length < HALF_INLINE_UNITS && !isProse(inside);
}
