/**
 * <start-form>: what a workflow is started with, above the composer. It is seeded with what this user started the bot
 * with last; what is typed is kept in this browser until the server has it. Emits `start-changed`; hears `compose`
 * {parameters} on the document. <asked-values> is the same for what other bots ask first.
 */

import { uploadTo } from "../lib/answering.js";
import { createDrafts } from "../lib/drafts.js";
import { make } from "../lib/make.js";
import { fieldForWords, missingOf, startFields } from "../lib/starting.js";
import { valueLines } from "../lib/value-lines.js";
import { FieldForm } from "./field-form.js";

/** @typedef {import("../lib/fields.js").FieldSpec} FieldSpec */

export class StartForm extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  #drafts = createDrafts(() => localStorage, "");
  /** @type {Map<string, FieldForm>} one a bot: what was typed stays when another is looked at */
  #forms = new Map();
  /** @type {Map<string, string>} by bot: the draft that is on its way to the server */
  #sent = new Map();
  /** @type {Chat.Bot | undefined} */
  #bot;
  /** @type {FieldSpec[]} */
  #fields = [];
  /** @type {Record<string, unknown>} */
  #values = {};
  #preview = make("span", { class: "start-form__preview", dir: "auto" });
  #summary = make("summary", { class: "start-form__summary" });
  #body = make("div", { class: "start-form__body" });
  #fold = make("details", { class: "start-form__fold" }, this.#summary, this.#body);

  // What <asked-values> does otherwise.

  /** What is asked of one who asks this bot there. @param {Chat.Bot | undefined} bot @param {string | null} _conversation @returns {FieldSpec[]} */
  fieldsOf(bot, _conversation) {
    return startFields(bot);
  }

  /** What this user gave last. @param {Chat.Bot} bot @returns {Record<string, unknown>} */
  keptOf(bot) {
    return bot.kept_parameters;
  }

  /** Where a draft is kept. @param {string} bot */
  keyOf(bot) {
    return `start.${bot}`;
  }

  /** The field that words typed beside the form fill. @param {FieldSpec[]} fields @param {Record<string, unknown>} values @returns {string | null} */
  fieldForWords(fields, values) {
    return fieldForWords(fields, values);
  }

  get words() {
    return gettext("Start values");
  }

  connectedCallback() {
    if (this.#fold.isConnected) return;
    this.#summary.append(make("span", { class: "start-form__title" }, this.words), " ", this.#preview);
    // With something missing inside, a closed form would hide why nothing can be sent.
    this.#summary.addEventListener("click", (event) => this.#fold.open && this.#missing.length > 0 && event.preventDefault());
    this.addEventListener("fields-changed", () => this.#changed());
    document.addEventListener("compose", (event) => this.#compose(/** @type {CustomEvent} */ (event).detail.parameters));
    this.append(this.#fold);
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#drafts = createDrafts(() => localStorage, page.store.get().user.name);
    page.store.subscribe((state) => this.#settle(state.pending));
  }

  /**
   * @param {Chat.Bot | undefined} bot whom the composer asks
   * @param {string | null} conversation that is open
   */
  showFor(bot, conversation) {
    const isSame = bot?.id === this.#bot?.id;
    this.#bot = bot;
    this.#fields = this.fieldsOf(bot, conversation);
    this.hidden = this.#fields.length === 0;
    const form = bot && !this.hidden ? this.#formOf(bot) : null;
    // A file goes to a conversation: before there is one, none can be sent.
    if (form) form.upload = conversation && this.#page ? uploadTo(placeIn(conversation, this.#page)) : null;
    if (isSame) return;
    this.#body.replaceChildren(...(form ? [form] : []));
    this.#look();
    this.#fold.open = this.#missing.length > 0 || (conversation === null && this.#isEmpty);
  }

  /** Whether this can be started, with these words beside it: something must be said. @param {string} text */
  isReady(text) {
    if (!text.trim() && this.#fields.length > 0 && this.#isEmpty) return false;
    const ours = this.#fieldFor(text);
    return this.#missing.every((name) => name === ours);
  }

  /**
   * What is to be sent; says at the fields what is wrong.
   * @param {string} text
   * @returns {Record<string, unknown> | null} null when something is
   */
  take(text) {
    const form = this.#form;
    if (!form) return {};
    const ours = this.#fieldFor(text);
    if (ours) form.put({ [ours]: text.trim() });
    if (form.problems().length > 0) {
      this.#fold.open = true;
      form.problems(); // once more: only what is open can take the focus
      return null;
    }
    this.#changed();
    if (this.#bot) this.#sent.set(this.#bot.id, this.#drafts.read(this.keyOf(this.#bot.id)));
    this.#fold.open = false;
    return form.values;
  }

  get #form() {
    return this.#bot ? this.#forms.get(this.#bot.id) : undefined;
  }

  get #isEmpty() {
    return Object.keys(this.#values).length === 0;
  }

  get #missing() {
    return missingOf(this.#fields, this.#values);
  }

  /** @param {string} text @returns {string | null} the field that these words fill */
  #fieldFor(text) {
    return text.trim() ? this.fieldForWords(this.#fields, this.#values) : null;
  }

  /** @param {Chat.Bot} bot */
  #formOf(bot) {
    const known = this.#forms.get(bot.id);
    if (known) return known;
    const form = new FieldForm();
    form.fill(this.#fields, { ...this.keptOf(bot), ...valuesFrom(this.#drafts.read(this.keyOf(bot.id))) });
    this.#forms.set(bot.id, form);
    return form;
  }

  #changed() {
    if (this.#bot && this.#form) {
      this.#sent.delete(this.#bot.id);
      this.#drafts.write(this.keyOf(this.#bot.id), JSON.stringify(this.#form.kept));
    }
    this.#look();
    this.dispatchEvent(new CustomEvent("start-changed", { bubbles: true }));
  }

  #look() {
    this.#values = this.#form?.values ?? {};
    this.#preview.textContent = valueLines(this.#values).map(({ text }) => text).join(" · ");
  }

  /** What the server has is remembered there. @param {Chat.Pending[]} pending */
  #settle(pending) {
    if (pending.length > 0 || this.#sent.size === 0) return;
    for (const [bot, draft] of this.#sent) {
      if (this.#drafts.read(this.keyOf(bot)) === draft) this.#drafts.write(this.keyOf(bot), "");
    }
    this.#sent.clear();
  }

  /** @param {Record<string, unknown> | undefined} parameters of a turn that is to be asked again */
  #compose(parameters) {
    if (!parameters || !this.#form || Object.keys(parameters).length === 0) return;
    this.#form.put(parameters);
    this.#fold.open = true;
    this.#changed();
  }
}

/** @param {string} conversation @param {Chat.Page} page @returns {import("../lib/answering.js").Place} */
function placeIn(conversation, page) {
  return { conversation, page, turn: { id: "", state: "queued", actions: [] }, took: () => {} };
}

/** @param {string} draft @returns {Record<string, unknown>} */
function valuesFrom(draft) {
  try {
    const values = JSON.parse(draft || "{}");
    return typeof values === "object" && values !== null && !Array.isArray(values) ? values : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

customElements.define("start-form", StartForm);
