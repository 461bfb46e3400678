/**
 * Where questions are typed. Emits `ask` {text, bot?, parameters?, isAtOnce?} and `stop-turn` {turn}; hears `compose`
 * {text} on the document. Text is kept per conversation until the server has it. It is never locked: while a card is
 * open, <send-choice> asks what is to become of the text.
 */

import { createDrafts } from "../lib/drafts.js";
import { isSend } from "../lib/keys.js";
import { liveTurn } from "../lib/turns.js";
import { createSent } from "../lib/sent.js";
import { answerInWords, waitingTurn, waysOf } from "../lib/waiting.js";
import { has, load } from "./composer-loader.js";
import { sayFailure } from "./say.js";

/**
 * @typedef {import("./composer-loader.js").Part} Part
 * @typedef {import("./send-choice.js").SendChoice} SendChoice
 * @typedef {import("./start-form.js").StartForm} StartForm
 */

/** From this part of the limit on, the count is shown. */
const NEARLY = 0.9;
/** @type {[Part, string][]} the elements that come late and want the page */
const PARTS = [["waiting", "waiting-line"], ["start", "start-form"]];

export class ChatComposer extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {import("../lib/drafts.js").Drafts} */
  #drafts = createDrafts(() => localStorage, "");
  #sent = createSent(this.#drafts);
  /** @type {string | null | undefined} whose draft is in the field; undefined before the first drawing */
  #place = undefined;
  /** A first question is on its way: what is typed meanwhile belongs to the conversation it begins. */
  #isBeginning = false;
  #isSubmittingLater = false;
  /** @type {Map<Part, Promise<void>>} what is on its way */
  #loading = new Map();
  /** @type {Set<Part>} what knows the page */
  #equipped = new Set();

  connectedCallback() {
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    this.#part("[data-does=stop]").addEventListener("click", () => this.#stop());
    this.#choice.addEventListener("choose-way", (event) => void this.#go(/** @type {CustomEvent} */ (event).detail.way));
    this.#choice.addEventListener("keep-typing", () => this.#keepTyping());
    this.addEventListener("start-changed", () => this.#drawButtons());
    document.addEventListener("choose-bot", () => this.#invite());
    document.addEventListener("compose", (event) => this.#compose(/** @type {CustomEvent} */ (event).detail.text));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#drafts = createDrafts(() => localStorage, page.store.get().user.name);
    this.#sent = createSent(this.#drafts);
    this.#equip(page);
    const hint = this.#part(".composer__hint");
    const { sendsWithEnter } = page.store.get().settings;
    hint.textContent = (sendsWithEnter ? hint.dataset.whenEnter : hint.dataset.whenModifier) ?? "";
    page.store.subscribe((state) => this.#draw(state));
    this.#draw(page.store.get());
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #text() {
    return /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
  }

  get #choice() {
    return /** @type {SendChoice} */ (this.#part("send-choice"));
  }

  /** @returns {StartForm | null} null until its code is there */
  get #start() {
    return has("start") ? /** @type {StartForm} */ (this.#part("start-form")) : null;
  }

  /** Fetches a part that is needed now. Without it nothing is locked. @param {Part} part @returns {Promise<void>} */
  #need(part) {
    const known = has(part) ? Promise.resolve() : this.#loading.get(part);
    if (known) return known;
    const coming = load(part)
      .catch((error) => console.warn(`the composer could not load "${part}"`, error)) // the next need tries again
      .then(() => {
        this.#loading.delete(part);
        if (!has(part)) return this.#drawButtons();
        if (this.#page) this.#equip(this.#page);
        this.#invite();
      });
    this.#loading.set(part, coming);
    return coming;
  }

  /** @param {Chat.Page} page */
  #equip(page) {
    for (const [part, name] of PARTS) {
      if (!has(part) || this.#equipped.has(part)) continue;
      this.#equipped.add(part);
      /** @type {Chat.PageElement} */ (this.#part(name)).page = page;
    }
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    const part = this.querySelector(selector);
    if (!(part instanceof HTMLElement)) throw new Error(`chat-composer: expected ${selector}`);
    return part;
  }

  /** @param {Chat.State} state */
  #draw(state) {
    const place = state.conversation?.id ?? null;
    if (place !== this.#place) this.#moveTo(place, state);
    this.#sent.settle(state.pending);
    this.#drawButtons();
    if (waitingTurn(state)) void this.#need("waiting");
    else if (!this.#choice.hidden) this.#keepTyping(); // answered elsewhere, over, or stopped
    const isRefused = state.conversation ? !state.conversation.can_ask : state.bots.length === 0;
    if (this.#text.disabled === isRefused && this.#text.dataset.drawn) return;
    this.#text.dataset.drawn = "yes";
    this.#text.disabled = isRefused;
    this.#form.toggleAttribute("data-disabled", isRefused);
    const refusal = this.#part(".composer__refusal");
    const words = state.sentences["no_grant"];
    refusal.hidden = !isRefused || !state.conversation;
    refusal.textContent = words ? `${words.sentence} ${words.advice}` : "";
  }

  /** @param {string | null} place @param {Chat.State} state */
  #moveTo(place, state) {
    const isFirst = this.#place === undefined;
    const carried = isFirst || this.#isBeginning ? this.#text.value : "";
    if (carried && this.#isBeginning) this.#drafts.write(null, "");
    this.#isBeginning = false;
    this.#place = place;
    this.#choice.hidden = true;
    this.#fill(carried || this.#drafts.read(place));
    this.#invite();
    if (matchMedia("(hover: hover)").matches && (!isFirst || document.activeElement === document.body)) this.#text.focus();
  }

  /** The placeholder names whom one asks; a workflow is asked for with its start values. */
  #invite() {
    const state = this.#page?.store.get();
    const bot = this.#asked;
    const name = state?.conversation?.bot_name ?? bot?.name;
    this.#text.placeholder = placeholderOf(name, bot?.kind === "workflow");
    if (bot?.kind === "workflow" && !has("start")) void this.#need("start");
    this.#start?.showFor(bot, this.#place ?? null);
    this.#drawButtons();
  }

  /** @returns {Chat.Bot | undefined} undefined also for one that may no longer be asked */
  get #asked() {
    const state = this.#page?.store.get();
    const id = state?.conversation?.bot ?? this.#bot;
    return state?.bots.find((one) => one.id === id);
  }

  /** Whom a new conversation is begun with: the bot picker's radio buttons belong to this form. */
  get #bot() {
    return new FormData(this.#form).get("bot") ?? undefined;
  }

  /** Runs at every change of the store: touches the document only where something differs. */
  #drawButtons() {
    const state = this.#page?.store.get();
    if (!state) return;
    const live = liveTurn(state.turns);
    const isLive = live !== undefined && !state.stopping.includes(live.id);
    const { maxQuestionChars } = state.settings;
    const length = lengthOf(this.#text.value, maxQuestionChars);
    const isEmpty = !this.#text.value.trim();
    // Words for a card need no start values.
    const isStart = this.#isWorkflow && (isEmpty || live?.state !== "waiting");
    const isReady = isStart ? this.#canStart(isEmpty) : !isEmpty;
    const isOver = length > maxQuestionChars;
    const stop = this.#part("[data-does=stop]");
    const send = /** @type {HTMLButtonElement} */ (this.#part("[type=submit]"));
    if (stop.hidden === isLive) stop.hidden = !isLive;
    if (isLive) this.#titleStop(stop, live.state === "waiting");
    if (send.hidden !== (isLive && isEmpty)) send.hidden = isLive && isEmpty;
    const isDisabled = !isReady || isOver || this.#text.disabled;
    if (send.disabled !== isDisabled) send.disabled = isDisabled;
    this.#drawCount(length, maxQuestionChars);
  }

  /** @param {boolean} isEmpty */
  #canStart(isEmpty) {
    if (this.#start) return this.#start.isReady(this.#text.value);
    return !isEmpty && !this.#loading.has("start"); // without its form a workflow has words at least
  }

  /** @param {HTMLElement} stop @param {boolean} isWaiting */
  #titleStop(stop, isWaiting) {
    const title = isWaiting ? gettext("Stop the run: its card needs no answer then") : gettext("Stop the answer");
    if (stop.title !== title) stop.title = title;
  }

  /** @param {number} length @param {number} most */
  #drawCount(length, most) {
    const count = this.#part(".composer__count");
    const isHidden = length < most * NEARLY;
    if (isHidden && count.hidden) return;
    const language = document.documentElement.lang;
    const values = { length: length.toLocaleString(language), most: most.toLocaleString(language) };
    count.hidden = isHidden;
    count.toggleAttribute("data-over", length > most);
    count.textContent = interpolate(gettext("%(length)s of %(most)s characters"), values, true);
  }

  #typed() {
    this.#sent.release(this.#place ?? null);
    this.#drafts.write(this.#place ?? null, this.#text.value);
    this.#grow();
    this.#drawButtons();
    if (!this.#text.value.trim()) this.#choice.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Escape" && !this.#choice.hidden && !event.isComposing) return this.#keepTyping(event);
    if (!isSend(event, this.#page?.store.get().settings.sendsWithEnter ?? true)) return;
    event.preventDefault();
    if (this.#text.value.trim() || (this.#isWorkflow && !event.repeat)) this.#form.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    if (!this.#page) return; // the script is not ready: the form goes by itself
    event.preventDefault();
    if (this.#loading.has("start")) return void this.#submitLater();
    this.#drawButtons();
    const send = /** @type {HTMLButtonElement} */ (this.#part("[type=submit]"));
    if (send.disabled || send.hidden) return;
    if (waitingTurn(this.#page.store.get())) void this.#offer();
    else this.#send(false);
  }

  /** The form of a workflow is on its way; pressed once or often, it is sent once. */
  async #submitLater() {
    if (this.#isSubmittingLater) return;
    this.#isSubmittingLater = true;
    await this.#need("start");
    this.#isSubmittingLater = false;
    this.#form.requestSubmit();
  }

  async #offer() {
    if (!has("waiting")) await this.#need("waiting");
    const turn = this.#page && waitingTurn(this.#page.store.get());
    if (turn && has("waiting")) this.#choice.offer(waysOf(turn));
    else this.#send(false); // it waits its turn, if there still is one
  }

  /** @param {import("../lib/waiting.js").Way} way */
  async #go(way) {
    if (way === "answer") return this.#answer();
    this.#choice.hidden = true;
    if (this.#send(way === "stop")) this.#text.focus();
  }

  /** The text stays until the server has it as the card's answer. */
  async #answer() {
    const page = this.#page;
    const text = this.#text.value;
    const place = this.#place ?? null;
    if (!page) return;
    this.#choice.isBusy = true;
    try {
      await answerInWords(page.store, page.commands, text);
      if (this.#drafts.read(place) === text) this.#drafts.write(place, "");
      if (this.#place === place && this.#text.value === text) this.#fill("");
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#choice.isBusy = false;
      this.#keepTyping();
    }
  }

  /** @param {Event} [event] */
  #keepTyping(event) {
    event?.preventDefault();
    const hadFocus = this.#choice.contains(document.activeElement) || document.activeElement === document.body;
    this.#choice.hidden = true;
    if (hadFocus) this.#text.focus();
  }

  get #isWorkflow() {
    return this.#asked?.kind === "workflow";
  }

  /** @param {boolean} isAtOnce the turn that waits is stopped for it @returns {boolean} whether it is on its way */
  #send(isAtOnce) {
    const text = this.#text.value;
    const parameters = this.#isWorkflow && this.#start ? this.#start.take(text) : undefined;
    if (parameters === null) return false; // the form says why
    const bot = this.#place ? undefined : this.#bot;
    this.#isBeginning = this.#place === null;
    this.#fill("");
    this.#sent.keep(this.#place ?? null, text);
    this.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail: { text, bot, parameters, isAtOnce } }));
    return true;
  }

  #stop() {
    const turn = liveTurn(this.#page?.store.get().turns ?? []);
    if (turn) this.dispatchEvent(new CustomEvent("stop-turn", { bubbles: true, detail: { turn: turn.id } }));
    this.#text.focus();
  }

  /** What was typed already is never thrown away. @param {string} text */
  #compose(text) {
    const typed = this.#text.value;
    this.#fill(typed.trim() && typed !== text ? `${typed.trimEnd()}\n${text}` : text);
    this.#typed();
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  /** @param {string} text */
  #fill(text) {
    this.#text.value = text;
    this.#grow();
    this.#drawButtons();
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.blockSize = "auto";
    this.#text.style.blockSize = `${this.#text.scrollHeight}px`;
  }
}

/** @param {string | undefined} bot @param {boolean} isWorkflow */
function placeholderOf(bot, isWorkflow) {
  if (isWorkflow) return gettext("What is this run about? (optional)");
  return bot ? interpolate(gettext("Ask %(bot)s"), { bot }, true) : gettext("Ask something");
}

/** @param {string} text @param {number} most @returns {number} characters as the server counts them, once near the limit */
function lengthOf(text, most) {
  return text.length < most * NEARLY ? text.length : [...text].length;
}

customElements.define("chat-composer", ChatComposer);
