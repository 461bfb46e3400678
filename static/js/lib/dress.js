/** What is ours around sanitised Markdown: a bar over code, a frame that scrolls around tables, formulas, text directions. */

import { codeChunks, GROUP_ROWS } from "./long-block.js";
import { make } from "./make.js";
import { drawFormulas } from "./maths.js";
import { framePictures } from "./picture-frames.js";

/** @param {DocumentFragment} fragment */
export function dress(fragment) {
  for (const block of fragment.children) block.setAttribute("dir", "auto");
  for (const pre of fragment.querySelectorAll("pre")) frameCode(pre);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
  framePictures(fragment);
  drawFormulas(fragment);
}

/** @param {HTMLPreElement} pre */
function frameCode(pre) {
  const code = pre.firstElementChild;
  const language = code?.className.replace(/^language-/, "") ?? "";
  const copy = make("button", { type: "button", class: "button button--plain button--small", "data-does": "copy-code" }, gettext("Copy"));
  const frame = make("div", { class: "code" }, make("div", { class: "code__bar" }, make("span", {}, language), copy));
  pre.replaceWith(frame);
  pre.removeAttribute("dir");
  // Long lines scroll sideways: a keyboard has to reach them.
  pre.tabIndex = 0;
  frame.append(pre);
  if (code) splitCode(code);
}

/** Long code in parts of their own: a line more at its end must not lay out all the others again. @param {Element} code */
function splitCode(code) {
  const chunks = codeChunks(code.textContent ?? "");
  const rest = chunks.pop() ?? "";
  if (chunks.length) code.replaceChildren(...chunks.map((chunk) => make("div", {}, chunk)), rest);
}

/** @param {HTMLTableElement} table */
function frameTable(table) {
  const frame = make("div", { class: "table", role: "region", "aria-label": gettext("Table"), tabindex: "0" });
  table.replaceWith(frame);
  const menu = make("button", { type: "button", class: "button button--plain button--small", "data-does": "table-menu" }, gettext("Copy table"));
  frame.append(table, menu);
  splitRows(table);
}

/** Rows in groups, for the same reason. @param {HTMLTableElement} table */
function splitRows(table) {
  // Behind each row stands a line's end.
  const nodes = [...(table.tBodies[0]?.childNodes ?? [])];
  for (let start = 2 * GROUP_ROWS; start < nodes.length; start += 2 * GROUP_ROWS) {
    table.append(make("tbody", {}, ...nodes.slice(start, start + 2 * GROUP_ROWS)));
  }
}
