/**
 * Mends the open end of Markdown that is still being written, so that half-open syntax never flashes raw: what is
 * begun is closed, what cannot be told yet is held back for a moment. Pure; the whole text is never mended.
 */

import { halfFormula, hideFormulas } from "./maths-syntax.js";

/** Indented and quoted ones too: fences stand in lists and quotes. */
const FENCE = /^[ >]*(`{3,}(?=[^`]*$)|~{3,})/;
/** Lines that may yet become something else: a fence, a rule, a heading, a setext line, a list mark, a task. */
const UNDECIDED_LINE = /^[ >]*(?:`{1,2}|~{1,2}|[-=*_#]+|[-*+] ?|(?:[-*+]|\d+[.)]) \[[ xX]?\]? ?)$/;
/** A table's row, or the beginnings of its delimiter row. */
const TABLE_ROW = /^ {0,3}\|.*$/;
/** Nobody nests deeper: more open marks are not meant as marks. */
const MOST_OPEN = 8;
const DELIMITER_ROW = /^ {0,3}\|?[\s:|-]*$/;

/**
 * @param {string} source from the start of the open block
 * @returns {string}
 */
export function mend(source) {
  const fence = openFence(source);
  if (fence) return mendedFence(source, fence);
  const half = halfFormula(source);
  return half < 0 ? mendedText(source) : mendedText(source.slice(0, half));
}

/** @param {string} source */
function mendedText(source) {
  const [head, line] = cutLastLine(source);
  if (UNDECIDED_LINE.test(line)) return head.trimEnd();
  const table = mendedTable(source);
  if (table !== null) return table;
  const start = source.lastIndexOf("\n\n") + 1;
  return source.slice(0, start) + mendedInline(source.slice(start));
}

/** @param {string} source @returns {[string, string]} all but the last line, and that */
function cutLastLine(source) {
  const start = source.lastIndexOf("\n") + 1;
  return [source.slice(0, start), source.slice(start)];
}

/** @param {string} source @returns {string | null} the marks of a code fence that is still open */
function openFence(source) {
  let open = null;
  for (const line of source.split("\n")) {
    const marks = FENCE.exec(line)?.[1];
    if (!marks) continue;
    if (open === null) open = marks;
    else if (marks.startsWith(open) && line.endsWith(marks)) open = null;
  }
  return open;
}

/** @param {string} source @param {string} marks the fence's closing marks must not show as code */
function mendedFence(source, marks) {
  const [head, line] = cutLastLine(source);
  if (FENCE.exec(line)?.[1] === marks && openFence(head) === null) return `${source}\n`; // the opening line itself
  const isClosing = line.trim() !== "" && marks.startsWith(line.trim());
  return isClosing ? head : source;
}

/**
 * A header row without its delimiter row is a paragraph full of bars to a parser.
 * @param {string} source
 * @returns {string | null} null when it is no table that is just beginning
 */
function mendedTable(source) {
  const lines = source.split("\n");
  const header = lines[0] ?? "";
  if (!TABLE_ROW.test(header) || lines.length > 2) return null;
  const delimiter = lines[1];
  if (delimiter !== undefined && !DELIMITER_ROW.test(delimiter)) return null;
  const cells = header.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/);
  return `|${cells.map(mendedInline).join("|")}|\n|${"---|".repeat(cells.length)}`;
}

/** @param {string} text one paragraph, item or cell */
function mendedInline(text) {
  const code = openCode(text);
  if (code) return mendedCode(text, code);
  return closedEmphasis(mendedLink(withoutLooseEnd(text)));
}

/** @param {string} text @param {{marks: string, inside: string}} code the beginning of an end must not show either */
function mendedCode(text, { marks, inside }) {
  const before = text.slice(0, text.length - marks.length - inside.length);
  const written = inside.replace(/`+$/, "");
  return written.trim() ? before + marks + written + marks : before;
}

/** @param {string} text @returns {{marks: string, inside: string} | null} code that is begun and not ended */
function openCode(text) {
  let rest = text;
  for (let open = /`+/.exec(rest); open; open = /`+/.exec(rest)) {
    const marks = open[0];
    const inside = rest.slice(open.index + marks.length);
    const end = new RegExp(`(?<!\`)${marks}(?!\`)`).exec(inside);
    if (!end) return { marks, inside };
    rest = inside.slice(end.index + marks.length);
  }
  return null;
}

/** @param {string} text @returns {string} without the first letters of an escape, an entity, a tag or an image */
function withoutLooseEnd(text) {
  return text.replace(/(?:\\|&#?\w{0,8}|<\/?[a-z]{0,8}|!)$/i, "");
}

/** @param {string} text @returns {string} a link that is begun shows its words; an image that is begun, nothing */
function mendedLink(text) {
  const address = /(!?)\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)?[^()\s]*)?(?: +(?:"[^"\n]*"?)?)?$/.exec(text);
  if (address) return text.slice(0, address.index) + (address[1] ? "" : address[2]);
  const words = /(!?)\[([^\[\]\n]*)\]?$/.exec(text);
  if (!words) return text;
  return text.slice(0, words.index) + (words[1] ? "" : words[2]);
}

/** @param {string} text @returns {string} with emphasis closed in the order it was opened */
function closedEmphasis(text) {
  // A mark at the very end shows itself until something follows; one that closes is put back below.
  const trimmed = text.trimEnd().replace(/(?<!\\)(?:\*+|_+|~+)$/, "");
  /** @type {string[]} */
  const open = [];
  const visible = hideFormulas(trimmed, trimmed).replace(/(`+)[^]*?\1|\\[^]|\]\([^)\n]*\)|https?:\/\/\S+/g, (hidden) => "x".repeat(hidden.length));
  for (const mark of visible.matchAll(/\*{1,3}|_{1,3}|~~/g)) {
    const before = visible[mark.index - 1] ?? " ";
    const after = visible[mark.index + mark[0].length] ?? " ";
    toggle(open, mark[0], isSpace(before), isSpace(after), isWord(before) && isWord(after));
  }
  if (open.length === 0 || open.length > MOST_OPEN) return trimmed;
  const written = trimmed.trimEnd();
  const last = open.at(-1) ?? "";
  const isEmpty = written.endsWith(last) && !written.endsWith(`\\${last}`);
  return isEmpty ? closedEmphasis(written) : written + open.toReversed().join("");
}

/**
 * @param {string[]} open marks that wait for their end, altered in place
 * @param {string} mark
 * @param {boolean} isAfterSpace
 * @param {boolean} isBeforeSpace
 * @param {boolean} isInWord
 */
function toggle(open, mark, isAfterSpace, isBeforeSpace, isInWord) {
  if (mark.startsWith("_") && isInWord) return;
  const place = open.lastIndexOf(mark);
  if (place >= 0 && !isAfterSpace) open.splice(place);
  else if (mark.length === 3 && open.length >= 2 && !isAfterSpace) open.splice(-2);
  else if (open.at(-1)?.startsWith(mark) && !isAfterSpace) open.push(open.pop()?.slice(mark.length) ?? "");
  else if (!isBeforeSpace) open.push(mark);
}

/** @param {string} character */
function isSpace(character) {
  return /\s/.test(character);
}

/** @param {string} character */
function isWord(character) {
  return /[\p{L}\p{N}_]/u.test(character);
}
