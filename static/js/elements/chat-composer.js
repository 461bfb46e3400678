/**
 * Where questions are typed. Emits `ask` {text, bot?} and `stop-turn` {turn}; hears `compose` {text} on the
 * document. Text is kept per conversation until the server has it.
 */

import { createDrafts } from "../lib/drafts.js";
import { isSend } from "../lib/keys.js";
import { liveTurn } from "../lib/turns.js";
import { createSent } from "../lib/sent.js";

/** From this part of the limit on, the count is shown. */
const NEARLY = 0.9;

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

  connectedCallback() {
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    this.#part("[data-does=stop]").addEventListener("click", () => this.#stop());
    document.addEventListener("choose-bot", () => this.#invite());
    document.addEventListener("compose", (event) => this.#compose(/** @type {CustomEvent} */ (event).detail.text));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#drafts = createDrafts(() => localStorage, page.store.get().user.name);
    this.#sent = createSent(this.#drafts);
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
    this.#fill(carried || this.#drafts.read(place));
    this.#invite();
    if (matchMedia("(hover: hover)").matches && (!isFirst || document.activeElement === document.body)) this.#text.focus();
  }

  /** The placeholder names whom one asks. */
  #invite() {
    const state = this.#page?.store.get();
    const bot = state?.conversation?.bot_name ?? state?.bots.find((one) => one.id === this.#bot)?.name;
    this.#text.placeholder = bot ? interpolate(gettext("Ask %(bot)s"), { bot }, true) : gettext("Ask something");
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
    const isOver = length > maxQuestionChars;
    const stop = this.#part("[data-does=stop]");
    const send = /** @type {HTMLButtonElement} */ (this.#part("[type=submit]"));
    if (stop.hidden === isLive) stop.hidden = !isLive;
    if (send.hidden !== (isLive && isEmpty)) send.hidden = isLive && isEmpty;
    const isDisabled = isEmpty || isOver || this.#text.disabled;
    if (send.disabled !== isDisabled) send.disabled = isDisabled;
    this.#drawCount(length, maxQuestionChars);
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
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (!isSend(event, this.#page?.store.get().settings.sendsWithEnter ?? true)) return;
    event.preventDefault();
    if (this.#text.value.trim()) this.#form.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    if (!this.#page) return; // the script is not ready: the form goes by itself
    event.preventDefault();
    this.#drawButtons();
    const text = this.#text.value;
    const send = /** @type {HTMLButtonElement} */ (this.#part("[type=submit]"));
    if (send.disabled) return;
    const bot = this.#place ? undefined : this.#bot;
    this.#isBeginning = this.#place === null;
    this.#fill("");
    this.#sent.keep(this.#place ?? null, text);
    this.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail: { text, bot } }));
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

/** @param {string} text @param {number} most @returns {number} characters as the server counts them, once near the limit */
function lengthOf(text, most) {
  return text.length < most * NEARLY ? text.length : [...text].length;
}

customElements.define("chat-composer", ChatComposer);
