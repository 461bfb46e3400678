/** <task-group>: the cards of one turn on "My tasks", under the name of their conversation. */

import { hueOf, initialsOf } from "../lib/avatar.js";
import { shortTime } from "../lib/dates.js";
import { arrange, make } from "../lib/make.js";
import { pathOf } from "../lib/opening.js";
import { ActionCard } from "./cards.js";

export class TaskGroup extends HTMLElement {
  #face = make("span", { class: "avatar", "aria-hidden": "true" });
  #name = make("a", { class: "task__name", dir: "auto" });
  #bot = make("span", { class: "task__bot" });
  #time = make("time", { class: "task__time" });
  #question = make("p", { class: "task__question", dir: "auto" });
  /** @type {Map<string, ActionCard>} */
  #cards = new Map();

  #head = make("header", { class: "task__head" }, this.#face, make("div", { class: "task__names" },
    make("h2", {}, this.#name), make("p", { class: "task__about" }, this.#bot, this.#time)));

  connectedCallback() {
    this.classList.add("task");
  }

  /**
   * @param {import("../lib/tasks.js").Group} group
   * @param {Chat.Page} page
   * @param {(turn: Chat.Turn) => void} took hears the turn as a command left it
   */
  show({ turn, conversation, question, entries }, page, took) {
    const { user } = page.store.get();
    const [first] = entries;
    this.#face.textContent = initialsOf(conversation.bot_name);
    this.#face.dataset.hue = String(hueOf(conversation.bot));
    this.#name.textContent = conversation.name || conversation.bot_name;
    this.#name.href = pathOf(conversation.id);
    this.#bot.textContent = conversation.bot_name;
    if (first) showTime(this.#time, first.task.action.asked_at, user.time_zone);
    this.#question.textContent = question;
    this.#question.hidden = question === "" || question === conversation.name;
    const actions = entries.map((entry) => entry.task.action);
    const cards = entries.map(({ task, isLeaving }) => {
      const card = this.#cards.get(task.action.id) ?? new ActionCard();
      this.#cards.set(task.action.id, card);
      card.toggleAttribute("data-leaving", isLeaving);
      const state = isLeaving ? /** @type {const} */ ("running") : /** @type {const} */ ("waiting");
      card.show(task.action, { conversation: conversation.id, turn: { id: turn, state, actions }, page, took });
      return card;
    });
    for (const [id, card] of this.#cards) {
      if (!cards.includes(card)) this.#cards.delete(id);
    }
    arrange(this, [this.#head, this.#question, ...cards]);
  }
}

/** @param {HTMLTimeElement} element @param {string} at @param {string} timeZone */
function showTime(element, at, timeZone) {
  if (element.dateTime === at) return;
  element.dateTime = at;
  element.textContent = shortTime(at, Date.now(), { timeZone, language: document.documentElement.lang });
}

customElements.define("task-group", TaskGroup);
