/**
 * <task-list>: every open card of the user, answered right here (M-064). The list is fetched anew, after a breath,
 * whenever a frame says that something moved; a card that was answered elsewhere shows that, and leaves.
 */

import { failureFrom } from "../lib/commands.js";
import { arrange, make } from "../lib/make.js";
import { pathOf } from "../lib/opening.js";
import { countOf, entriesFrom, groupsOf, withDraft, withFetched, withTurn, withoutGone } from "../lib/tasks.js";
import { isOpen } from "../lib/waiting.js";
import { sayFailure } from "./say.js";
import { TaskGroup } from "./task-group.js";

const BREATH_MS = 250;
const LEAVING_MS = 5_000;
const MOVES = new Set(["conversation", "conversation_gone", "notice", "welcome"]);

export class TaskList extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {import("../lib/tasks.js").Entry[]} */
  #entries = [];
  /** @type {Map<string, TaskGroup>} by turn */
  #groups = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} by card: when it goes */
  #leaving = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #breath;
  #isFetching = false;
  /** Counts answers given here: a list asked for before one of them knows less than we do. */
  #answers = 0;
  #siteName = document.title.split(" · ").at(-1) ?? "";
  #empty = make("p", { class: "tasks__empty" }, gettext("Nothing waits for you."));
  #status = make("p", { class: "visually-hidden", role: "status" });

  connectedCallback() {
    this.addEventListener("stop-turn", (event) => void this.#stop(/** @type {CustomEvent} */ (event).detail.turn));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe((_, change) => this.#heard(change));
  }

  /** @param {Chat.Task[]} tasks as the page was printed with */
  show(tasks) {
    this.#entries = entriesFrom(tasks);
    this.#draw();
  }

  /** @param {Chat.Change} change */
  #heard(change) {
    if (change.type === "draft") return this.#take(withDraft(this.#entries, change));
    const isMissed = change.type === "ping" && this.#page?.store.get().needs.list;
    if (MOVES.has(change.type) || isMissed) this.#refetch();
  }

  #refetch() {
    clearTimeout(this.#breath);
    this.#breath = setTimeout(() => void this.#fetch(), BREATH_MS);
  }

  async #fetch() {
    if (!this.#page) return;
    if (this.#isFetching) return this.#refetch();
    this.#isFetching = true;
    const answers = this.#answers;
    try {
      const { tasks } = await this.#page.commands.get("/tasks/");
      if (answers === this.#answers) this.#take(withFetched(this.#entries, tasks));
      else this.#refetch();
      await this.#learnEnds();
    } catch (error) {
      console.warn("the tasks could not be fetched", failureFrom(error)); // the next frame or socket tries again
    } finally {
      this.#isFetching = false;
    }
  }

  /** Who answered what is leaving, and how. */
  async #learnEnds() {
    const unknown = this.#entries.filter(({ isLeaving, task: { action } }) => isLeaving && (isOpen(action) || action.state === "submitting"));
    for (const id of new Set(unknown.map((entry) => entry.task.conversation.id))) {
      const { turns } = await this.#page?.commands.get(pathOf(id));
      this.#take(turns.reduce(withTurn, this.#entries));
    }
  }

  /** @param {import("../lib/tasks.js").Entry[]} entries */
  #take(entries) {
    const before = countOf(this.#entries);
    this.#entries = entries;
    this.#draw();
    if (countOf(entries) !== before) this.#status.textContent = countWords(countOf(entries));
  }

  #draw() {
    const groups = groupsOf(this.#entries);
    const elements = groups.map((group) => this.#group(group));
    this.#empty.hidden = groups.length > 0;
    arrange(this, [...elements, this.#empty, this.#status]);
    for (const turn of this.#groups.keys()) {
      if (!groups.some((group) => group.turn === turn)) this.#groups.delete(turn);
    }
    for (const { task, isLeaving } of this.#entries) this.#time(task.action.id, isLeaving);
    const count = countOf(this.#entries);
    document.title = `${count ? `(${count}) ` : ""}${gettext("My tasks")} · ${this.#siteName}`;
  }

  /** @param {import("../lib/tasks.js").Group} group */
  #group(group) {
    const element = this.#groups.get(group.turn) ?? new TaskGroup();
    this.#groups.set(group.turn, element);
    if (this.#page) element.show(group, this.#page, (turn) => this.#answered(turn));
    return element;
  }

  /** @param {Chat.Turn} turn as a card's command left it */
  #answered(turn) {
    this.#answers += 1;
    this.#take(withTurn(this.#entries, turn));
  }

  /** @param {string} turn */
  async #stop(turn) {
    const task = this.#entries.find((entry) => entry.task.turn === turn)?.task;
    if (!task || !this.#page) return;
    try {
      const answer = await this.#page.commands.post(`${pathOf(task.conversation.id)}turns/${turn}/stop/`);
      this.#answered(answer.turn);
    } catch (error) {
      sayFailure(this, this.#page.store, error);
    }
  }

  /** @param {string} action @param {boolean} isLeaving */
  #time(action, isLeaving) {
    const timer = this.#leaving.get(action);
    if (isLeaving && timer === undefined) {
      this.#leaving.set(action, setTimeout(() => this.#leave(action), LEAVING_MS));
    } else if (!isLeaving && timer !== undefined) {
      clearTimeout(timer);
      this.#leaving.delete(action);
    }
  }

  /** Not under somebody's hands. @param {string} action */
  #leave(action) {
    this.#leaving.delete(action);
    const entry = this.#entries.find((one) => one.task.action.id === action);
    if (!entry?.isLeaving) return;
    const group = this.#groups.get(entry.task.turn);
    if (group?.matches(":hover, :focus-within")) return this.#time(action, true);
    this.#take(withoutGone(this.#entries, action));
  }
}

/** @param {number} count */
function countWords(count) {
  if (count === 0) return gettext("Nothing waits for you.");
  return interpolate(ngettext("%(count)s card waits for you", "%(count)s cards wait for you", count), { count }, true);
}

customElements.define("task-list", TaskList);
