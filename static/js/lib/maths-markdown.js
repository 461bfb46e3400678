/** Formulas as a part of Markdown, for marked: nothing in them is Markdown. */

import { formulaAt } from "./maths-syntax.js";

/** @typedef {import("../../vendor/marked.js").Token} Token */
/** @typedef {import("../../vendor/marked.js").Tokens.Generic} Generic */

const OPENING = /^ {0,3}(?=\$\$(?!\$)|\\\[)/;
const OPENING_BELOW = /\n(?: {0,3}(?:\$\$(?!\$)|\\\[)|[ \t]*\n)/;

const inline = {
  name: "maths",
  level: /** @type {const} */ ("inline"),
  // A backslash ends plain text anyway; only the dollar has to be looked for.
  start: (/** @type {string} */ source) => source.indexOf("$"),
  tokenizer(/** @type {string} */ source, /** @type {Token[]} */ tokens) {
    if (source[0] !== "$" && source[0] !== "\\") return undefined;
    const formula = formulaAt(source, tokens.at(-1)?.raw.at(-1));
    return formula ? { type: "maths", text: formula.raw, ...formula } : undefined;
  },
  renderer: (/** @type {Generic} */ token) => spanOf(token),
};

/**
 * A formula that begins a line, up to its end. One without an end keeps its lines together all the same, because its
 * "-" and "=" must not become lists and headings while the end is still to come.
 */
const block = {
  name: "mathsBlock",
  level: /** @type {const} */ ("block"),
  start(/** @type {string} */ source) {
    const found = OPENING_BELOW.exec(source);
    return found && /[$\\]/.test(found[0]) ? found.index + 1 : undefined;
  },
  /** @this {{lexer: import("../../vendor/marked.js").Lexer}} */
  tokenizer(/** @type {string} */ source) {
    const indent = OPENING.exec(source)?.[0].length;
    if (indent === undefined) return undefined;
    const lines = /^[^]*?(?=\n[ \t]*(?:\n|$)|$)/.exec(source.slice(indent))?.[0] ?? "";
    const formula = formulaAt(lines);
    const behind = formula ? /^[ \t]*(?:\n|$)/.exec(source.slice(indent + formula.raw.length))?.[0] : undefined;
    if (formula && behind !== undefined) {
      return { type: "mathsBlock", text: formula.raw, ...formula, formula: formula.raw, raw: source.slice(0, indent + formula.raw.length) + behind };
    }
    if (formula) return undefined;
    return { type: "paragraph", raw: source.slice(0, indent + lines.length), text: lines, tokens: this.lexer.inline(lines, []) };
  },
  renderer: (/** @type {Generic} */ token) => `<p>${spanOf({ ...token, raw: token["formula"] })}</p>\n`,
};

/** @param {Generic} token */
function spanOf({ raw, isDisplay }) {
  const text = raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<span class="maths${isDisplay ? " maths--display" : ""}">${text}</span>`;
}

/** @type {import("../../vendor/marked.js").MarkedExtension} */
export const maths = { extensions: [inline, block] };
