/** <card-decline>: a reason, which the bot is told, and then it goes on. Emits `declined` {reason}, `entry-changed`, `decline-closed`. */

import { make } from "../lib/make.js";

let made = 0;

export class CardDecline extends HTMLElement {
  #reason = make("textarea", { class: "entry__input", rows: "2", dir: "auto" });
  #send = make("button", { type: "button", class: "button" }, gettext("Decline"));
  #back = make("button", { type: "button", class: "button button--plain" }, gettext("Back"));

  start() {
    this.className = "action__decline";
    this.hidden = true;
    this.#reason.id = `reason-${(made += 1)}`;
    this.append(
      make("label", { class: "entry__label", for: this.#reason.id }, gettext("Why? The bot is told, and goes on without this.")),
      this.#reason,
      make("div", { class: "action__buttons" }, this.#send, this.#back),
    );
    this.#send.addEventListener("click", () => this.send());
    this.#back.addEventListener("click", () => this.close());
    this.#reason.addEventListener("input", () => this.#tell("entry-changed"));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.close();
    });
  }

  get reason() {
    return this.#reason.value;
  }

  set reason(text) {
    this.#reason.value = text;
  }

  /** @param {boolean} isDisabled */
  set disabled(isDisabled) {
    for (const control of [this.#reason, this.#send, this.#back]) control.disabled = isDisabled;
  }

  open() {
    this.hidden = false;
    this.#reason.focus();
  }

  close() {
    this.hidden = true;
    this.#tell("decline-closed");
  }

  send() {
    this.dispatchEvent(new CustomEvent("declined", { bubbles: true, detail: { reason: this.reason.trim() } }));
  }

  /** @param {string} name */
  #tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

customElements.define("card-decline", CardDecline);
