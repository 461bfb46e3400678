/**
 * <chat-turn>: a question and all it caused: answers, cards, faults and ways on. `data-turn-state` says where it
 * is; children that stay the same are never rebuilt.
 */

import { copyFrom } from "../lib/clipboard.js";
import { arrange, make } from "../lib/make.js";
import { newId } from "../lib/new-id.js";
import { notesOf, notesOfPending } from "../lib/turn-notes.js";
import { isLive } from "../lib/turns.js";
import { isOpen } from "../lib/waiting.js";
import { hasCards, loadCards, newCard } from "./card-loader.js";
import { ChatMessage } from "./chat-message.js";
import { sayFailure } from "./say.js";
import { noteElement } from "./turn-note.js";
import { showTools } from "./turn-tools.js";

/**
 * @typedef {object} Around
 * @property {Record<string, Chat.Sentence>} sentences
 * @property {string} botName
 * @property {boolean} isLast
 * @property {boolean} isSilent
 * @property {number} now ms since 1970
 */

/** @typedef {import("./card-loader.js").ActionCard} ActionCard */

export class ChatTurn extends HTMLElement {
  #question = new ChatMessage();
  /** @type {import("./turn-tools.js").Rows} */
  #rows = { question: document.createElement("question-tools"), versions: document.createElement("answer-versions") };
  /** @type {Map<string, ChatMessage>} */
  #answers = new Map();
  /** @type {Map<string, ActionCard>} */
  #cards = new Map();
  #notes = make("div", { class: "turn__notes" });
  #debug = make("div", { hidden: "" });
  #followUps = make("ul", { class: "chips follow-ups" });
  #drawnNotes = "[]";
  #drawnFollowUps = "[]";
  /** @type {Chat.Turn | null} */
  #turn = null;
  /** @type {Chat.Pending | null} */
  #pending = null;
  /** @type {Chat.Page | null} */
  #page = null;
  /** Of the turn that "Retry" asks for: pressing twice, or again after a lost answer, asks once. */
  #againId = newId();

  #botName = "";
  #isLoading = false;
  /** Cards that were there before; null until the turn was drawn once. @type {Set<string> | null} */
  #greeted = null;

  connectedCallback() {
    this.classList.add("turn");
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#rows.versions.hidden = true;
    this.#notes.onclick = (event) => this.#pressed(event);
    this.#followUps.onclick = (event) => this.#chosen(event);
    this.addEventListener("ask-again", () => void this.#askAgain());
    this.addEventListener("renew-file", (event) => void this.#renew(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("keydown", (event) => handBack(event));
  }

  /** @param {Chat.Turn} turn @param {Around} around */
  show(turn, around) {
    const isNew = turn !== this.#turn;
    this.#turn = turn;
    this.#pending = null;
    this.dataset.turn = turn.id;
    this.dataset.turnState = turn.state;
    this.#botName = around.botName;
    if (isNew) this.#showParts(turn, around.botName);
    if (this.#page) showTools(this.#answers, this.#rows, { turn, isLastTurn: around.isLast, page: this.#page });
    if (isLive(turn) || turn.actions.length) void this.#ready();
    this.#showNotes(notesOf(turn, around));
    this.#showFollowUps(around.isLast && turn.state === "completed" ? turn.follow_ups : []);
  }

  /** @param {Chat.Pending} pending @param {Record<string, Chat.Sentence>} sentences */
  showPending(pending, sentences) {
    this.#pending = pending;
    this.dataset.turnState = pending.state;
    this.#question.showQuestion(pending.text, pending.state === "failed" ? "failed" : "pending", pending);
    arrange(this, [this.#question, this.#notes]);
    this.#showNotes(notesOfPending(pending, sentences));
  }

  /** The reader turned to this version. @param {"previous" | "next"} way */
  focusVersions(way) {
    const shown = [...this.querySelectorAll("answer-versions")].findLast((one) => !(/** @type {HTMLElement} */ (one).hidden));
    /** @type {import("./answer-versions.js").AnswerVersions | undefined} */ (shown)?.focusOn(way);
  }

  /** Draws all that is known, at once. */
  flush() {
    for (const answer of this.#answers.values()) answer.flush();
  }

  /** @param {Chat.Turn} turn @param {string} botName */
  #showParts(turn, botName) {
    this.#question.showQuestion(turn.question, turn.state === "queued" ? "queued" : "completed", turn);
    if (turn.debug_url) void this.#showDebug(turn.debug_url);
    const answers = turn.messages.map((message, index) => {
      const answer = kept(this.#answers, message.id, () => new ChatMessage());
      answer.showAnswer(message, { botName, thinkingSince: index === 0 ? startOf(turn) : Date.now() });
      return answer;
    });
    forget(this.#answers, turn.messages);
    arrange(this, [this.#question, this.#rows.question, ...inOrder(turn, answers, this.#cardsOf(turn)), this.#notes, this.#rows.versions, this.#debug, this.#followUps]);
    this.#greet(turn);
  }

  /** @param {Chat.Turn} turn @returns {Map<string, ActionCard>} empty until their code is there */
  #cardsOf(turn) {
    const page = this.#page;
    if (!page || !hasCards()) return this.#cards;
    const place = { conversation: turn.conversation, turn, page, took: (/** @type {Chat.Turn} */ now) => this.#took(now) };
    forget(this.#cards, turn.actions);
    for (const action of turn.actions) {
      const card = this.#cards.get(action.id) ?? newCard();
      if (!card) continue;
      this.#cards.set(action.id, card);
      card.show(action, place);
      card.toggleAttribute("data-said", isSaid(turn, action));
    }
    return this.#cards;
  }

  /** Only operators' pages have it, so only theirs fetch the code. @param {string} url */
  async #showDebug(url) {
    const { DebugLink } = await import("./debug-link.js");
    const link = this.#debug.firstElementChild ?? this.#debug.appendChild(new DebugLink());
    if (link instanceof DebugLink) link.show(url);
    this.#debug.hidden = false;
  }

  /** The code of cards is there before the first one is asked for, if the bot takes a moment. */
  async #ready() {
    if (hasCards() || this.#isLoading) return;
    this.#isLoading = true;
    try {
      await loadCards();
      if (this.#turn?.actions.length) this.#showParts(this.#turn, this.#botName);
    } catch (error) {
      console.warn("the cards could not be loaded", error); // the next frame tries again
    } finally {
      this.#isLoading = false;
    }
  }

  /** A card that comes while one watches gets the focus, unless somebody is writing. @param {Chat.Turn} turn */
  #greet(turn) {
    if (turn.actions.length && !hasCards()) return;
    const known = this.#greeted;
    this.#greeted = new Set(turn.actions.map((action) => action.id));
    const fresh = known && turn.actions.find((action) => isOpen(action) && !known.has(action.id));
    if (fresh && isNobodyWriting()) this.#cards.get(fresh.id)?.focusNew();
  }

  /** @param {Chat.Turn} turn */
  #took(turn) {
    this.#page?.store.dispatch({ type: "turn_loaded", turn, at: Date.now() });
  }

  /** @param {import("../lib/turn-notes.js").Note[]} notes */
  #showNotes(notes) {
    const drawn = JSON.stringify(notes);
    if (drawn === this.#drawnNotes) return; // a redraw would take the focus from a button
    this.#drawnNotes = drawn;
    this.#notes.hidden = notes.length === 0;
    this.#notes.replaceChildren(...notes.map(noteElement));
  }

  /** @param {string[]} texts */
  #showFollowUps(texts) {
    const drawn = JSON.stringify(texts);
    if (drawn === this.#drawnFollowUps) return;
    this.#drawnFollowUps = drawn;
    this.#followUps.hidden = texts.length === 0;
    this.#followUps.replaceChildren(
      ...texts.map((text) => make("li", {}, make("button", { type: "button", class: "chip", dir: "auto" }, text))),
    );
  }

  /** @param {MouseEvent} event a click sends, Alt-click puts the words into the composer (M-020) */
  #chosen(event) {
    const chip = event.target instanceof Element ? event.target.closest("button") : null;
    if (chip) this.#tell(event.altKey ? "compose" : "ask", { text: chip.textContent ?? "" });
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || !this.#page) return;
    if (this.#pending) this.#pressedPending(button, this.#pending, this.#page);
    else if (this.#turn) void this.#pressedTurn(button, this.#turn);
  }

  /** @param {HTMLButtonElement} button @param {Chat.Pending} pending @param {Chat.Page} page */
  #pressedPending(button, pending, page) {
    if (button.dataset.does === "retry") page.retry(pending.clientId);
    if (button.dataset.does === "sign_in") location.reload();
    if (button.dataset.does !== "compose") return;
    this.#tell("compose", { text: pending.text, files: pending.files, parameters: pending.parameters });
    page.drop(pending.clientId);
  }

  /** @param {HTMLButtonElement} button @param {Chat.Turn} turn */
  async #pressedTurn(button, turn) {
    switch (button.dataset.does) {
      case "compose": return this.#tell("compose", { text: turn.question, files: turn.files, parameters: turn.parameters });
      case "stop": return this.#tell("stop-turn", { turn: turn.id });
      case "copy": return copyFrom(button, button.closest(".fault")?.querySelector(".fault__detail")?.textContent ?? "");
      case "again": return this.#command(button, "again", { client_id: this.#againId });
      case "whole": return this.#command(button, "whole");
      case "fresh": return this.#goOnAfresh(button, turn);
    }
  }

  /** @param {HTMLButtonElement} button @param {string} command @param {object} [body] */
  async #command(button, command, body) {
    await this.#pressing(button, () => this.#post(command, body));
  }

  /** Of a card that nobody answered in time. */
  async #askAgain() {
    try {
      await this.#post("again", { client_id: this.#againId });
    } catch (error) {
      sayFailure(this, this.#page?.store ?? null, error);
    }
  }

  /** Every tab hears of it by the turn that shows the file. @param {{id: string, done: () => void}} file */
  async #renew({ id, done }) {
    try {
      await this.#page?.commands.post(`/files/${id}/renew/`);
    } catch (error) {
      sayFailure(this, this.#page?.store ?? null, error);
    } finally {
      done();
    }
  }

  /** @param {HTMLButtonElement} button @param {Chat.Turn} turn */
  async #goOnAfresh(button, { conversation }) {
    const page = this.#page;
    await this.#pressing(button, async () => {
      const row = await page?.commands.post(`/c/${conversation}/fresh/`);
      page?.store.dispatch({ type: "row_loaded", conversation: row });
    });
  }

  /** @param {HTMLButtonElement} button is off meanwhile @param {() => Promise<void>} command */
  async #pressing(button, command) {
    button.disabled = true;
    try {
      await command();
    } catch (error) {
      sayFailure(this, this.#page?.store ?? null, error);
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} command @param {object} [body] */
  async #post(command, body) {
    if (!this.#turn || !this.#page) return;
    const { conversation, id } = this.#turn;
    const { turn } = await this.#page.commands.post(`/c/${conversation}/turns/${id}/${command}/`, body);
    this.#took(turn);
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

/**
 * Each card behind the messages that came before it, however often the turn is drawn (traps 2 and 11).
 * @param {Chat.Turn} turn
 * @param {ChatMessage[]} answers of its messages
 * @param {Map<string, ActionCard>} cards of its actions
 * @returns {HTMLElement[]}
 */
function inOrder(turn, answers, cards) {
  const upTo = (/** @type {number} */ ordinal) => turn.messages.findLastIndex((message) => message.ordinal <= ordinal) + 1;
  const before = (/** @type {number} */ at) =>
    turn.actions.flatMap((action) => (upTo(action.after) === at ? (cards.get(action.id) ?? []) : []));
  return [...before(0), ...answers.flatMap((answer, index) => [answer, ...before(index + 1)])];
}

/** Some channels say a question before they ask it: once is enough. @param {Chat.Turn} turn @param {Chat.Action} action */
function isSaid(turn, action) {
  const before = turn.messages.findLast((message) => message.ordinal <= action.after);
  return action.question !== null && action.question.text !== "" && before?.text.trim() === action.question.text.trim();
}

/** Who began to type just as a card took the focus goes on in the composer. @param {KeyboardEvent} event */
function handBack({ target, key, ctrlKey, metaKey, altKey }) {
  const isTyping = [...key].length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
  const card = target instanceof HTMLElement && target.localName === "action-card" ? /** @type {ActionCard} */ (target) : null;
  if (!isTyping || !card?.isNew) return;
  const composer = document.querySelector("chat-composer textarea");
  if (composer instanceof HTMLTextAreaElement) composer.focus({ preventScroll: true });
}

/** Nothing has the focus that somebody types into, except an empty composer. */
function isNobodyWriting() {
  const active = document.activeElement;
  if (active === null || active === document.body) return true;
  return active instanceof HTMLTextAreaElement && active.closest("chat-composer") !== null && active.value === "";
}

/**
 * @template Value
 * @param {Map<string, Value>} map
 * @param {string} id
 * @param {() => Value} create
 */
function kept(map, id, create) {
  const found = map.get(id) ?? create();
  map.set(id, found);
  return found;
}

/** @param {Map<string, unknown>} map @param {{id: string}[]} present */
function forget(map, present) {
  for (const id of [...map.keys()]) {
    if (!present.some((one) => one.id === id)) map.delete(id);
  }
}

/** @param {Chat.Turn} turn @returns {number} ms; a clock that is far off is not believed */
function startOf(turn) {
  const started = turn.started_at ? Date.parse(turn.started_at) : NaN;
  const age = Date.now() - started;
  return age >= 0 && age < 3_600_000 ? started : Date.now();
}

customElements.define("chat-turn", ChatTurn);
