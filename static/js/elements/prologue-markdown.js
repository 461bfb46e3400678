/** A prologue that needs the whole Markdown reader. */

import { dress } from "../lib/dress.js";
import { GrowingText } from "../lib/growing-text.js";

/** @param {HTMLElement} root @param {string} text */
export function drawMarkdown(root, text) {
  root.replaceChildren();
  new GrowingText(root, dress).show(text, false);
}
