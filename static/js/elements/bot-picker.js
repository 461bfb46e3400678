/**
 * The grid of bots: radio buttons of the composer's form, so that arrow keys work and no script is needed to
 * choose. Adds faces, a search field for long lists and the memory of the last choice. Emits `choose-bot` {bot}.
 */

import { recall, remember } from "../lib/choices.js";
import { make } from "../lib/make.js";
import { showFace } from "./bot-face.js";

/** From this many bots on, one may search. */
const MANY = 9;

export class BotPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#chosen(true));
    for (const bot of this.#bots) paintFace(bot);
    if (this.#bots.length >= MANY) this.#offerSearch();
    this.#recall();
    this.#chosen(false);
  }

  /** @returns {string | null} the chosen bot's uuid */
  get bot() {
    return this.#radios.find((radio) => radio.checked)?.value ?? null;
  }

  get #bots() {
    return [...this.querySelectorAll(".bot")].filter((bot) => bot instanceof HTMLElement);
  }

  get #radios() {
    return [...this.querySelectorAll("input[type=radio]")].filter((radio) => radio instanceof HTMLInputElement);
  }

  /** @param {boolean} isByPerson */
  #chosen(isByPerson) {
    const { bot } = this;
    if (isByPerson && bot) remember("bot", bot);
    this.dispatchEvent(new CustomEvent("choose-bot", { bubbles: true, detail: { bot } }));
  }

  #recall() {
    const named = new URLSearchParams(location.search).get("bot") ?? recall("bot");
    const radio = this.#radios.find((one) => one.value === named);
    if (radio) radio.checked = true;
  }

  #offerSearch() {
    const label = gettext("Find a bot");
    const field = make("input", { type: "search", class: "field bots__find", placeholder: label, "aria-label": label });
    const none = make("p", { class: "bots__none", hidden: "" }, gettext("No bot is called that."));
    field.addEventListener("input", () => {
      const words = field.value.trim().toLocaleLowerCase();
      for (const bot of this.#bots) bot.hidden = !(bot.textContent ?? "").toLocaleLowerCase().includes(words);
      none.hidden = this.#bots.some((bot) => !bot.hidden);
    });
    this.#bots[0]?.before(field);
    this.#bots.at(-1)?.after(none);
  }
}

/** @param {HTMLElement} bot */
function paintFace(bot) {
  const face = bot.querySelector(".avatar");
  const radio = bot.querySelector("input");
  if (!(face instanceof HTMLElement) || !radio) return;
  const name = bot.querySelector(".bot__name")?.textContent ?? "";
  showFace(face, { id: radio.value, name, icon: face.dataset.icon ?? "" });
}

customElements.define("bot-picker", BotPicker);
