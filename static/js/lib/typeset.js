/** One formula → nodes, with KaTeX. Nothing in it can address, load, define for others, or cover the page. */

import katex from "../../vendor/katex.js";

/** In em: so far a formula may push or stretch. prose.css clips the rest. */
const MOST_EM = 40;
const MOST_EXPANSIONS = 500;

/** Its style sheet, which names its fonts. @type {Promise<void>} */
export const ready = new Promise((resolve, reject) => {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../../vendor/katex/katex.css", import.meta.url).href;
  sheet.onload = () => resolve();
  sheet.onerror = () => {
    sheet.remove();
    reject(new Error("no style sheet for formulas"));
  };
  document.head.append(sheet);
});

/**
 * @param {import("./maths-syntax.js").Formula} formula
 * @returns {Node | null} null when KaTeX does not understand it, or it asks for what needs trust
 */
export function typeset({ tex, isDisplay }) {
  try {
    // Not in its types, but what its own render() calls.
    const tree = /** @type {any} */ (katex).__renderToDomTree(tex, {
      displayMode: isDisplay,
      maxSize: MOST_EM,
      maxExpand: MOST_EXPANSIONS,
      strict: "ignore",
      throwOnError: true,
      trust: refuse,
    });
    dropStyles(tree);
    return tree.toNode();
  } catch (error) {
    // Whatever breaks it, too deep a nest included: the reader gets what the bot wrote.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** KaTeX would write the refused command in red. @returns {never} */
function refuse() {
  throw new Error("a formula may not do this");
}

/** Two commands put a style attribute into the MathML, which our policy forbids. @param {any} node */
function dropStyles(node) {
  delete node.attributes?.style;
  for (const child of node.children ?? []) dropStyles(child);
}
