/**
 * Cuts a very long paragraph into pieces that can be read and drawn one by one. A parser looks for the other end
 * of every mark it meets, so that one paragraph of 100 KB costs the square of its length. Pure.
 */

/** @typedef {import("../../vendor/marked.js").Token} Token */

/**
 * @typedef {object} Piece
 * @property {Token[]} tokens
 * @property {number} units its length in the source
 * @property {number} seen the length of source it depends on: what stands behind cannot alter it
 */

/** As far ahead is looked for the end of what begins in a piece; shorter text is never cut. */
export const WINDOW_UNITS = 6_000;
const PIECE_UNITS = 3_000;
/** A link's or a picture's address that goes on behind the window. A picture may carry all its data in there. */
const OPEN_ADDRESS = /\]\([^\s()]*$/;
const ADDRESS_END = /[\s()]/g;
/** Those that work, and those that alter how a parser reads on. */
const PAIRED_TAG = /^<\/?(?:sub|sup|kbd|mark|u|ins|pre|code|script|a)\b/i;
const MARK = /^[*_~]/;
const SPACE = /\s/;
const WORD = /[\p{L}\p{N}]/u;
const CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/;

/**
 * @param {string} source inline Markdown
 * @param {(text: string) => Token[]} lexed
 * @returns {Piece | null} the first piece; null when all of it belongs together
 */
export function cutPiece(source, lexed) {
  const seen = windowOf(source);
  if (seen > source.length) return null;
  const tokens = lexed(source.slice(0, seen));
  return lastCut(tokens, seen, opened) ?? lastCut(tokens, seen, () => 0) ?? forcedCut(source, seen, lexed);
}

/** @param {string} source */
function windowOf(source) {
  if (source.length < WINDOW_UNITS || !OPEN_ADDRESS.test(source.slice(0, WINDOW_UNITS))) return WINDOW_UNITS;
  ADDRESS_END.lastIndex = WINDOW_UNITS;
  const end = ADDRESS_END.exec(source);
  return end ? end.index + WINDOW_UNITS : Infinity;
}

/**
 * The last place before half the window where the parser stands in plain text, outside every mark; else the first
 * behind it.
 * @param {Token[]} tokens
 * @param {number} seen
 * @param {(token: Token) => number} opens how many ends a token asks for
 * @returns {Piece | null}
 */
function lastCut(tokens, seen, opens) {
  /** @type {Piece | null} */
  let found = null;
  let start = 0;
  let open = 0;
  for (const [index, token] of tokens.entries()) {
    if (start >= PIECE_UNITS && found) break;
    open = Math.max(0, open + opens(token));
    const limit = start === 0 || start >= PIECE_UNITS ? token.raw.length : PIECE_UNITS - start;
    const at = open > 0 ? 0 : placeIn(token, tokens[index + 1], limit);
    // Between words and what is no text nothing has to be split, on the page neither.
    const isWorth = token.type !== "text" || !found || start + at - found.units > PIECE_UNITS / 2;
    if (at > 0 && isWorth) found = { tokens: [...tokens.slice(0, index), ...part(token, at)], units: start + at, seen };
    start += token.raw.length;
  }
  return found && found.units < seen ? found : null;
}

/** @param {Token} token @returns {number} */
function opened(token) {
  if (token.type !== "html" || !PAIRED_TAG.test(token.raw)) return 0;
  return token.raw.startsWith("</") ? -1 : 1;
}

/** @param {Token} token @param {Token | undefined} next @param {number} limit @returns {number} where it can be cut at the latest, 0: nowhere */
function placeIn(token, next, limit) {
  if (token.type === "text") return token.raw === token.text ? placeInText(token.raw, limit) : 0;
  if (token.type === "escape" || token.type === "html" || token.raw.length > limit) return 0;
  return next?.type === "text" && !MARK.test(next.raw) ? token.raw.length : 0;
}

/** @param {string} text @param {number} limit */
function placeInText(text, limit) {
  for (let at = Math.min(limit, text.length - 1); at > 0; at -= 1) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at)];
    if ((SPACE.test(before) && WORD.test(after)) || (CJK.test(before) && CJK.test(after))) return at;
  }
  return 0;
}

/** @param {Token} token @param {number} at @returns {Token[]} */
function part(token, at) {
  if (at === token.raw.length) return [token];
  const raw = token.raw.slice(0, at);
  return [/** @type {Token} */ ({ ...token, raw, text: raw })];
}

/**
 * Nothing but marks for thousands of letters: whatever they mean, it ends here.
 * @param {string} source
 * @param {number} seen
 * @param {(text: string) => Token[]} lexed
 * @returns {Piece}
 */
function forcedCut(source, seen, lexed) {
  const units = /[\ud800-\udbff]/.test(source.charAt(PIECE_UNITS - 1)) ? PIECE_UNITS - 1 : PIECE_UNITS;
  return { tokens: lexed(source.slice(0, units)), units, seen };
}
