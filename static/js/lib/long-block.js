/**
 * Long blocks grow part by part: what of the open block cannot change any more is held on the page, and a short
 * head stands for it when the rest is read. Pure but for `partsParent`.
 */

/** @typedef {import("../../vendor/marked.js").Token} Token */
/** @typedef {import("../../vendor/marked.js").Tokens.List} List */
/** @typedef {import("../../vendor/marked.js").Tokens.Table} Table */

/**
 * @typedef {object} Hold what of the open block is on the page for good
 * @property {number} units its length in the text
 * @property {number} nodes how many nodes it takes
 * @property {string} head Markdown that stands for it
 * @property {string} kind of block the rest has to be read as
 */

/** @type {Hold} */
export const NOTHING = { units: 0, nodes: 0, head: "", kind: "" };

/** Lines of code are laid out again when one is added: they stand in parts of this length. */
const CODE_UNITS = 4_000;
/** Rows of a table that are laid out together. */
export const GROUP_ROWS = 50;
const BULLET = /^ {0,3}(?:[-*+]|\d{1,9}[.)])/;
const FENCE_LINE = /^(?:`{3,}|~{3,}).*\n/;

/** @param {Token | undefined} token @returns {string} */
export function kindOf(token) {
  if (token?.type === "list") return `list ${token["ordered"]} ${token["loose"]}`;
  return token?.type === "code" ? `code ${token["lang"]}` : token?.type ?? "";
}

/**
 * @param {Hold} hold so far
 * @param {Token} token the block, read from the hold's head on
 * @param {number} sure the length of that source that no further text alters
 * @param {{units: number, seen: number, nodes: number}[]} pieces of a paragraph, as drawn
 * @returns {Hold}
 */
export function grownHold(hold, token, sure, pieces) {
  const parts = partsOf(hold, token, pieces);
  let [units, nodes, count] = [0, 0, 0];
  for (const part of parts) {
    if (hold.head.length + units + part.seen > sure) break;
    units += part.units;
    nodes += part.nodes;
    count += 1;
  }
  if (count === 0) return hold;
  return { units: hold.units + units, nodes: hold.nodes + nodes, head: headOf(token, hold.head.length + units), kind: kindOf(token) };
}

/**
 * @param {Hold} hold
 * @param {Token} token
 * @param {{units: number, seen: number, nodes: number}[]} pieces
 * @returns {{units: number, seen: number, nodes: number}[]} the parts that may be held: never all
 */
function partsOf(hold, token, pieces) {
  switch (token.type) {
    case "list": return itemParts(/** @type {List} */ (token).items.slice(headItems(hold)));
    case "table": return rowParts(/** @type {Table} */ (token), hold.head.length);
    case "code": return FENCE_LINE.test(token.raw) ? codeParts(token["text"], hold.head || (FENCE_LINE.exec(token.raw)?.[0] ?? ""), hold) : [];
    case "paragraph": return pieces.slice(0, -1);
    default: return [];
  }
}

/** @param {Hold} hold @returns {number} items that only stand in its head */
export function headItems({ head, kind }) {
  return head && kind.startsWith("list") ? 1 : 0;
}

/** @param {import("../../vendor/marked.js").Tokens.ListItem[]} items an item is sure once the next one has a full line */
function itemParts(items) {
  return items.slice(0, -2).map(({ raw }, index) => ({ units: raw.length, seen: raw.length + (items[index + 1]?.raw.length ?? 0), nodes: 2 }));
}

/** @param {Table} table @param {number} headUnits */
function rowParts({ raw, rows }, headUnits) {
  const lines = raw.split("\n");
  const length = (/** @type {string[]} */ some) => some.reduce((sum, line) => sum + line.length + 1, 0);
  const headerUnits = length(lines.splice(0, 2));
  const parts = [];
  for (let row = 0; row + GROUP_ROWS < rows.length; row += GROUP_ROWS) {
    const own = length(lines.slice(row, row + GROUP_ROWS));
    const extra = headUnits || row ? 0 : headerUnits;
    parts.push({ units: own + extra, seen: own + extra + 1, nodes: 1 });
  }
  return parts;
}

/** @param {string} text @param {string} fence the first line @param {Hold} hold */
function codeParts(text, fence, hold) {
  const extra = hold.head ? 0 : fence.length;
  return codeChunks(text)
    .slice(0, -1)
    .map((chunk, index) => ({ units: chunk.length + (index ? 0 : extra), seen: chunk.length + 1 + (index ? 0 : extra), nodes: 1 }));
}

/** @param {string} text @returns {string[]} whole lines each, but for the last */
export function codeChunks(text) {
  const chunks = [];
  let start = 0;
  for (let end = text.indexOf("\n", CODE_UNITS) + 1; end > 0 && end < text.length; end = text.indexOf("\n", start + CODE_UNITS) + 1) {
    chunks.push(text.slice(start, end));
    start = end;
  }
  return [...chunks, text.slice(start)];
}

/** @param {Token} token @param {number} end of what it stands for @returns {string} */
function headOf(token, end) {
  switch (token.type) {
    case "list": return token["loose"] ? `${BULLET.exec(token.raw)?.[0] ?? "-"} x\n\n` : "";
    case "table": return token.raw.split("\n", 2).join("\n") + "\n";
    case "code": return FENCE_LINE.exec(token.raw)?.[0] ?? "";
    default: return token.raw.charAt(end - 1) === "\n" ? "x\n" : "x ";
  }
}

/** @param {Element} block drawn @returns {Element} the element whose children are the parts */
export function partsParent(block) {
  return block.querySelector(":scope > table, :scope > pre > code") ?? block;
}

/** @param {Element} parent @returns {number} nodes of it before the first part */
export function partsStart(parent) {
  if (parent.nodeName === "TABLE") return [...parent.childNodes].findIndex((node) => node.nodeName === "TBODY");
  return parent.nodeName === "UL" || parent.nodeName === "OL" ? 1 : 0;
}
