/** <answer-usage>: what a question and its answer used – tokens, cost, time – behind a button, asked when it is pressed (M-093). */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { placeAt } from "../lib/placing.js";
import { sayFailure } from "./say.js";

export class AnswerUsage extends HTMLElement {
  /** @type {Chat.AnswerPlace | null} */
  #place = null;
  #rows = make("dl", { class: "usage__rows" });
  #sheet = make("div", { class: "menu usage", popover: "", role: "dialog", "aria-label": gettext("What this answer used"), tabindex: "-1" }, this.#rows);
  #open = make("button", { type: "button", class: "icon-button tool" }, glyph("info"));

  connectedCallback() {
    if (this.firstChild) return;
    this.#open.ariaLabel = this.#open.title = gettext("What this answer used");
    this.#open.addEventListener("click", () => void this.#show());
    this.append(this.#open, this.#sheet);
  }

  /** @param {Chat.AnswerPlace} place */
  show(place) {
    this.#place = place;
    // Of several answers the last one stands for all; what a branch took along was used elsewhere.
    this.hidden = !place.isLastAnswer || place.turn.copied !== "" || !OVER.has(place.turn.state);
  }

  async #show() {
    if (!this.#place) return;
    const { turn, page } = this.#place;
    this.#open.ariaBusy = "true";
    try {
      const { rows } = await page.commands.get(`/c/${page.store.get().conversation?.id}/turns/${turn.id}/usage/`);
      this.#rows.replaceChildren(...rows.map((/** @type {[string, string]} */ [label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))));
      this.#sheet.showPopover();
      placeAt(this.#sheet, this.#open.getBoundingClientRect());
      this.#sheet.focus();
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#open.ariaBusy = null;
    }
  }
}

const OVER = new Set(["completed", "failed", "canceled", "lost"]);

customElements.define("answer-usage", AnswerUsage);
