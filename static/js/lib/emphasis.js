/**
 * Emphasis beside Chinese, Japanese and Korean. CommonMark asks for a space or punctuation around `**` that
 * touches punctuation; CJK text has no spaces, so `**简短：**这个` would show its asterisks. Here CJK
 * punctuation, and ASCII punctuation that touches CJK, counts as a letter when the ends of an emphasis are found.
 */

/** Full-width and CJK punctuation, and the curly quotes Chinese shares with English. */
const CJK_PUNCTUATION = /[\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2014\u2018\u2019\u201c\u201d\u2026\u00b7]/g;
/** ASCII punctuation with nothing but asterisks between it and a CJK character. */
const PUNCTUATION_BESIDE_CJK = /[!-)+-/:-@[\]^{-~](?=\*+[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])|(?<=[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]\*+)[!-)+-/:-@[\]^{-~]/g;
/** How far an end is looked for here: looking at the whole rest at every asterisk would cost its square. */
const REACH = 1000;
const BESIDE_CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/;

/** @param {string} text @returns {string} of the same length */
function masked(text) {
  return text.replace(CJK_PUNCTUATION, "x").replace(PUNCTUATION_BESIDE_CJK, "x");
}

/**
 * @typedef {(this: {lexer: {inlineTokens(text: string): import("../../vendor/marked.js").Token[]}}, source: string, mask: string, before?: string) => import("../../vendor/marked.js").Tokens.Em | import("../../vendor/marked.js").Tokens.Strong | undefined} EmStrong
 */

/**
 * marked's own rule, looking at a text whose CJK punctuation is letters.
 * @param {EmStrong} original
 * @returns {(this: any, source: string, mask: string, before?: string) => any} false: let marked decide alone
 */
export function besideCjk(original) {
  return function emStrong(source, mask, before = "") {
    const near = source.slice(0, REACH);
    if (!BESIDE_CJK.test(near) && !BESIDE_CJK.test(before)) return false;
    const start = mask.length - source.length;
    const found = original.call(this, masked(near), masked(mask.slice(start, start + near.length)), masked(before));
    if (!found) return near.length < source.length ? false : undefined;
    // Only its length is taken over: the words are those of the real text.
    const marks = found.type === "strong" ? 2 : 1;
    const raw = source.slice(0, found.raw.length);
    const text = raw.slice(marks, -marks);
    return { type: found.type, raw, text, tokens: this.lexer.inlineTokens(text) };
  };
}
