/**
 * One menu for every row and for the header. What is chosen is emitted by the button that opened the menu, so
 * that each place hears its own: `conversation-command` {does, row}, does: rename, pin, archive, print, delete.
 * Exports are plain links: the browser saves what comes.
 */

import { stepOf } from "../lib/keys.js";
import { placeAt } from "../lib/placing.js";

export class ConversationMenu extends HTMLElement {
  /** @type {HTMLElement | null} */
  #opener = null;
  /** @type {Chat.Conversation | null} */
  #row = null;

  connectedCallback() {
    this.addEventListener("click", (event) => this.#choose(event));
    this.addEventListener("keydown", (event) => this.#move(event));
    this.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event)));
  }

  /**
   * @param {HTMLElement} opener
   * @param {Chat.Conversation} row
   */
  openFor(opener, row) {
    this.#opener = opener;
    this.#row = row;
    this.#label("pin", row.is_pinned);
    this.#label("archive", row.is_archived);
    for (const link of this.querySelectorAll("a[data-format]")) {
      if (link instanceof HTMLAnchorElement) link.href = `/c/${row.id}/export/?format=${link.dataset.format}`;
    }
    this.showPopover();
    placeAt(this, opener.getBoundingClientRect());
    this.#items()[0]?.focus();
  }

  /** @param {string} does @param {boolean} isOn */
  #label(does, isOn) {
    const label = this.querySelector(`[data-does="${does}"] span`);
    if (label instanceof HTMLElement) label.textContent = (isOn ? label.dataset.whenOn : label.dataset.whenOff) ?? "";
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    const isOpen = event.newState === "open";
    this.#opener?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen && (this.contains(document.activeElement) || document.activeElement === document.body)) this.#opener?.focus();
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    const item = event.target instanceof Element ? event.target.closest("[role=menuitem]") : null;
    if (!(item instanceof HTMLElement) || !this.#row) return;
    this.hidePopover();
    if (!item.dataset.does) return;
    const detail = { does: item.dataset.does, row: this.#row };
    this.#opener?.dispatchEvent(new CustomEvent("conversation-command", { bubbles: true, detail }));
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    if (event.key === "Tab") this.hidePopover();
    const items = this.#items();
    const index = stepOf(event.key, items.findIndex((item) => item === document.activeElement), items.length);
    if (index === null) return;
    event.preventDefault();
    items[index]?.focus();
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return [...this.querySelectorAll("[role=menuitem]")].filter((item) => item instanceof HTMLElement);
  }
}

customElements.define("conversation-menu", ConversationMenu);
