/** Drawn Markdown as text that needs no drawing: lists keep their marks, tables become columns between tabs. */

const HEADING_OR_PARAGRAPH = /^(?:P|H[1-6])$/;
const BLOCK = /^(?:P|H[1-6]|UL|OL|BLOCKQUOTE|PRE|TABLE|HR|DIV)$/;

/** @param {Node} root @returns {string} blocks with an empty line between them */
export function textOf(root) {
  return blocksOf(root).join("\n\n");
}

/** @param {Node} parent @returns {string[]} loose words between blocks are a block too */
function blocksOf(parent) {
  /** @type {string[]} */
  const blocks = [];
  let words = "";
  for (const node of parent.childNodes) {
    if (!BLOCK.test(node.nodeName)) {
      words += wordsOf(node);
      continue;
    }
    blocks.push(words, blockOf(/** @type {Element} */ (node)));
    words = "";
  }
  return [...blocks, words].map((block) => block.trim()).filter((block) => block !== "");
}

/** @param {Element} element @returns {string} */
function blockOf(element) {
  if (HEADING_OR_PARAGRAPH.test(element.nodeName)) return wordsIn(element);
  switch (element.nodeName) {
    case "UL":
    case "OL": return listOf(element);
    case "BLOCKQUOTE": return indented(textOf(element), "> ", "> ");
    case "PRE": return element.textContent ?? "";
    case "TABLE": return rowsOf(element).map((row) => row.map((cell) => cell.replace(/\s+/g, " ")).join("\t")).join("\n");
    case "HR": return "---";
    default: return textOf(element);
  }
}

/** @param {Element} list @returns {string} */
function listOf(list) {
  const start = Number(list.getAttribute("start") ?? "1");
  const items = [...list.children].map((item, index) => {
    const mark = list.nodeName === "OL" ? `${start + index}. ` : "- ";
    return indented(blocksOf(item).join("\n"), mark, " ".repeat(mark.length));
  });
  return items.join("\n");
}

/** @param {string} text @param {string} first before its first line @param {string} rest before the others */
function indented(text, first, rest) {
  return text.split("\n").map((line, index) => (index ? rest : first) + line).join("\n");
}

/** @param {Element} table @returns {string[][]} the words of each cell */
export function rowsOf(table) {
  return [...table.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => wordsIn(cell)));
}

/** @param {Node} parent */
function wordsIn(parent) {
  return [...parent.childNodes].map(wordsOf).join("").trim();
}

/** @param {Node} node @returns {string} */
function wordsOf(node) {
  switch (node.nodeName) {
    case "#text": return (node.textContent ?? "").replace(/[ \t\n]+/g, " ");
    case "BR": return "\n";
    case "IMG": return /** @type {Element} */ (node).getAttribute("alt") ?? "";
    case "INPUT": return /** @type {Element} */ (node).hasAttribute("checked") ? "[x]" : "[ ]";
    case "CODE": return node.textContent ?? "";
    default: return [...node.childNodes].map(wordsOf).join("");
  }
}
