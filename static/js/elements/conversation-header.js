/** The open conversation's name (renamed in place), its bot, "Clear context" and menu; and the tab's title. */

import { openCards } from "../lib/waiting.js";
import { carryOut, rename } from "./conversation-commands.js";
import { ConversationMenu } from "./conversation-menu.js";
import { nameInput } from "./name-input.js";

export class ConversationHeader extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  #siteName = document.title.split(" · ").at(-1) ?? "";
  /** @type {unknown[]} */
  #drawn = [];

  connectedCallback() {
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("dblclick", (event) => event.target === this.#name && this.#rename());
    this.addEventListener("conversation-command", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.does !== "rename") return;
      event.stopPropagation();
      this.#rename();
    });
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe(() => this.#draw());
    this.#draw();
  }

  get #conversation() {
    return this.#page?.store.get().conversation ?? null;
  }

  /** @returns {HTMLElement} */
  get #name() {
    return /** @type {HTMLElement} */ (this.querySelector(".header__name"));
  }

  #draw() {
    const state = this.#page?.store.get();
    if (!state || (this.#drawn[0] === state.conversation && this.#drawn[1] === state.conversations)) return;
    this.#drawn = [state.conversation, state.conversations];
    const { conversation } = state;
    const name = conversation ? conversation.name || conversation.bot_name : "";
    this.#name.textContent = name;
    if (!this.querySelector("input")) this.#name.hidden = !conversation;
    const bot = this.querySelector(".header__bot");
    if (bot) bot.textContent = conversation && conversation.name ? conversation.bot_name : "";
    for (const button of this.querySelectorAll("[data-does]")) {
      if (button instanceof HTMLButtonElement) button.hidden = !conversation;
    }
    const clear = this.querySelector("[data-does=clear]");
    if (clear instanceof HTMLButtonElement) clear.disabled = Boolean(conversation?.is_clearing) || !conversation?.can_ask;
    const waiting = openCards(state);
    document.title = `${waiting ? `(${waiting}) ` : ""}${name || gettext("New chat")} · ${this.#siteName}`;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-does]") : null;
    const row = this.#conversation;
    if (!(button instanceof HTMLElement) || !row || !this.#page) return;
    if (button.dataset.does === "clear") carryOut(this, this.#page, { does: "clear", row });
    const menu = document.querySelector("conversation-menu");
    if (button.dataset.does === "menu" && menu instanceof ConversationMenu) menu.openFor(button, row);
  }

  #rename() {
    const row = this.#conversation;
    const name = this.#name;
    if (!row || name.hidden) return;
    const input = nameInput(row.name, (typed) => {
      input.remove();
      name.hidden = !this.#conversation;
      if (typed !== null && this.#page) rename(this, this.#page, row.id, typed);
    });
    input.classList.add("header__rename");
    name.hidden = true;
    name.before(input);
    input.focus();
    input.select();
  }
}

customElements.define("conversation-header", ConversationHeader);
