/**
 * <command-palette>: a dialog with one field and what it leads to (M-035). The field keeps the focus; the arrow keys
 * move through the list as `aria-activedescendant` says (the ARIA combobox pattern).
 */

import { failureFrom } from "../lib/commands.js";
import { stepOf } from "../lib/keys.js";
import { make } from "../lib/make.js";
import { groupsFor, merged } from "../lib/palette.js";
import { Latest } from "../lib/search-page.js";
import { actionsOf, botEntry, conversationEntry, searchEntry } from "./palette-actions.js";

/** @typedef {import("../lib/palette.js").Entry} Entry */

const BREATH_MS = 120;
const SAID_MS = 700;
const LIST = "palette-list";

export class CommandPalette extends HTMLElement {
  #dialog = make("dialog", { class: "palette", "aria-label": gettext("Command palette") });
  #field = make("input", { class: "palette__field", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": LIST, "aria-autocomplete": "list", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", dir: "auto" });
  #list = make("div", { class: "palette__list", id: LIST, role: "listbox" });
  #none = make("p", { class: "palette__none", hidden: "" }, gettext("Nothing fits."));
  #status = make("p", { class: "visually-hidden", role: "status" });
  #latest = new Latest();
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {{conversations: Chat.Conversation[], bots: Chat.Bot[]}} what the server found for these words */
  #found = { conversations: [], bots: [] };
  /** @type {Entry[]} in the order they are drawn */
  #shown = [];
  #chosen = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #breath;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saying;

  connectedCallback() {
    const label = gettext("Go to a conversation, a bot or a setting");
    this.#field.placeholder = label;
    this.#field.setAttribute("aria-label", label);
    this.#list.setAttribute("aria-label", label);
    const close = make("button", { type: "button", class: "button button--small palette__close" }, gettext("Close"));
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.append(make("div", { class: "palette__top" }, this.#field, close), this.#list, this.#none, this.#status);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
    this.append(this.#dialog);
  }

  /** @param {Chat.Page} page */
  open(page) {
    if (this.#dialog.open) return this.#dialog.close();
    this.#page = page;
    this.#field.value = "";
    this.#found = { conversations: [], bots: [] };
    this.#dialog.showModal();
    this.#field.focus();
    this.#chosen = 0;
    this.#draw();
  }

  #typed() {
    this.#chosen = 0;
    this.#draw();
    clearTimeout(this.#breath);
    this.#breath = setTimeout(() => void this.#ask(), BREATH_MS);
  }

  /** Conversations that are not in the sidebar yet. */
  async #ask() {
    const isWanted = this.#latest.ask();
    const typed = this.#field.value.trim();
    if (!typed || !this.#page) return;
    try {
      const found = await this.#page.commands.get(`/search/places/?${new URLSearchParams({ q: typed })}`);
      if (!isWanted()) return;
      this.#found = found;
      this.#draw();
    } catch (error) {
      console.warn("the palette could not ask for conversations", failureFrom(error)); // what this tab knows is listed
    }
  }

  #draw() {
    const typed = this.#field.value.trim();
    const groups = groupsFor(this.#entries(typed), typed);
    const before = this.#shown[this.#chosen]?.key;
    this.#shown = groups.flatMap((group) => group.entries);
    // A list that grows under one's fingers keeps what was chosen by hand.
    if (this.#chosen > 0) this.#chosen = Math.max(0, this.#shown.findIndex((entry) => entry.key === before));
    this.#list.replaceChildren(...groups.map((group) => groupElement(group)));
    this.#none.hidden = this.#shown.length > 0;
    this.#mark();
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => this.#say(), SAID_MS);
  }

  /** @param {string} typed @returns {Entry[]} */
  #entries(typed) {
    const page = this.#page;
    if (!page) return [];
    const { conversations, bots } = page.store.get();
    const recent = conversations.toSorted((a, b) => Date.parse(b.last_asked_at) - Date.parse(a.last_asked_at));
    const rows = typed ? merged(recent, this.#found.conversations) : recent;
    const search = typed ? [searchEntry(typed)] : [];
    return [...rows.map(conversationEntry), ...merged(bots, this.#found.bots).map(botEntry), ...actionsOf(page), ...search];
  }

  #mark() {
    const options = [...this.#list.querySelectorAll("[role=option]")];
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.#chosen)));
    const chosen = options[this.#chosen];
    if (!chosen) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", chosen.id);
    if (this.#chosen === 0) this.#list.scrollTop = 0;
    else chosen.scrollIntoView({ block: "nearest" });
  }

  #say() {
    const count = this.#shown.length;
    const words = interpolate(ngettext("%(count)s result", "%(count)s results", count), { count }, true);
    if (this.#dialog.open && this.#status.textContent !== words) this.#status.textContent = words;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") {
      event.preventDefault();
      return this.#run(this.#shown[this.#chosen]);
    }
    const isStep = event.key === "ArrowDown" || event.key === "ArrowUp"; // Home and End belong to the text
    const next = isStep ? stepOf(event.key, this.#chosen, this.#shown.length) : null;
    if (next === null) return;
    event.preventDefault();
    this.#chosen = next;
    this.#mark();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option) this.#run(this.#shown.find((entry) => idOf(entry) === option.id));
  }

  /** @param {Entry | undefined} entry */
  #run(entry) {
    if (!entry) return;
    this.#dialog.close();
    entry.run();
  }
}

/** @param {Entry} entry */
function idOf(entry) {
  return `palette-${entry.key}`;
}

/** @param {import("../lib/palette.js").Group} group */
function groupElement({ kind, entries }) {
  const id = `palette-of-${kind}`;
  const heading = make("div", { class: "palette__heading", id, role: "presentation" }, headings()[kind]);
  const element = make("div", { class: "palette__group", role: "group", "aria-labelledby": id }, heading);
  for (const entry of entries) {
    const option = make("div", { class: "palette__option", role: "option", id: idOf(entry) }, make("span", { class: "palette__label", dir: "auto" }, entry.label));
    if (entry.detail && entry.detail !== entry.label) option.append(make("span", { class: "palette__detail" }, entry.detail));
    element.append(option);
  }
  return element;
}

/** @returns {Record<Entry["group"], string>} */
function headings() {
  return { conversations: gettext("Conversations"), bots: gettext("Bots"), actions: gettext("Actions"), search: gettext("Search") };
}

customElements.define("command-palette", CommandPalette);
