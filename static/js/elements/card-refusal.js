/** <card-refusal>: why an answer was not taken, what helps whoever helps, and a button that sends the very same again. */

import { copyFrom } from "../lib/clipboard.js";
import { make } from "../lib/make.js";
import { detailOf } from "../lib/turn-notes.js";

export class CardRefusal extends HTMLElement {
  #sentence = make("p", { class: "fault__sentence" });
  #advice = make("p");
  #detail = make("p", { class: "fault__detail", dir: "auto" });
  #copy = make("button", { type: "button", class: "button button--small" }, gettext("Copy"));
  #again = make("button", { type: "button", class: "button button--small" }, gettext("Send again"));
  #shown = "";
  /** @type {(() => void) | null} */
  #resend = null;

  start() {
    this.className = "action__refusal fault";
    this.setAttribute("role", "alert");
    this.hidden = true;
    this.append(this.#sentence, this.#advice, this.#detail, make("div", { class: "fault__buttons" }, this.#again, this.#copy));
    this.#copy.addEventListener("click", () => void copyFrom(this.#copy, this.#detail.textContent ?? ""));
    this.#again.addEventListener("click", () => this.#resend?.());
  }

  /**
   * @param {{reason: string, code?: string, message?: string, log_id?: string, sentence?: string, advice?: string} | null} fault
   * @param {Record<string, Chat.Sentence>} sentences
   * @param {(() => void) | null} [resend]
   */
  show(fault, sentences, resend = null) {
    this.#resend = resend;
    this.#again.hidden = resend === null;
    const shown = JSON.stringify(fault);
    if (shown === this.#shown) return; // the same again would be read aloud again
    this.#shown = shown;
    this.hidden = fault === null;
    if (!fault) return;
    const { reason, code = "", message = "", log_id = "" } = fault;
    const told = sentences[reason];
    this.dataset.reason = reason;
    this.#sentence.textContent = fault.sentence || told?.sentence || gettext("This was not accepted.");
    this.#advice.textContent = fault.advice || told?.advice || gettext("What you entered is kept.");
    this.#detail.textContent = detailOf({ reason, code, message, log_id });
    this.#detail.hidden = this.#detail.textContent === "";
    this.#copy.hidden = this.#detail.hidden;
  }
}

customElements.define("card-refusal", CardRefusal);
