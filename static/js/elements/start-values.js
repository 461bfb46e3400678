/** <start-values>: what a workflow was started with, as small labelled values. */

import { make } from "../lib/make.js";
import { valueLines } from "../lib/value-lines.js";

export class StartValues extends HTMLElement {
  #list = make("dl", { class: "start-values__list" });
  #drawn = "";

  /** @param {Record<string, unknown>} values */
  show(values) {
    const lines = valueLines(values);
    const drawn = JSON.stringify(lines);
    this.hidden = lines.length === 0;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.classList.add("start-values");
    this.#list.setAttribute("aria-label", gettext("Started with"));
    this.#list.replaceChildren(...lines.map(({ name, text }) =>
      make("div", {}, make("dt", { dir: "auto" }, name), make("dd", { dir: "auto" }, text))));
    if (!this.#list.isConnected) this.append(this.#list);
  }
}

customElements.define("start-values", StartValues);
