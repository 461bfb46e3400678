/**
 * <asked-editor>: changes, from the header of a conversation, what its bot was told before it began (M-030). Shown
 * only where the bot asks something.
 */

import { askedFields, joined, parted } from "../lib/asked-fields.js";
import { failureFrom } from "../lib/commands.js";
import { isSend } from "../lib/keys.js";
import { make } from "../lib/make.js";
import { pathOf } from "../lib/opening.js";
import { enableStyle } from "../lib/styles.js";
import { FieldForm } from "./field-form.js";
import { sayFailure } from "./say.js";

export class AskedEditor extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  #fields = new FieldForm();
  #fault = make("p", { class: "dialog__fault", role: "alert", hidden: "" });
  #save = make("button", { type: "submit", class: "button button--primary" }, gettext("Save"));
  #form = make("form", { class: "dialog__form", novalidate: "" });
  #dialog = make("dialog", { class: "dialog", "aria-label": gettext("For this conversation") }, this.#form);

  connectedCallback() {
    const opener = this.querySelector("button");
    if (!opener || this.#dialog.isConnected) return;
    const close = make("button", { type: "button", class: "button" }, gettext("Cancel"));
    const lead = make("p", { class: "dialog__lead" }, gettext("Used from your next question on, and remembered for new conversations with this bot."));
    const foot = make("div", { class: "dialog__foot" }, close, this.#save);
    this.#form.append(make("h2", { class: "dialog__title" }, gettext("For this conversation")), lead, this.#fields, this.#fault, foot);
    this.append(this.#dialog);
    opener.addEventListener("click", () => void this.#open());
    close.addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", (event) => void this.#submitted(event));
    this.#form.addEventListener("keydown", (event) => {
      if (!((event.ctrlKey || event.metaKey) && isSend(event, false))) return;
      event.preventDefault();
      this.#form.requestSubmit();
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

  get #bot() {
    const row = this.#conversation;
    return this.#page?.store.get().bots.find((bot) => bot.id === row?.bot);
  }

  #draw() {
    const isHidden = !this.#bot?.asked;
    if (this.hidden !== isHidden) this.hidden = isHidden;
  }

  async #open() {
    const [page, row, bot] = [this.#page, this.#conversation, this.#bot];
    if (!page || !row || !bot) return;
    try {
      const { values } = await page.commands.get(`${pathOf(row.id)}asked/`);
      if (this.#conversation?.id !== row.id) return;
      const fields = new FieldForm();
      fields.fill(askedFields(bot), joined(values));
      this.#fields.replaceWith(fields);
      this.#fields = fields;
      this.#fault.hidden = true;
      await enableStyle("dialog");
      this.#dialog.showModal();
      fields.focus();
    } catch (error) {
      sayFailure(this, page.store, error);
    }
  }

  /** @param {SubmitEvent} event */
  async #submitted(event) {
    event.preventDefault();
    const [page, row] = [this.#page, this.#conversation];
    if (!page || !row || this.#fields.problems().length > 0) return;
    this.#save.disabled = true;
    try {
      await page.commands.post(`${pathOf(row.id)}asked/`, parted(this.#fields.values));
      this.#dialog.close();
    } catch (error) {
      const { reason, sentence } = failureFrom(error);
      this.#fault.textContent = sentence || page.store.get().sentences[reason]?.sentence || gettext("This did not work. Try again.");
      this.#fault.hidden = false;
    } finally {
      this.#save.disabled = false;
    }
  }
}

customElements.define("asked-editor", AskedEditor);
