/**
 * Splits growing Markdown into top-level blocks: those that no further text can change, and the open rest. What
 * is settled is drawn once and never touched again. Pure: no document.
 */

import { Lexer } from "../../vendor/marked.js";

/** @typedef {import("../../vendor/marked.js").Token} Token */
/** @typedef {import("../../vendor/marked.js").Links} Links link reference definitions */

/** These may go on after a blank line. */
const GOES_ON = new Set(["list", "code", "html"]);

/**
 * @param {string} source the text from the end of the last settled block on
 * @param {Links} links definitions of the blocks settled before
 * @param {import("../../vendor/marked.js").MarkedOptions} options
 * @returns {{settled: Token[], settledUnits: number, open: Token[], links: Links}}
 */
export function splitBlocks(source, links, options) {
  const lexer = new Lexer(options);
  Object.assign(lexer.tokens.links, links);
  const tokens = lexer.lex(source);
  const count = settledCount(tokens);
  let settledUnits = 0;
  for (let index = 0; index < count; index += 1) settledUnits += tokens[index]?.raw.length ?? 0;
  return { settled: tokens.slice(0, count), settledUnits, open: tokens.slice(count), links: lexer.tokens.links };
}

/**
 * How many tokens are settled: those before the last block, once it is certain that the last block is one of its
 * own. "text\n#" looks like a heading until it becomes "text\n#tag"; a full first line, or a blank line between
 * (unless the block before may go on after it), is certain.
 * @param {Token[]} tokens
 */
function settledCount(tokens) {
  const last = tokens.findLastIndex((token) => token.type !== "space");
  const before = tokens.findLastIndex((token, index) => index < last && token.type !== "space");
  const [lastBlock, blockBefore] = [tokens[last], tokens[before]];
  if (!lastBlock || !blockBefore) return 0;
  const hasFullLine = lastBlock.raw.includes("\n") || last < tokens.length - 1;
  const hasBlankBetween = before < last - 1 || blockBefore.raw.endsWith("\n\n");
  return hasFullLine || (hasBlankBetween && !GOES_ON.has(blockBefore.type)) ? last : 0;
}
