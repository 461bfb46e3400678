/**
 * <shortcut-menu>: the list that "/" opens over an otherwise empty composer. The focus stays where one types; arrow
 * keys, Enter or Tab, and Escape are the list's while it is open (ARIA: a combobox with a listbox; the field keeps
 * its role of a textbox, which several lines need).
 */

import { isSend, stepOf } from "../lib/keys.js";
import { make } from "../lib/make.js";
import { matching, searchIn } from "../lib/shortcut-commands.js";

let made = 0;

export class ShortcutMenu extends HTMLElement {
  #id = `shortcut-menu-${(made += 1)}`;
  #list = make("ul", { class: "shortcut-menu", role: "listbox", id: this.#id });
  #said = make("p", { class: "visually-hidden", role: "status" });
  /** @type {(shortcut: Chat.Shortcut) => void} */
  #chosen;
  /** @type {Chat.Shortcut[]} */
  #all = [];
  /** @type {Chat.Shortcut[]} */
  #shown = [];
  #at = 0;
  #isDismissed = false;
  /** @type {HTMLTextAreaElement | null} */
  #field = null;

  /** @param {(shortcut: Chat.Shortcut) => void} [chosen] */
  constructor(chosen = () => {}) {
    super();
    this.#chosen = chosen;
  }

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.#list.setAttribute("aria-label", gettext("Shortcut commands"));
    this.#list.hidden = true;
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    this.append(this.#list, this.#said);
  }

  /** @param {Chat.Shortcut[]} shortcuts */
  set shortcuts(shortcuts) {
    this.#all = shortcuts;
    this.#look();
  }

  /** Begins at once with what stands there. @param {HTMLTextAreaElement} field */
  watch(field) {
    this.#field = field;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.#id);
    field.addEventListener("input", () => {
      this.#isDismissed = false;
      this.#look();
    });
    field.addEventListener("blur", () => this.#close());
    // Before the composer hears it: Enter chooses here and must not send there.
    field.parentElement?.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    this.#look();
  }

  #look() {
    const search = this.#field && document.activeElement === this.#field ? searchIn(this.#field.value) : null;
    const shown = search === null || this.#isDismissed ? [] : matching(this.#all, search);
    if (shown.length === 0) return this.#close();
    const isSame = shown.length === this.#shown.length && shown.every((one, index) => one === this.#shown[index]);
    this.#shown = shown;
    if (isSame) return;
    this.#list.replaceChildren(...shown.map((one, index) => option(`${this.#id}-${index}`, one)));
    this.#list.hidden = false;
    this.#said.textContent = interpolate(ngettext("%(count)s shortcut command", "%(count)s shortcut commands", shown.length), { count: shown.length }, true);
    this.#move(0);
  }

  #close() {
    this.#shown = [];
    this.#list.hidden = true;
    this.#said.textContent = "";
    this.#field?.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #move(index) {
    this.#at = index;
    for (const [at, one] of [...this.#list.children].entries()) one.setAttribute("aria-selected", String(at === index));
    this.#list.children[index]?.scrollIntoView?.({ block: "nearest" });
    this.#field?.setAttribute("aria-activedescendant", `${this.#id}-${index}`);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.target !== this.#field || this.#shown.length === 0 || event.isComposing) return;
    const step = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey ? null : stepOf(event.key, this.#at, this.#shown.length);
    const isChoice = isSend(event, true) || (event.key === "Tab" && !event.shiftKey);
    if (step === null && !isChoice && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (step !== null) return this.#move(step);
    const chosen = this.#shown[this.#at];
    this.#isDismissed = true;
    this.#close();
    if (isChoice && chosen) this.#choose(chosen);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const at = event.target instanceof Element ? [...this.#list.children].indexOf(event.target.closest("[role=option]") ?? this) : -1;
    const chosen = this.#shown[at];
    this.#close();
    if (chosen) this.#choose(chosen);
  }

  /** What was typed was a search. @param {Chat.Shortcut} shortcut */
  #choose(shortcut) {
    if (this.#field) {
      this.#field.value = "";
      this.#field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    this.#chosen(shortcut);
  }
}

/** @param {string} id @param {Chat.Shortcut} shortcut */
function option(id, { command, name, description }) {
  const parts = [make("span", { class: "shortcut-menu__name" }, name)];
  if (command) parts.unshift(make("span", { class: "shortcut-menu__command" }, `/${command}`));
  if (description) parts.push(make("span", { class: "shortcut-menu__about" }, description));
  return make("li", { role: "option", id, class: "shortcut-menu__item", dir: "auto" }, ...parts);
}

customElements.define("shortcut-menu", ShortcutMenu);
