/** Paragraphs with bold, italics and code, which is what most prologues are: read without the whole Markdown. Pure. */

/** @typedef {{tag: "strong" | "em" | "code" | "", text: string}} Piece */

/** Anything that may be more: links, lists, headings, quotes, rules, tables, entities, escapes, formulas. */
const MORE = /[[\]<>|~\\&$_]|:\/\/|www\.|\S@\S|^ *(?:#{1,6} |>|[-+*] |\d+[.)] |`{3}|-{3}|={3}|\t| {4})/m;
const MARKS = /\*\*(?! )([^*\n]+?)(?<! )\*\*|\*(?! )([^*\n]+?)(?<! )\*|`([^`\n]+)`/g;

/**
 * @param {string} source
 * @returns {Piece[][][] | null} paragraphs of lines of pieces; null for what needs the whole reader
 */
export function simpleParagraphs(source) {
  if (MORE.test(source)) return null;
  const paragraphs = source.split(/\n\s*\n/).filter((text) => text.trim() !== "");
  const read = paragraphs.map((text) => text.trim().split("\n").map((line) => piecesOf(line.trim())));
  const isSimple = read.flat(2).every(({ tag, text }) => tag !== "" || !/[*`]/.test(text));
  return isSimple ? read : null;
}

/** @param {string} line @returns {Piece[]} */
function piecesOf(line) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const mark of line.matchAll(MARKS)) {
    const [whole, strong, em, code] = mark;
    pieces.push({ tag: "", text: line.slice(end, mark.index) });
    pieces.push({ tag: strong ? "strong" : em ? "em" : "code", text: strong ?? em ?? code ?? "" });
    end = mark.index + whole.length;
  }
  return [...pieces, { tag: /** @type {const} */ (""), text: line.slice(end) }].filter(({ text }) => text !== "");
}
