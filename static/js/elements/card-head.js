/** <card-head>: what a card is, where it stands among others, its state as a drawing and a word, and the time left. */

import { lookGlyph, lookOf, lookWords, placeWords, titleOf } from "../lib/action-words.js";
import { leftOf } from "../lib/countdown.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { isOpen } from "../lib/waiting.js";

/** Timers cannot wait for longer than this. */
const LONGEST_MS = 2_000_000_000;

export class CardHead extends HTMLElement {
  #icon = make("span", { class: "action__icon", "aria-hidden": "true" });
  #kind = make("span");
  #place = make("span", { class: "action__place" });
  #title = make("p", { class: "action__title", dir: "auto" });
  #name = make("code", { class: "action__name", dir: "ltr", hidden: "" });
  #state = make("span", { class: "action__state" });
  #left = make("span", { class: "action__left", hidden: "" });
  /** @type {Chat.Action | null} */
  #action = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #hasWarned = false;

  start() {
    this.className = "action__head";
    const eyebrow = make("p", { class: "action__eyebrow" }, this.#kind, this.#place);
    const words = make("div", { class: "action__words" }, eyebrow, this.#title, this.#name);
    this.append(this.#icon, words, make("p", { class: "action__standing" }, this.#state, this.#left));
  }

  connectedCallback() {
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {Chat.Action} action
   * @param {Chat.Action[]} actions of the turn
   * @param {{language: string, isSending: boolean}} around
   */
  show(action, actions, { language, isSending }) {
    const isTool = action.kind === "tool_call";
    const look = isSending ? "submitting" : lookOf(action);
    if (action !== this.#action) {
      const title = isTool ? titleOf(action, language) : "";
      this.#icon.replaceChildren(action.tool?.icon || glyph(isTool ? "tool" : action.question?.link ? "key" : "question"));
      this.#kind.textContent = isTool ? gettext("Tool call") : action.question?.link ? gettext("Sign-in") : gettext("Question");
      this.#title.textContent = title;
      this.#title.hidden = title === "";
      this.#name.textContent = action.name;
      this.#name.hidden = !isTool || title === action.name;
    }
    this.#action = action;
    this.#place.textContent = placeWords(action, actions);
    this.#place.hidden = this.#place.textContent === "";
    this.#state.replaceChildren(glyph(lookGlyph(look)), make("span", {}, lookWords(look)));
    this.#tick();
  }

  #tick() {
    clearTimeout(this.#timer);
    const action = this.#action;
    if (!action) return;
    const left = isOpen(action) && action.expires_at ? leftOf(action.asked_at, action.expires_at, Date.now()) : null;
    this.#left.hidden = left === null;
    if (!left) return;
    this.#left.textContent = left.words;
    this.#left.toggleAttribute("data-late", left.isLate);
    if (left.isLate && !this.#hasWarned) this.#warn(left.words);
    if (left.nextMs !== null && this.isConnected) this.#timer = setTimeout(() => this.#tick(), Math.min(left.nextMs, LONGEST_MS));
  }

  /** Once; the card says it aloud. @param {string} words */
  #warn(words) {
    this.#hasWarned = true;
    this.dispatchEvent(new CustomEvent("nearly-over", { bubbles: true, detail: { words } }));
  }
}

customElements.define("card-head", CardHead);
