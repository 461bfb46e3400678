/**
 * Emphasis beside Chinese, Japanese and Korean. CommonMark asks for a space or punctuation around `**` that
 * touches punctuation; CJK text has no spaces, so `**简短：**这个` would show its asterisks. Here CJK
 * punctuation, and ASCII punctuation that touches CJK, counts as a letter when the ends of an emphasis are found. Marks inside formulas are none.
 */

import { Tokenizer } from "../../vendor/marked.js";
import { hideFormulas } from "./maths-syntax.js";

/** Full-width and CJK punctuation, and the curly quotes Chinese shares with English. */
const CJK_PUNCTUATION = /[\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2014\u2018\u2019\u201c\u201d\u2026\u00b7]/g;
/** ASCII punctuation with nothing but asterisks between it and a CJK character. */
const PUNCTUATION_BESIDE_CJK = /[!-)+-/:-@[\]^{-~](?=\*+[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])|(?<=[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]\*+)[!-)+-/:-@[\]^{-~]/g;
const BESIDE_CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/;
const MARKS = /^(?:\*+|_+)/;

/** @param {string} text @returns {string} of the same length */
function masked(text) {
  if (!BESIDE_CJK.test(text)) return text;
  return text.replace(CJK_PUNCTUATION, "x").replace(PUNCTUATION_BESIDE_CJK, "x");
}

/** @type {{source: string, mask: string, hidden: string}} the marks of one text are asked for one after the other */
let last = { source: "", mask: "", hidden: "" };

/** @param {string} source the end of the text @param {string} mask of all of it @returns {string} */
function withoutFormulas(source, mask) {
  if (!/[$\\]/.test(source)) return mask;
  if (mask !== last.mask || !last.source.endsWith(source)) {
    const start = mask.length - source.length;
    last = { source, mask, hidden: mask.slice(0, start) + hideFormulas(source, mask.slice(start)) };
  }
  return last.hidden;
}

/**
 * marked's own rule, where the letters around the marks are those of the mask.
 * @this {any} the tokenizer
 * @param {string} source
 * @param {string} whole the mask of the whole, as `masked` left it
 * @param {string} [before]
 * @returns {any} false: let marked decide alone
 */
function emStrong(source, whole, before = "") {
  const marks = MARKS.exec(source)?.[0].length ?? 0;
  if (marks === 0) return undefined;
  const mask = withoutFormulas(source, whole);
  const at = mask.length - source.length;
  const isHidden = (/** @type {string} */ own, /** @type {number} */ place) => own !== "" && own !== "x" && mask.charAt(place) === "x";
  const [hidesBefore, hidesAfter] = [isHidden(before, at - 1), isHidden(source.charAt(marks), at + marks)];
  if (!hidesBefore && !hidesAfter) return mask === whole ? false : Tokenizer.prototype.emStrong.call(this, source, mask, before);
  const seen = hidesAfter ? `${source.slice(0, marks)}x${source.slice(marks + 1)}` : source;
  // Only its length is taken over: the words are those of the real text.
  const measuring = Object.create(this, { lexer: { value: { inlineTokens: () => [] } } });
  const found = Tokenizer.prototype.emStrong.call(measuring, seen, mask, hidesBefore ? "x" : before);
  if (!found) return undefined;
  const width = found.type === "strong" ? 2 : 1;
  const raw = source.slice(0, found.raw.length);
  const text = raw.slice(width, -width);
  return { type: found.type, raw, text, tokens: this.lexer.inlineTokens(text) };
}

/** @type {import("../../vendor/marked.js").MarkedExtension} */
export const besideCjk = { hooks: { emStrongMask: masked }, tokenizer: { emStrong } };
