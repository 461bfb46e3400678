/** <answer-versions>: turns from one version of an answer to another: 1/2, 2/2. Says `show-version` {turn, way}. */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { versionsOf } from "../lib/versions.js";

/** @typedef {"previous" | "next"} Way */

export class AnswerVersions extends HTMLElement {
  #number = make("span", { class: "versions__number" });
  #buttons = { previous: button("previous"), next: button("next") };
  /** @type {Chat.Turn[]} */
  #versions = [];
  #at = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", gettext("Versions of this answer"));
    name(this.#buttons.previous, gettext("Previous version"));
    name(this.#buttons.next, gettext("Next version"));
    this.#buttons.previous.addEventListener("click", () => this.#turn("previous"));
    this.#buttons.next.addEventListener("click", () => this.#turn("next"));
    this.append(this.#buttons.previous, this.#number, this.#buttons.next);
  }

  /** @param {Pick<Chat.AnswerPlace, "turn" | "isLastAnswer" | "page">} place */
  show({ turn, isLastAnswer, page }) {
    this.#versions = isLastAnswer ? versionsOf(page.store.get().turns, turn.id) : [];
    this.#at = this.#versions.findIndex((one) => one.id === turn.id);
    const count = this.#versions.length;
    this.hidden = count < 2;
    this.#number.textContent = `${this.#at + 1}/${count}`;
    this.#buttons.previous.disabled = this.#at <= 0;
    this.#buttons.next.disabled = this.#at >= count - 1;
  }

  /** Goes on where the reader pressed, in the version that came. @param {Way} way */
  focusOn(way) {
    const other = this.#buttons[way === "next" ? "previous" : "next"];
    (this.#buttons[way].disabled ? other : this.#buttons[way]).focus({ preventScroll: true });
  }

  /** @param {Way} way */
  #turn(way) {
    const to = this.#versions[this.#at + (way === "next" ? 1 : -1)];
    if (to) this.dispatchEvent(new CustomEvent("show-version", { bubbles: true, detail: { turn: to.id, way } }));
  }
}

/** @param {Way} way */
function button(way) {
  return make("button", { type: "button", class: "icon-button tool tool--turn" }, glyph(way));
}

/** @param {HTMLButtonElement} button @param {string} words */
function name(button, words) {
  button.setAttribute("aria-label", words);
  button.title = words;
}

customElements.define("answer-versions", AnswerVersions);
