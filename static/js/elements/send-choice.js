/**
 * <send-choice>: what to do with a question that is typed while a card is open (M-062). Emits `choose-way` {way}, or
 * `keep-typing` when it is left with Escape. Nothing is remembered.
 */

import { make } from "../lib/make.js";

/** @typedef {import("../lib/waiting.js").Way} Way */

export class SendChoice extends HTMLElement {
  #buttons = make("div", { class: "choice__buttons" });
  #words = make("p", { class: "choice__words" });

  connectedCallback() {
    if (this.#words.isConnected) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", gettext("The bot waits for a card. What should happen to your text?"));
    this.#words.textContent = gettext("The bot waits for a card. What should happen to your text?");
    this.append(this.#words, this.#buttons);
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {Way[]} ways */
  offer(ways) {
    const labels = wayLabels();
    this.#buttons.replaceChildren(...ways.map((way, index) => {
      const { label, about } = labels[way];
      const kind = index === 0 ? "button button--small button--primary" : "button button--small";
      return make("button", { type: "button", class: kind, "data-way": way, title: about }, label);
    }));
    this.hidden = false;
    this.#all[0]?.focus();
  }

  /** @param {boolean} isBusy while the answer is on its way nothing else can be chosen */
  set isBusy(isBusy) {
    for (const button of this.#all) button.disabled = isBusy;
  }

  get #all() {
    return [...this.#buttons.querySelectorAll("button")];
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button) this.#tell("choose-way", { way: button.dataset.way });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // The Enter that opened the choice, held a moment too long, must not choose.
    if (event.key === "Enter" && event.repeat) event.preventDefault();
    if (event.key === "Escape") {
      event.preventDefault();
      return this.#tell("keep-typing", {});
    }
    const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = this.#all;
    const here = all.findIndex((button) => button === document.activeElement);
    all[(here + step + all.length) % all.length]?.focus();
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @returns {Record<Way, {label: string, about: string}>} */
function wayLabels() {
  return {
    answer: { label: gettext("Answer the card"), about: gettext("Your text is the answer the bot waits for") },
    after: { label: gettext("Send after"), about: gettext("Your question waits until this run is over") },
    stop: { label: gettext("Stop and send"), about: gettext("This run is stopped and your question is sent at once") },
  };
}

customElements.define("send-choice", SendChoice);
