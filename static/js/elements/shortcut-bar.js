/**
 * <shortcut-bar>: the bot's shortcut commands above the composer (M-028). One that asks for nothing is sent at once
 * (Alt: put into the composer), one that asks for something opens its form; "/" in an empty composer lists them.
 * Emits `ask` {text, bot?, shortcut} and `compose` {text}.
 */

import { CommandFailed, NETWORK } from "../lib/commands.js";
import { make } from "../lib/make.js";
import { questionOf, usableShortcuts } from "../lib/shortcut-commands.js";
import { enableStyle } from "../lib/styles.js";
import { BotPicker } from "./bot-picker.js";
import { sayFailure } from "./say.js";

export class ShortcutBar extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {unknown[]} */
  #drawn = [];
  #list = make("ul", { class: "shortcuts__list" });
  /** Once a command asked for something. @type {import("./shortcut-form.js").ShortcutForm | null} */
  #form = null;
  /** @type {import("./shortcut-menu.js").ShortcutMenu | null} */
  #menu = null;

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.#list.setAttribute("aria-label", gettext("Shortcut commands"));
    this.append(this.#list);
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("choose-bot", () => this.#draw());
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe(() => this.#draw());
    this.#composer?.addEventListener("input", () => this.#isSearch && void this.#search(), { passive: true });
    void enableStyle("shortcuts").then(() => this.#draw());
    if (this.#isSearch) void this.#search(); // typed before this was here
  }

  /** @returns {HTMLTextAreaElement | null} */
  get #composer() {
    return document.querySelector("chat-composer textarea[name=text]");
  }

  /** @returns {Chat.Bot | undefined} whom the next question goes to; undefined for one that may not be asked */
  get #bot() {
    const state = this.#page?.store.get();
    if (state?.conversation && !state.conversation.can_ask) return undefined;
    const picker = document.querySelector("bot-picker");
    const id = state?.conversation?.bot ?? (picker instanceof BotPicker ? picker.bot : null);
    return state?.bots.find((bot) => bot.id === id);
  }

  get #place() {
    return this.#page?.store.get().conversation?.id ?? null;
  }

  /** Runs at every change of the store. */
  #draw() {
    const [bot, place] = [this.#bot, this.#place];
    if (bot === this.#drawn[0] && place === this.#drawn[1]) return;
    this.#drawn = [bot, place];
    const usable = usableShortcuts(bot, place !== null);
    this.#list.replaceChildren(...usable.map((shortcut) => chip(shortcut)));
    if (this.#menu) this.#menu.shortcuts = usable;
    this.#form?.place(bot, place);
    this.hidden = usable.length === 0;
  }

  get #isSearch() {
    return !this.#menu && this.#composer?.value.startsWith("/");
  }

  /** The list comes with the first "/". */
  async #search() {
    try {
      const { ShortcutMenu } = await import("./shortcut-menu.js");
      if (this.#menu || !this.#composer) return; // a second "/" was as quick
      this.#menu = new ShortcutMenu((shortcut) => this.#choose(shortcut, false));
      this.prepend(this.#menu);
      this.#menu.shortcuts = usableShortcuts(this.#bot, this.#place !== null);
      this.#menu.watch(this.#composer);
    } catch (error) {
      console.warn("the list of shortcut commands could not be loaded", error); // the next letter tries again
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const shortcut = this.#bot?.shortcuts.find((one) => one.id === button?.dataset.shortcut);
    if (shortcut) this.#choose(shortcut, event.altKey);
  }

  /** @param {Chat.Shortcut} shortcut @param {boolean} isWritten into the composer instead of sent */
  #choose(shortcut, isWritten) {
    if (shortcut.schema) return void this.#open(shortcut);
    this.#form?.close();
    if (isWritten) this.#tell("compose", { text: questionOf(shortcut, {}) });
    else this.#send({ shortcut, values: {}, text: questionOf(shortcut, {}) });
  }

  /** The forms' code comes with the first that is opened. @param {Chat.Shortcut} shortcut */
  async #open(shortcut) {
    try {
      const { ShortcutForm } = await import("./shortcut-form.js");
      this.#form ??= this.#made(new ShortcutForm());
    } catch {
      return sayFailure(this, this.#page?.store ?? null, new CommandFailed(NETWORK));
    }
    this.#form.place(this.#bot, this.#place);
    this.#form.open(shortcut);
  }

  /** @param {import("./shortcut-form.js").ShortcutForm} form */
  #made(form) {
    this.#list.before(form);
    if (this.#page) form.page = this.#page;
    form.addEventListener("shortcut-sent", (event) => {
      if (!this.#send(/** @type {CustomEvent} */ (event).detail)) event.preventDefault();
    });
    form.addEventListener("shortcut-closed", () => this.#composer?.focus());
    return form;
  }

  /** @param {{shortcut: Chat.Shortcut, values: Record<string, unknown>, text: string}} sent @returns {boolean} false: something else must be given first */
  #send({ shortcut, values, text }) {
    const bot = this.#place === null ? this.#bot?.id : undefined;
    const isTaken = this.#tell("ask", { text, bot, shortcut: { id: shortcut.id, values } });
    if (isTaken) this.#composer?.focus();
    return isTaken;
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }
}

/** @param {Chat.Shortcut} shortcut */
function chip({ id, name, description, icon, schema }) {
  const picture = icon ? [make("img", { class: "shortcuts__icon", src: icon, alt: "" })] : [];
  const attributes = { type: "button", class: "shortcuts__chip", "data-shortcut": id, dir: "auto", ...(description ? { title: description } : {}) };
  const button = make("button", attributes, ...picture, make("span", { class: "shortcuts__name" }, schema ? `${name}…` : name));
  return make("li", {}, button);
}

customElements.define("shortcut-bar", ShortcutBar);
