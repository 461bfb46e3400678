/** What is ours around sanitised Markdown: a bar over code, a frame that scrolls around tables, text directions. */

import { make } from "./make.js";

/** @param {DocumentFragment} fragment */
export function dress(fragment) {
  for (const block of fragment.children) block.setAttribute("dir", "auto");
  for (const pre of fragment.querySelectorAll("pre")) frameCode(pre);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
}

/** @param {HTMLPreElement} pre */
function frameCode(pre) {
  const language = pre.firstElementChild?.className.replace(/^language-/, "") ?? "";
  const copy = make("button", { type: "button", class: "button button--plain button--small", "data-does": "copy-code" }, gettext("Copy"));
  const frame = make("div", { class: "code" }, make("div", { class: "code__bar" }, make("span", {}, language), copy));
  pre.replaceWith(frame);
  pre.removeAttribute("dir");
  // Long lines scroll sideways: a keyboard has to reach them.
  pre.tabIndex = 0;
  frame.append(pre);
}

/** @param {HTMLTableElement} table */
function frameTable(table) {
  const frame = make("div", { class: "table", role: "region", "aria-label": gettext("Table"), tabindex: "0" });
  table.replaceWith(frame);
  frame.append(table);
}
