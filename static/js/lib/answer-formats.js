/** An answer's Markdown as other programs take it: HTML for editors, text without marks for everything else. */

import { Reading } from "./blocks.js";
import { htmlOf, markdownOptions } from "./markdown.js";
import { textOf } from "./plain-text.js";
import { sanitise } from "./sanitise.js";

/** @param {string} markdown @returns {DocumentFragment} sanitised, without what is ours around it */
function fragmentOf(markdown) {
  const reading = new Reading(markdown.replace(/\r\n?/g, "\n"), {}, markdownOptions);
  return sanitise(htmlOf(reading.whole(reading.tokens)));
}

/** @param {string} markdown @returns {string} */
export function htmlText(markdown) {
  const holder = document.createElement("div");
  holder.append(fragmentOf(markdown));
  return holder.innerHTML;
}

/** @param {string} markdown @returns {string} */
export function plainText(markdown) {
  return textOf(fragmentOf(markdown));
}
