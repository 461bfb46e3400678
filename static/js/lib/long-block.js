/** Lists and tables grow part by part: what of them is on the page already need not be drawn again. Pure. */

/** @typedef {import("../../vendor/marked.js").Token} Token */
/** @typedef {import("../../vendor/marked.js").Tokens.List} List */
/** @typedef {import("../../vendor/marked.js").Tokens.Table} Table */

/**
 * @param {Token | undefined} token
 * @returns {string[]} what each item or row depends on; none for blocks that are drawn whole
 */
export function partsOf(token) {
  if (token?.type === "list") return /** @type {List} */ (token).items.map((item) => `${item.loose} ${item.raw}`);
  if (token?.type === "table") return /** @type {Table} */ (token).rows.map((row) => row.map((cell) => cell.text).join("\n"));
  return [];
}

/**
 * @param {string[]} before parts on the page
 * @param {string[]} now
 * @returns {number} how many at the start are the same; never all, so that a block is left to draw
 */
export function sameParts(before, now) {
  let count = 0;
  while (count < now.length - 1 && before[count] === now[count]) count += 1;
  return count;
}

/**
 * @param {Token} token a list or table
 * @param {number} count
 * @returns {Token} the same without its first parts
 */
export function withoutParts(token, count) {
  if (token.type === "list") return { .../** @type {List} */ (token), items: /** @type {List} */ (token).items.slice(count) };
  return { .../** @type {Table} */ (token), rows: /** @type {Table} */ (token).rows.slice(count) };
}

/** @param {Element} block drawn @returns {Element} the element whose children are the parts */
export function partsParent(block) {
  return block.querySelector(":scope > table > tbody") ?? block;
}
