/** An answer's Markdown as other programs take it: HTML for editors, text without marks for everything else. */

import { Reading } from "./blocks.js";
import { htmlOf, markdownOptions } from "./markdown.js";
import { framePictures } from "./picture-frames.js";
import { rowsOf, textOf } from "./plain-text.js";
import { sanitise } from "./sanitise.js";

/** @param {string} markdown @returns {DocumentFragment} sanitised, without what is ours around it */
function fragmentOf(markdown) {
  const reading = new Reading(markdown.replace(/\r\n?/g, "\n"), {}, markdownOptions);
  return sanitise(htmlOf(reading.whole(reading.tokens)));
}

/** @param {string} markdown @returns {string} */
export function htmlText(markdown) {
  const holder = document.createElement("div");
  const fragment = fragmentOf(markdown);
  framePictures(fragment);
  for (const frame of fragment.querySelectorAll("remote-picture")) frame.replaceWith(...frame.childNodes); // a link: pasting fetches nothing
  holder.append(fragment);
  return holder.innerHTML;
}

/** @param {string} markdown @returns {string} */
export function plainText(markdown) {
  return textOf(fragmentOf(markdown));
}

/** @param {string} markdown @returns {{markdown: string, rows: string[][]}[]} its tables, in their order */
export function tablesIn(markdown) {
  const reading = new Reading(markdown.replace(/\r\n?/g, "\n"), {}, markdownOptions);
  return tableTokens(reading.whole(reading.tokens)).map((token) => {
    const table = sanitise(htmlOf([token])).querySelector("table");
    return { markdown: token.raw.trim(), rows: table ? rowsOf(table) : [] };
  });
}

/** @param {import("../../vendor/marked.js").Token[]} tokens @returns {import("../../vendor/marked.js").Token[]} tables, also those in lists and quotes */
function tableTokens(tokens) {
  return tokens.flatMap((token) => {
    if (token.type === "table") return [token];
    const { tokens: inner = [], items = [] } = /** @type {import("./blocks.js").Nest} */ (token);
    return tableTokens([...inner, ...items.flatMap((item) => item.tokens ?? [])]);
  });
}
