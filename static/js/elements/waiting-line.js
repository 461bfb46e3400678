/** <waiting-line>: says, above the composer, that the bot on screen waits for a card, and leads to it. */

import { make } from "../lib/make.js";
import { isWanted, waitingTurn } from "../lib/waiting.js";
import { focusNextCard } from "./card-focus.js";

export class WaitingLine extends HTMLElement {
  #words = make("span", { class: "waits__words" });
  #button = make("button", { type: "button", class: "button button--link waits__show" }, gettext("Show the card"));
  /** @type {unknown[]} */
  #drawn = [];

  connectedCallback() {
    if (this.#words.isConnected) return;
    this.append(make("span", { class: "mark", "data-mark": "waiting", "aria-hidden": "true" }), this.#words, this.#button);
    this.#button.addEventListener("click", () => focusNextCard());
  }

  /** @param {Chat.Page} page */
  set page(page) {
    page.store.subscribe((state) => this.#draw(state));
    this.#draw(page.store.get());
  }

  /** @param {Chat.State} state */
  #draw(state) {
    const turn = waitingTurn(state);
    const bot = state.conversation?.bot_name ?? "";
    if (turn === this.#drawn[0] && bot === this.#drawn[1]) return;
    this.#drawn = [turn, bot];
    const count = turn?.actions.filter(isWanted).length ?? 0;
    this.hidden = count === 0;
    if (count === 0) return;
    const text = ngettext("%(bot)s waits for your answer to %(count)s card.", "%(bot)s waits for your answers to %(count)s cards.", count);
    this.#words.textContent = interpolate(text, { bot, count }, true);
  }
}

customElements.define("waiting-line", WaitingLine);
