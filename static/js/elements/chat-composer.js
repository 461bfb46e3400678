/**
 * Where questions are typed. Emits `ask` {text, bot?, parameters?, isAtOnce?, files} and `stop-turn` {turn}; hears
 * `compose` {text, files?} on the document. Text is kept per conversation until the server has it. It is never locked: while a card is
 * open, <send-choice> asks what is to become of the text.
 */

import { CommandFailed, NETWORK } from "../lib/commands.js";
import { isSend } from "../lib/keys.js";
import { painted } from "../lib/painted.js";
import { liveTurn } from "../lib/turns.js";
import { answerInWords, waitingTurn, waysOf } from "../lib/waiting.js";
import { ComposerButtons } from "./composer-buttons.js";
import { ComposerDrafts } from "./composer-drafts.js";
import { has } from "./composer-loader.js";
import { ComposerParts } from "./composer-parts.js";
import { ComposerText } from "./composer-text.js";
import { FileDrops } from "./file-drops.js";
import { sayFailure } from "./say.js";

/**
 * @typedef {import("./attached-files.js").AttachedFiles} AttachedFiles
 * @typedef {import("./send-choice.js").SendChoice} SendChoice
 * @typedef {import("./start-form.js").StartForm} StartForm
 */

export class ChatComposer extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  #drafts = new ComposerDrafts({
    place: () => this.#place ?? null,
    words: () => ({ text: this.#text.value, files: this.#files?.tray.attachments ?? [] }),
    isNothing: () => this.#isNothing,
    fill: (text) => this.#fill(text),
    putFiles: (place, files) => (files.length || this.#files ? this.#putFiles(place, files, true) : undefined),
  });
  /** @type {string | null | undefined} whose draft is in the field; undefined before the first drawing */
  #place = undefined;
  /** A first question is on its way: what is typed meanwhile belongs to the conversation it begins. */
  #isBeginning = false;
  #isSubmittingLater = false;
  #parts = new ComposerParts((selector) => this.#part(selector), (part) => (has(part) ? this.#invite() : this.#drawButtons()));
  #text = /** @type {ComposerText} */ (/** @type {unknown} */ (null));
  #buttons = /** @type {ComposerButtons} */ (/** @type {unknown} */ (null));

  connectedCallback() {
    const field = /** @type {HTMLTextAreaElement} */ (this.#part("textarea"));
    const stop = this.#part("[data-does=stop]");
    this.#text = new ComposerText(field);
    this.#buttons = new ComposerButtons({ stop, send: this.#part("[type=submit]"), count: this.#part(".composer__count") });
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("keydown", (event) => this.#pressed(event));
    stop.addEventListener("click", () => this.#stop());
    this.#choice.addEventListener("choose-way", (event) => void this.#go(/** @type {CustomEvent} */ (event).detail.way));
    this.#choice.addEventListener("keep-typing", () => this.#keepTyping());
    this.addEventListener("start-changed", () => this.#drawButtons());
    this.addEventListener("files-changed", () => this.#filesChanged());
    field.addEventListener("blur", () => this.#drafts.flush());
    this.addEventListener("files-there", () => this.#form.requestSubmit());
    this.#hearFiles(field);
    document.addEventListener("choose-bot", () => this.#invite());
    document.addEventListener("compose", (event) => this.#compose(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {HTMLElement} field */
  #hearFiles(field) {
    const input = /** @type {HTMLInputElement} */ (this.#part("[data-does=pick]"));
    const refuse = () => this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: { text: gettext("This bot takes no files.") } }));
    const outside = { button: this.#part("[data-does=attach]"), input, veil: this.#part(".drop"), field };
    new FileDrops({ ...outside, canTake: () => this.#canTakeFiles, take: (files) => void this.#attach(files), refuse });
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#drafts.page = page;
    this.#parts.page = page;
    const hint = this.#part(".composer__hint");
    const { sendsWithEnter } = page.store.get().settings;
    hint.textContent = (sendsWithEnter ? hint.dataset.whenEnter : hint.dataset.whenModifier) ?? "";
    page.store.subscribe((state, change) => {
      this.#drafts.heard(change);
      this.#draw(state);
    });
    this.#draw(page.store.get());
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #choice() {
    return /** @type {SendChoice} */ (this.#part("send-choice"));
  }

  /** @returns {StartForm | null} null until its code is there */
  get #start() {
    return has("start") ? /** @type {StartForm} */ (this.#part("start-form")) : null;
  }

  /** @returns {AttachedFiles | null} null until its code is there */
  get #files() {
    return has("files") ? /** @type {AttachedFiles} */ (this.#part("attached-files")) : null;
  }

  get #canTakeFiles() {
    return !this.#text.isDisabled && (this.#asked?.file_kinds ?? []).length > 0;
  }

  /** @param {File[]} files */
  async #attach(files) {
    await this.#parts.need("files");
    if (!this.#files) return sayFailure(this, this.#page?.store ?? null, new CommandFailed(NETWORK));
    this.#files.add(files);
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
    this.#drafts.settle(state.pending);
    this.#drawButtons();
    if (waitingTurn(state)) void this.#parts.need("waiting");
    else if (!this.#choice.hidden) this.#keepTyping(); // answered elsewhere, over, or stopped
    const isRefused = state.conversation ? !state.conversation.can_ask : state.bots.length === 0;
    if (!this.#text.disable(isRefused)) return;
    this.#form.toggleAttribute("data-disabled", isRefused);
    const refusal = this.#part(".composer__refusal");
    const words = state.sentences["no_grant"];
    refusal.hidden = !isRefused || !state.conversation;
    refusal.textContent = words ? `${words.sentence} ${words.advice}` : "";
  }

  #filesChanged() {
    this.#drawButtons();
    void this.#drafts.keep();
  }

  /** @param {string | null} place @param {Chat.State} state */
  #moveTo(place, state) {
    const isFirst = this.#place === undefined;
    const carried = isFirst || this.#isBeginning ? this.#text.value : "";
    if (carried && this.#isBeginning) this.#drafts.clearStart();
    if (place && this.#isBeginning) this.#files?.tray.carryInto(place);
    this.#isBeginning = false;
    this.#place = place;
    this.#choice.hidden = true;
    this.#drafts.arrive(place, carried, () => this.#invite());
    if (!matchMedia("(hover: hover)").matches) return;
    // A focus has the page laid out at once: with the first picture it would be for nothing.
    if (isFirst) void painted().then(() => document.activeElement === document.body && this.#text.focus());
    else this.#text.focus();
  }

  /** Says whom one asks; a workflow is asked for with its start values. */
  #invite() {
    const state = this.#page?.store.get();
    const bot = this.#asked;
    this.#text.invite(state?.conversation?.bot_name ?? bot?.name, bot?.kind === "workflow");
    if (bot?.kind === "workflow" && !has("start")) void this.#parts.need("start");
    this.#start?.showFor(bot, this.#place ?? null);
    this.#files?.showFor(bot, this.#place ?? null);
    this.#part("[data-does=attach]").hidden = !this.#canTakeFiles;
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

  /** Runs at every change of the store. */
  #drawButtons() {
    const state = this.#page?.store.get();
    if (!state) return;
    const { isDisabled } = this.#text;
    const isEmpty = this.#isNothing;
    const live = liveTurn(state.turns);
    // Words for a card need no start values.
    const isStart = this.#isWorkflow && (isEmpty || live?.state !== "waiting");
    const most = state.settings.maxQuestionChars;
    this.#buttons.draw({
      live: live && !state.stopping.includes(live.id) ? live : null,
      isEmpty,
      isReady: !isDisabled && (isStart ? this.#canStart(isEmpty) : !isEmpty),
      length: this.#text.lengthNear(most),
      most,
    });
  }

  /** @param {boolean} isEmpty */
  #canStart(isEmpty) {
    if (this.#start) return this.#start.isReady(this.#text.value);
    return !isEmpty && !this.#parts.isLoading("start"); // without its form a workflow has words at least
  }

  #typed() {
    this.#drafts.typed();
    this.#text.grow();
    this.#drawButtons();
    if (this.#text.isEmpty) this.#choice.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "Escape" && !this.#choice.hidden && !event.isComposing) return this.#keepTyping(event);
    if (!isSend(event, this.#page?.store.get().settings.sendsWithEnter ?? true)) return;
    event.preventDefault();
    if (!this.#isNothing || (this.#isWorkflow && !event.repeat)) this.#form.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    if (!this.#page) return; // the script is not ready: the form goes by itself
    event.preventDefault();
    if (this.#parts.isLoading("start")) return void this.#submitLater();
    this.#drawButtons();
    if (!this.#buttons.canSend || !(this.#files?.isReadyToGo() ?? true)) return;
    if (waitingTurn(this.#page.store.get())) void this.#offer();
    else this.#send(false);
  }

  /** The form of a workflow is on its way; pressed once or often, it is sent once. */
  async #submitLater() {
    if (this.#isSubmittingLater) return;
    this.#isSubmittingLater = true;
    await this.#parts.need("start");
    this.#isSubmittingLater = false;
    this.#form.requestSubmit();
  }

  async #offer() {
    if (!has("waiting")) await this.#parts.need("waiting");
    const turn = this.#page && waitingTurn(this.#page.store.get());
    const hasFiles = (this.#files?.tray.attachments.length ?? 0) > 0;
    if (turn && has("waiting")) this.#choice.offer(waysOf(turn).filter((way) => way !== "answer" || !hasFiles));
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
      this.#drafts.used(place, text);
      if (this.#place === place && this.#text.value === text) this.#fill("");
      this.#drafts.forget(place);
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

  get #isNothing() {
    return this.#text.isEmpty && !this.#files?.tray.entries.length;
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
    /** @type {Chat.Attachment[]} */
    let files = [];
    // The server forgets the draft when it has the question, not before.
    this.#drafts.withoutNews(() => {
      files = this.#files?.take() ?? [];
      this.#isBeginning = this.#place === null;
      this.#fill("");
    });
    this.#drafts.sent(this.#place ?? null, text);
    this.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail: { text, bot, parameters, isAtOnce, files, isDraft: true } }));
    return true;
  }

  #stop() {
    const turn = liveTurn(this.#page?.store.get().turns ?? []);
    if (turn) this.dispatchEvent(new CustomEvent("stop-turn", { bubbles: true, detail: { turn: turn.id } }));
    this.#text.focus();
  }

  /** @param {{text: string, files?: Chat.Attachment[]}} question */
  #compose({ text, files = [] }) {
    this.#isBeginning = false; // a question that came back begins nothing
    this.#text.add(text);
    this.#typed();
    this.#text.focusAtEnd();
    if (files.length) void this.#putFiles(this.#place ?? null, files);
  }

  /** @param {string | null} place @param {Chat.Attachment[]} files that are uploaded already @param {boolean} [isAll] */
  async #putFiles(place, files, isAll = false) {
    await this.#parts.need("files");
    this.#files?.tray.put(place, files, isAll);
  }

  /** @param {string} text */
  #fill(text) {
    this.#text.fill(text);
    this.#drawButtons();
  }
}

customElements.define("chat-composer", ChatComposer);
