/**
 * <live-words>: what a screen reader hears of the open conversation (M-108): where an answer begins and ends, that a
 * card waits, and `announce` {text} from anywhere. The log itself is silent.
 */

import { announcement } from "../lib/announcing.js";

export class LiveWords extends HTMLElement {
  /** @type {Chat.State | null} */
  #before = null;

  /** @param {Chat.Page} page */
  set page(page) {
    this.#before = page.store.get();
    page.store.subscribe((state, change) => {
      const before = this.#before;
      this.#before = state;
      if (change.type === "delta" || !before || before === state) return; // the way of every word
      const words = announcement(before, state, document.documentElement.lang);
      if (words) this.#say(words);
    });
    document.addEventListener("announce", (event) => this.#say(/** @type {CustomEvent} */ (event).detail.text));
  }

  /** The same words again are said again. @param {string} text */
  #say(text) {
    this.textContent = "";
    requestAnimationFrame(() => (this.textContent = text));
  }
}

customElements.define("live-words", LiveWords);
