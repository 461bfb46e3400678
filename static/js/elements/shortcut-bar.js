/**
 * <shortcut-bar>: the bot's shortcut commands above the composer (M-028). One that asks for nothing is sent at once
 * (Alt: put into the composer), one that asks for something opens its form; "/" in an empty composer lists them.
 * Emits `ask` {text, bot?, shortcut} and `compose` {text}.
 */

import { CommandFailed, NETWORK } from "../lib/commands.js";
import { make } from "../lib/make.js";
import { questionOf, shortcutFields, usableShortcuts } from "../lib/shortcut-commands.js";
import { BotPicker } from "./bot-picker.js";
import { sayFailure } from "./say.js";
import { ShortcutMenu } from "./shortcut-menu.js";

export class ShortcutBar extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {unknown[]} */
  #drawn = [];
  #list = make("ul", { class: "shortcuts__list" });
  /** Once a command asked for something. @type {import("./shortcut-form.js").ShortcutForm | null} */
  #form = null;
  #menu = new ShortcutMenu((shortcut) => this.#choose(shortcut, false));

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.#list.setAttribute("aria-label", gettext("Shortcut commands"));
    this.append(this.#menu, this.#list);
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("choose-bot", () => this.#draw());
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe(() => this.#draw());
    if (this.#composer) this.#menu.watch(this.#composer);
    this.#draw();
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
    this.#menu.shortcuts = usable;
    this.#form?.place(bot, place);
    this.hidden = usable.length === 0;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const shortcut = this.#bot?.shortcuts.find((one) => one.id === button?.dataset.shortcut);
    if (shortcut) this.#choose(shortcut, event.altKey);
  }

  /** @param {Chat.Shortcut} shortcut @param {boolean} isWritten into the composer instead of sent */
  #choose(shortcut, isWritten) {
    if (shortcutFields(shortcut).length > 0) return void this.#open(shortcut);
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
    this.#menu.after(form);
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
