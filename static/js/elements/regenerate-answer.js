/** <regenerate-answer>: asks the last question once more; the old answer stays as an older version (M-007). */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { regenerate } from "../lib/regenerating.js";
import { canRegenerate } from "../lib/versions.js";
import { sayFailure } from "./say.js";

export class RegenerateAnswer extends HTMLElement {
  #button = make("button", { type: "button", class: "icon-button tool" }, glyph("regenerate"));
  /** @type {Chat.AnswerPlace | null} */
  #place = null;

  connectedCallback() {
    if (this.firstChild) return;
    const name = gettext("Regenerate");
    this.#button.setAttribute("aria-label", name);
    this.#button.title = name;
    this.#button.addEventListener("click", () => void this.#regenerate());
    this.append(this.#button);
  }

  /** A turn that failed has "Retry" where it says so. @param {Chat.AnswerPlace} place */
  show(place) {
    this.#place = place;
    const { turn, page, isLastTurn, isLastAnswer } = place;
    const isOver = turn.state === "completed" || turn.state === "canceled";
    this.hidden = !isLastTurn || !isLastAnswer || !isOver || !canRegenerate(page.store.get(), turn);
  }

  async #regenerate() {
    if (!this.#place) return;
    const { page, turn } = this.#place;
    this.#button.disabled = true;
    try {
      await regenerate(page, turn);
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#button.disabled = false;
    }
  }
}

customElements.define("regenerate-answer", RegenerateAnswer);
