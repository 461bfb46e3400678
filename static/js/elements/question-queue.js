/** Questions of the open conversation that wait for their turn: send now, edit, delete. */

import { isSend } from "../lib/keys.js";
import { arrange } from "../lib/make.js";
import { holdOf, waitingQuestions } from "../lib/queue.js";
import { sayFailure } from "./say.js";

export class QuestionQueue extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Chat.Turn[]} */
  #drawn = [];
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();

  connectedCallback() {
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe(() => this.#draw());
    this.#draw();
  }

  #draw() {
    const turns = this.#page?.store.get().turns;
    if (!turns || turns === this.#drawn) return;
    this.#drawn = turns;
    const waiting = waitingQuestions(turns);
    const ids = new Set(waiting.map((turn) => turn.id));
    for (const id of this.#items.keys()) {
      if (!ids.has(id)) this.#items.delete(id);
    }
    this.hidden = waiting.length === 0;
    this.#setText(".queue__title", interpolate(ngettext("%(count)s question waits", "%(count)s questions wait", waiting.length), { count: waiting.length }, true));
    this.#setText(".queue__note", noteOf(holdOf(waiting)));
    const list = this.querySelector(".queue__list");
    if (list) arrange(list, waiting.map((turn) => this.#item(turn)));
  }

  /** @param {string} selector @param {string} text */
  #setText(selector, text) {
    const part = this.querySelector(selector);
    if (!(part instanceof HTMLElement)) return;
    if (part.textContent !== text) part.textContent = text;
    part.hidden = !text;
  }

  /** @param {Chat.Turn} turn */
  #item(turn) {
    const item = this.#items.get(turn.id) ?? this.#newItem();
    this.#items.set(turn.id, item);
    item.dataset.turn = turn.id;
    const text = item.querySelector(".queue__text");
    const words = turn.question || turn.files.map((file) => file.name).join(", ");
    if (text && text.textContent !== words) text.textContent = words;
    return item;
  }

  #newItem() {
    const template = this.querySelector("template");
    const item = template?.content.firstElementChild?.cloneNode(true);
    if (!(item instanceof HTMLElement)) throw new Error("question-queue: expected a template for a question");
    return item;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-does]") : null;
    const turn = this.#turnAt(button);
    if (!(button instanceof HTMLElement) || !turn) return;
    const { does } = button.dataset;
    if (does === "edit") return this.#edit(turn);
    if (does === "keep") return this.#keep(turn);
    if (does === "cancel") return this.#endEdit(turn);
    if (does) this.#post(turn, does);
  }

  /** @param {Element | null} inside @returns {Chat.Turn | undefined} */
  #turnAt(inside) {
    const item = inside?.closest("[data-turn]");
    return item instanceof HTMLElement ? this.#drawn.find((turn) => turn.id === item.dataset.turn) : undefined;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const field = event.target;
    const turn = field instanceof HTMLTextAreaElement ? this.#turnAt(field) : undefined;
    if (!turn) return;
    if (event.key === "Escape" && !event.isComposing) this.#endEdit(turn);
    else if (isSend(event, this.#page?.store.get().settings.sendsWithEnter ?? true)) this.#keep(turn);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Chat.Turn} turn */
  #edit(turn) {
    const field = this.#field(turn);
    this.#items.get(turn.id)?.setAttribute("data-editing", "");
    if (!field) return;
    field.value = turn.question;
    field.focus();
  }

  /** @param {Chat.Turn} turn */
  #field(turn) {
    return this.#items.get(turn.id)?.querySelector("textarea");
  }

  /** @param {Chat.Turn} turn */
  #endEdit(turn) {
    const item = this.#items.get(turn.id);
    item?.removeAttribute("data-editing");
    const edit = item?.querySelector("[data-does=edit]");
    if (edit instanceof HTMLElement) edit.focus();
  }

  /** @param {Chat.Turn} turn */
  async #keep(turn) {
    const text = this.#field(turn)?.value ?? "";
    if (!text.trim() || text === turn.question) return this.#endEdit(turn);
    if (await this.#post(turn, "edit", { text })) this.#endEdit(turn);
  }

  /**
   * @param {Chat.Turn} turn
   * @param {string} does send-now, edit or withdraw
   * @param {object} [body]
   * @returns {Promise<boolean>} whether it worked
   */
  async #post(turn, does, body) {
    const page = this.#page;
    if (!page) return false;
    try {
      const answer = await page.commands.post(`/c/${turn.conversation}/turns/${turn.id}/${does}/`, body);
      page.store.dispatch({ type: "turn_loaded", turn: answer.turn });
      return true;
    } catch (error) {
      sayFailure(this, page.store, error);
      return false;
    }
  }
}

/** @param {"" | "held" | "busy"} hold @returns {string} */
function noteOf(hold) {
  if (hold === "held") return gettext("Held, because the answer before it did not end well.");
  if (hold === "busy") return gettext("Another device is talking to this bot here. Your question is sent as soon as it is free.");
  return "";
}

customElements.define("question-queue", QuestionQueue);
