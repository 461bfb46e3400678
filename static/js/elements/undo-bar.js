/** A deleted conversation can be brought back for a few seconds. Hears `conversation-deleted` {row, wasOpen}. */

import { openConversation } from "./conversation-commands.js";
import { sayFailure } from "./say.js";

/** @typedef {{row: Chat.Conversation, wasOpen: boolean}} Deleted */

export class UndoBar extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Deleted | null} */
  #deleted = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    document.addEventListener("conversation-deleted", (event) => this.#offer(/** @type {CustomEvent} */ (event).detail));
    this.querySelector("button")?.addEventListener("click", () => this.#undo());
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
  }

  /** @param {Deleted} deleted only the last one can be undone here */
  #offer(deleted) {
    const name = deleted.row.name || deleted.row.bot_name;
    const text = this.querySelector(".undo__text");
    if (text) text.textContent = interpolate(gettext("“%(name)s” is deleted."), { name }, true);
    this.#deleted = deleted;
    this.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), (this.#page?.store.get().settings.undoSeconds ?? 0) * 1000);
  }

  #hide() {
    this.hidden = true;
    this.#deleted = null;
  }

  async #undo() {
    const deleted = this.#deleted;
    const page = this.#page;
    this.#hide();
    if (!deleted || !page) return;
    try {
      const conversation = await page.commands.post(`/c/${deleted.row.id}/restore/`);
      page.store.dispatch({ type: "row_loaded", conversation });
      if (deleted.wasOpen) openConversation(this, deleted.row.id);
    } catch (error) {
      sayFailure(this, page.store, error);
    }
  }
}

customElements.define("undo-bar", UndoBar);
