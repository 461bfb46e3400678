/**
 * Reads growing Markdown as top-level blocks, and tells which of them no further text can change. What is settled
 * is drawn once and never touched again. Pure: no document.
 */

import { Lexer } from "../../vendor/marked.js";
import { cutPiece } from "./pieces.js";

/** @typedef {import("../../vendor/marked.js").Token} Token */
/** @typedef {import("../../vendor/marked.js").Links} Links link reference definitions */
/** @typedef {{tokens?: Token[], items?: Nest[], header?: Nest[] | boolean, rows?: Nest[][]}} Nest what may hold words */

/** These may go on after a blank line. */
const GOES_ON = new Set(["list", "code", "html"]);

/** Blocks first; their words are read when they are to be drawn: most are on the page already. */
export class Reading extends Lexer {
  /** @type {Map<Token[], string>} words still to be read, by where they go */
  #words = new Map();

  /**
   * @param {string} source
   * @param {Links} links definitions of the blocks settled before
   * @param {import("../../vendor/marked.js").MarkedOptions} options
   */
  constructor(source, links, options) {
    super(options);
    Object.assign(this.tokens.links, links);
    try {
      this.blockTokens(source, this.tokens);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#giveUp(source);
    }
    for (const { src, tokens } of this.inlineQueue) this.#words.set(tokens, src);
  }

  /** @param {Token[]} tokens blocks @returns {Token[]} the same with their words */
  whole(tokens) {
    for (const token of tokens) this.#fill(/** @type {Nest} */ (token));
    return tokens;
  }

  /**
   * @param {string} text of a paragraph
   * @returns {import("./pieces.js").Piece[]} all of it; no end is seen of the last
   */
  pieces(text) {
    const pieces = [];
    const lexed = (/** @type {string} */ part) => this.#afresh(part);
    let rest = text;
    for (let piece = cutPiece(rest, lexed); piece; piece = cutPiece(rest, lexed)) {
      pieces.push(piece);
      rest = rest.slice(piece.units);
    }
    return [...pieces, { tokens: lexed(rest), units: rest.length, seen: Infinity }];
  }

  /**
   * @override as marked calls it, for whatever stands in a block or between marks
   * @param {string} source
   * @param {Token[]} [tokens]
   */
  inlineTokens(source, tokens = []) {
    const lexed = (/** @type {string} */ part) => this.#afresh(part);
    let rest = source;
    for (let piece = cutPiece(rest, lexed); piece; piece = cutPiece(rest, lexed)) {
      tokens.push(...piece.tokens);
      rest = rest.slice(piece.units);
    }
    return this.#inline(rest, tokens);
  }

  /** @param {string} text nothing is open where it begins */
  #afresh(text) {
    this.state.inRawBlock = this.state.inLink = false;
    return this.#inline(text, []);
  }

  /** @param {string} source @param {Token[]} tokens altered in place */
  #inline(source, tokens) {
    const count = tokens.length;
    try {
      return super.inlineTokens(source, tokens);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      tokens.length = count;
      tokens.push({ type: "text", raw: source, text: source, escaped: false });
      return tokens;
    }
  }

  /** @param {Nest} nest */
  #fill({ tokens, items = [], header, rows = [] }) {
    const source = tokens && this.#words.get(tokens);
    if (tokens && source !== undefined) {
      this.#words.delete(tokens);
      this.state.inRawBlock = false;
      this.inlineTokens(source, tokens);
    } else {
      for (const token of tokens ?? []) this.#fill(/** @type {Nest} */ (token));
    }
    for (const nest of [...items, ...(Array.isArray(header) ? header : []), ...rows.flat()]) this.#fill(nest);
  }

  /** Thousands of quotes in quotes are more than a parser can hold: they stay as they were written. @param {string} source */
  #giveUp(source) {
    const raw = source.trimStart();
    const text = { type: "text", raw, text: raw, escaped: false };
    this.tokens.splice(0, Infinity, /** @type {Token} */ ({ type: "paragraph", raw: source, text: raw, tokens: [text] }));
    this.inlineQueue = [];
  }
}

/**
 * How many tokens are settled: those before the last block, once it is certain that the last block is one of its
 * own. "text\n#" looks like a heading until it becomes "text\n#tag"; a full first line, or a blank line between
 * (unless the block before may go on after it), is certain.
 * @param {Token[]} tokens
 */
export function settledCount(tokens) {
  const last = tokens.findLastIndex((token) => token.type !== "space");
  const before = tokens.findLastIndex((token, index) => index < last && token.type !== "space");
  const [lastBlock, blockBefore] = [tokens[last], tokens[before]];
  if (!lastBlock || !blockBefore) return Math.max(0, last);
  const hasFullLine = lastBlock.raw.includes("\n") || last < tokens.length - 1;
  const hasBlankBetween = before < last - 1 || blockBefore.raw.endsWith("\n\n");
  return hasFullLine || (hasBlankBetween && !GOES_ON.has(blockBefore.type)) ? last : 0;
}
