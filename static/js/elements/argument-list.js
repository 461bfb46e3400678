/** <argument-list>: what a tool was called with, as labelled values; the source is one click away (M-048). */

import { laidOut, treeOf } from "../lib/arguments.js";
import { copyFrom } from "../lib/clipboard.js";
import { make } from "../lib/make.js";

/** @typedef {import("../lib/arguments.js").Tree} Tree */

export class ArgumentList extends HTMLElement {
  #source = "";

  /** @param {string} source what the model wrote */
  show(source) {
    if (source === this.#source && this.firstElementChild) return;
    this.#source = source;
    const tree = treeOf(source);
    const isNothing = source.trim() === "" || ((tree.kind === "map" || tree.kind === "list") && tree.entries.length === 0);
    this.hidden = isNothing;
    if (isNothing) return;
    if (tree.kind === "text") this.replaceChildren(sourceElement(source));
    else this.replaceChildren(shown(tree), raw(source));
  }
}

/** @param {Tree} tree @returns {HTMLElement} */
function shown(tree) {
  if (tree.kind === "leaf" || tree.kind === "text") return make("p", { class: "arguments__value", dir: "auto" }, tree.text);
  const rows = tree.entries.map(({ name, value }) => make("div", { class: "arguments__row" }, make("dt", { dir: "auto" }, name), make("dd", {}, entry(value))));
  if (tree.more) rows.push(make("div", { class: "arguments__row" }, make("dt", {}, "…"), make("dd", {}, interpolate(gettext("%(count)s more"), { count: tree.more }, true))));
  return make("dl", { class: "arguments" }, ...rows);
}

/** @param {Tree} value @returns {HTMLElement} */
function entry(value) {
  if (value.kind === "leaf" || value.kind === "text") return make("span", { class: "arguments__value", dir: "auto" }, value.text);
  const count = value.entries.length + value.more;
  const words = value.kind === "list" ? ngettext("%(count)s entry", "%(count)s entries", count) : ngettext("%(count)s value", "%(count)s values", count);
  if (count === 0) return make("span", { class: "arguments__value" }, gettext("nothing"));
  const details = make("details", { class: "fold" }, make("summary", {}, interpolate(words, { count }, true)), shown(value));
  details.open = count <= 3;
  return details;
}

/** @param {string} source */
function raw(source) {
  const copy = make("button", { type: "button", class: "button button--small" }, gettext("Copy"));
  copy.addEventListener("click", () => void copyFrom(copy, source));
  return make("details", { class: "fold arguments__raw" }, make("summary", {}, gettext("Raw JSON")), sourceElement(laidOut(source)), copy);
}

/** @param {string} text */
function sourceElement(text) {
  return make("pre", { class: "action__source", tabindex: "0", dir: "auto" }, text);
}

customElements.define("argument-list", ArgumentList);
