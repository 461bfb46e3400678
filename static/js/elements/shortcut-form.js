/**
 * <shortcut-form>: what a shortcut command asks for, above the composer. What is half filled is kept in this browser,
 * by conversation, until the server has the question. Emits `shortcut-sent` {shortcut, values, text} and
 * `shortcut-closed`.
 */

import { csrfToken } from "../lib/csrf.js";
import { createDrafts } from "../lib/drafts.js";
import { fieldsOfSchema } from "../lib/fields.js";
import { isSend } from "../lib/keys.js";
import { make } from "../lib/make.js";
import { pathOf } from "../lib/opening.js";
import { questionOf } from "../lib/shortcut-commands.js";
import { createUpload } from "../lib/uploading.js";
import { FieldForm } from "./field-form.js";

export class ShortcutForm extends HTMLElement {
  #drafts = createDrafts(() => localStorage, "");
  /** @type {Chat.Bot | undefined} */
  #bot;
  /** @type {string | null} */
  #place = null;
  /** @type {Chat.Shortcut | null} that is open */
  #shortcut = null;
  /** @type {Map<string, string>} by draft key: what is on its way to the server */
  #sent = new Map();
  #fields = new FieldForm();
  #title = make("h2", { class: "shortcut-form__title", dir: "auto" });
  #about = make("p", { class: "shortcut-form__about", dir: "auto" });
  #preview = make("p", { class: "shortcut-form__preview", dir: "auto" });
  #form = make("form", { class: "shortcut-form__body", novalidate: "" });

  connectedCallback() {
    if (this.#form.isConnected) return;
    this.hidden = true;
    this.classList.add("shortcut-form");
    this.setAttribute("role", "group");
    const close = make("button", { type: "button", class: "button button--small button--plain" }, gettext("Close"));
    const send = make("button", { type: "submit", class: "button button--small button--primary" }, gettext("Ask"));
    const foot = make("div", { class: "shortcut-form__foot" }, this.#preview, close, send);
    this.#form.append(this.#title, this.#about, this.#fields, foot);
    close.addEventListener("click", () => this.#leave());
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#form.addEventListener("keydown", (event) => this.#pressed(event));
    this.#form.addEventListener("fields-changed", () => this.#changed());
    this.append(this.#form);
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#drafts = createDrafts(() => localStorage, page.store.get().user.name);
    page.store.subscribe((state, change) => this.#settle(state.pending, change));
  }

  /** Whose shortcuts these are, and where they are asked. @param {Chat.Bot | undefined} bot @param {string | null} place */
  place(bot, place) {
    if (bot?.id !== this.#bot?.id || place !== this.#place) this.close();
    this.#bot = bot;
    this.#place = place;
  }

  /** @param {Chat.Shortcut} shortcut */
  open(shortcut) {
    if (this.#shortcut?.id !== shortcut.id) this.#show(shortcut);
    this.#fields.focus();
  }

  close() {
    this.#shortcut = null;
    this.hidden = true;
  }

  /** @param {Chat.Shortcut} shortcut */
  #show(shortcut) {
    this.#shortcut = shortcut;
    this.#title.textContent = shortcut.name;
    this.setAttribute("aria-label", shortcut.name);
    this.#about.textContent = shortcut.description;
    this.#about.hidden = !shortcut.description;
    const fields = new FieldForm();
    fields.upload = this.#place ? createUpload({ path: `${pathOf(this.#place)}files/`, csrfToken }) : null;
    fields.fill(fieldsOfSchema(shortcut.schema) ?? [], valuesIn(this.#drafts.read(this.#key)));
    this.#fields.replaceWith(fields);
    this.#fields = fields;
    this.hidden = false;
    this.#look();
  }

  get #key() {
    return `shortcut.${this.#bot?.id}.${this.#place ?? "new"}.${this.#shortcut?.id}`;
  }

  #changed() {
    this.#sent.delete(this.#key);
    this.#drafts.write(this.#key, JSON.stringify(this.#fields.kept));
    this.#look();
  }

  /** The question as it will be asked, so that nobody sends blindly. */
  #look() {
    if (this.#shortcut) this.#preview.textContent = this.#question;
  }

  get #question() {
    const kept = this.#fields.kept;
    const named = Object.entries(this.#fields.values).map(([name, value]) => [name, fileName(kept[name]) ?? value]);
    return this.#shortcut ? questionOf(this.#shortcut, Object.fromEntries(named)) : "";
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    event.preventDefault();
    const shortcut = this.#shortcut;
    if (!shortcut || this.#fields.problems().length > 0) return;
    const detail = { shortcut, values: this.#fields.values, text: this.#question };
    const draft = JSON.stringify(this.#fields.kept);
    this.#drafts.write(this.#key, draft);
    if (!this.dispatchEvent(new CustomEvent("shortcut-sent", { detail, cancelable: true }))) return;
    this.#sent.set(this.#key, draft);
    this.close();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      this.#leave();
    } else if ((event.ctrlKey || event.metaKey) && isSend(event, false)) {
      event.preventDefault();
      this.#form.requestSubmit();
    }
  }

  #leave() {
    this.close();
    this.dispatchEvent(new CustomEvent("shortcut-closed"));
  }

  /** What the server has is forgotten here; what it refused stays to be mended. @param {Chat.Pending[]} pending @param {Chat.Change} change */
  #settle(pending, change) {
    if (change.type === "send_failed") return this.#sent.clear();
    if (pending.length > 0 || this.#sent.size === 0) return;
    for (const [key, draft] of this.#sent) {
      if (this.#drafts.read(key) === draft) this.#drafts.write(key, "");
    }
    this.#sent.clear();
  }
}

/** @param {unknown} kept of a field @returns {string | null} null for what is no file */
function fileName(kept) {
  if (typeof kept !== "object" || kept === null || !("name" in kept)) return null;
  return String(kept.name);
}

/** @param {string} draft @returns {Record<string, unknown>} */
function valuesIn(draft) {
  try {
    const values = JSON.parse(draft || "{}");
    return typeof values === "object" && values !== null && !Array.isArray(values) ? values : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

customElements.define("shortcut-form", ShortcutForm);
