/**
 * <asked-values>: what a bot asks before a conversation begins, above the composer of the start screen; folded when
 * last time's values will do. Puts them into every `ask` {…, asked} that begins a conversation, and keeps it back
 * while something is missing. In the conversation <asked-editor> changes them.
 */

import { askedFields, joined, parted } from "../lib/asked-fields.js";
import { BotPicker } from "./bot-picker.js";
import { StartForm } from "./start-form.js";

export class AskedValues extends StartForm {
  /** @type {Chat.Store | null} */
  #store = null;

  /** @param {Chat.Page} page */
  set page(page) {
    super.page = page;
    this.#store = page.store;
    document.addEventListener("choose-bot", () => this.#draw());
    document.addEventListener("ask", (event) => this.#accompany(/** @type {CustomEvent} */ (event)), { capture: true });
    page.store.subscribe(() => this.#draw());
    this.#draw();
  }

  /** @param {Chat.Bot | undefined} bot @param {string | null} conversation */
  fieldsOf(bot, conversation) {
    return conversation === null ? askedFields(bot) : [];
  }

  /** @param {Chat.Bot} bot */
  keptOf(bot) {
    return joined(bot.asked?.kept);
  }

  /** @param {string} bot */
  keyOf(bot) {
    return `asked.${bot}`;
  }

  /** The words beside it are a question. */
  fieldForWords() {
    return null;
  }

  get words() {
    return gettext("For this conversation");
  }

  #draw() {
    const state = this.#store?.get();
    const picker = document.querySelector("bot-picker");
    const id = picker instanceof BotPicker ? picker.bot : null;
    // What is on its way begins a conversation; its answers are not to be changed here.
    const isBeginning = state?.pending.some((one) => one.conversation === null) ?? false;
    const place = state?.conversation?.id ?? (isBeginning ? "" : null);
    this.showFor(state?.bots.find((bot) => bot.id === id), place);
  }

  /** @param {CustomEvent} event */
  #accompany(event) {
    if (this.hidden || event.detail.asked) return;
    const values = this.take("");
    if (values) {
      event.detail.asked = parted(values);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { text, shortcut } = event.detail;
    if (!shortcut) this.dispatchEvent(new CustomEvent("compose", { bubbles: true, detail: { text } }));
    this.take(""); // the composer took the focus; it belongs to what is missing
  }
}

customElements.define("asked-values", AskedValues);
