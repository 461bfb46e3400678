/**
 * <action-card>: a tool call or a question that waits for a person, or did. What is typed outlives every redraw, a
 * reload and another device; whatever is pressed twice is sent once.
 *
 *     card.show(action, place);      // place: lib/answering.js
 *
 * Emits `stop-turn` {turn} and `ask-again` {turn}. What is filled in is an Entry: <tool-output>, <question-answer>.
 */

import { isLastAttempt, lookOf, nameOf, whoWords } from "../lib/action-words.js";
import { keepDraft, leaveDraft, openAgain, sendAnswer, uploadTo } from "../lib/answering.js";
import { deedOf } from "../lib/card-keys.js";
import { failureFrom } from "../lib/commands.js";
import { copyFrom } from "../lib/clipboard.js";
import { make } from "../lib/make.js";
import { enableStyle } from "../lib/styles.js";
import { isOpen } from "../lib/waiting.js";
import { CardAsked } from "./card-asked.js";
import { CardDecline } from "./card-decline.js";
import { CardHead } from "./card-head.js";
import { CardKeeping } from "./card-keeping.js";
import { CardRecord } from "./card-record.js";
import { CardRefusal } from "./card-refusal.js";
import { QuestionAnswer } from "./question-answer.js";
import { ToolOutput } from "./tool-output.js";

/** @typedef {import("../lib/answering.js").Place} Place */
/** @typedef {import("../lib/answering.js").Answer} Answer */

/** So long after a card took the focus by itself, keys are meant for the composer. */
const EARLY_MS = 1_000;
/** A second press within this is a double click, no second thought. */
const DOUBLE_MS = 700;
const FIELDS = "input, textarea, select";
const ENDED = new Set(["completed", "failed", "canceled", "lost"]);

export class ActionCard extends HTMLElement {
  #head = new CardHead();
  #asked = new CardAsked();
  #refusal = new CardRefusal();
  #decline = new CardDecline();
  #record = new CardRecord();
  /** @type {ToolOutput | QuestionAnswer | null} null where one only approves */
  #entry = null;
  #box = make("fieldset", { class: "action__entry", role: "none" });
  #confirm = make("p", { class: "action__confirm", role: "alert", hidden: "" });
  #submit = make("button", { type: "submit", class: "button button--primary" });
  #declineButton = make("button", { type: "button", class: "button" }, gettext("Decline…"));
  #stop = make("button", { type: "button", class: "button button--plain action__stop" }, gettext("Stop the run"));
  #change = make("button", { type: "button", class: "button" }, gettext("Change"));
  #again = make("button", { type: "button", class: "button" }, gettext("Ask again"));
  #copy = make("button", { type: "button", class: "button" }, gettext("Copy my answers"));
  #always = make("input", { type: "checkbox" });
  #allow = make("label", { class: "action__allow", hidden: "" }, this.#always, make("span", {}, gettext("Always allow in this conversation")));
  #buttons = make("div", { class: "action__buttons" }, this.#submit, this.#change, this.#declineButton, this.#again, this.#copy, this.#stop);
  #form = make("form", { class: "action__form", novalidate: "" }, this.#box, this.#confirm, this.#allow, this.#buttons);
  #status = make("p", { class: "visually-hidden", role: "status" });
  /** @type {Chat.Action | null} */
  #action = null;
  /** @type {Place | null} */
  #place = null;
  /** @type {CardKeeping | null} */
  #keeping = null;
  /** Why the last command did not work. @type {{failure: Chat.Failure, resend: (() => void) | null} | null} */
  #failed = null;
  #isSending = false;
  #warnedAt = 0;
  #earlyUntil = 0;
  #isComposing = false;

  connectedCallback() {
    this.#keeping?.connected();
  }

  disconnectedCallback() {
    this.#keeping?.disconnected();
  }

  /** @param {Chat.Action} action @param {Place} place */
  show(action, place) {
    const before = this.#action;
    const isSame = action === before && place.turn.actions === this.#place?.turn.actions && place.turn.state === this.#place.turn.state;
    this.#action = action;
    this.#place = place;
    if (isSame) return;
    if (!before) this.#build(action, place);
    else this.#keeping?.heard(action);
    if (before && isOpen(before) && !isOpen(action)) this.#closed(action);
    if (before?.state !== action.state) this.#failed = null;
    this.#draw();
  }

  /** It took the focus by itself just now: a key may be meant for the composer. */
  get isNew() {
    return performance.now() < this.#earlyUntil;
  }

  /** Takes the focus because it is new, not because somebody wanted it. */
  focusNew() {
    this.#earlyUntil = performance.now() + EARLY_MS;
    this.focus({ preventScroll: true });
  }

  /** @param {Chat.Action} action @param {Place} place */
  #build(action, place) {
    this.className = "action";
    this.setAttribute("role", "group");
    this.dataset.kind = action.kind;
    this.#entry = entryOf(action, uploadTo(place));
    if (this.#entry) this.#box.append(this.#entry);
    this.dataset.shape = shapeOf(action);
    for (const part of [this.#head, this.#asked, this.#refusal, this.#decline]) part.start();
    this.append(this.#head, this.#asked, this.#refusal, this.#form, this.#decline, this.#record, this.#status);
    this.#seed(action, place);
    this.#listen();
  }

  /** @param {Chat.Action} action @param {Place} place */
  #seed(action, place) {
    this.#keeping = new CardKeeping(this, action.id, {
      typed: () => ({ ...this.#entry?.draft, reason: this.#decline.reason }),
      put: (draft) => this.#put(draft),
      post: (draft) => keepDraft(this.#place ?? place, action.id, draft),
      leave: (draft) => leaveDraft(this.#place ?? place, action.id, draft),
    });
    if (this.isConnected) this.#keeping.connected();
    if (action.output) this.#entry?.fill(action.output);
    this.#decline.reason = action.reason;
    this.#keeping.seed(action, isOpen(action));
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#isComposing) this.#submitted();
    });
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.addEventListener("keyup", () => (this.#isComposing = false));
    this.addEventListener("entry-changed", () => this.#keeping?.changed());
    this.addEventListener("entry-chosen", (event) => this.#chosen(/** @type {CustomEvent} */ (event).detail.output));
    this.addEventListener("focusout", (event) => this.#keeping?.left(event));
    this.addEventListener("declined", (event) => void this.#send({ declined: { [this.#id]: /** @type {CustomEvent} */ (event).detail.reason } }));
    this.addEventListener("decline-closed", () => this.#declineButton.focus());
    this.addEventListener("nearly-over", (event) => (this.#status.textContent = /** @type {CustomEvent} */ (event).detail.words));
    this.#declineButton.addEventListener("click", () => this.#decline.open());
    this.#change.addEventListener("click", () => void this.#open());
    this.#stop.addEventListener("click", () => this.#tell("stop-turn"));
    this.#again.addEventListener("click", () => this.#tell("ask-again"));
    this.#copy.addEventListener("click", () => void copyFrom(this.#copy, this.#words));
  }

  get #id() {
    return this.#action?.id ?? "";
  }

  /** @param {Record<string, any>} draft */
  #put(draft) {
    this.#entry?.put(draft);
    if (typeof draft.reason === "string") this.#decline.reason = draft.reason;
  }

  get #words() {
    return [this.#entry?.words, this.#decline.reason].filter(Boolean).join("\n\n");
  }

  #draw() {
    const [action, place] = [this.#action, this.#place];
    if (!action || !place) return;
    const language = document.documentElement.lang || "en";
    const { user } = place.page.store.get();
    const isDone = action.state === "answered" || action.state === "declined";
    this.dataset.state = action.state;
    this.dataset.look = this.#isSending ? "submitting" : lookOf(action);
    this.tabIndex = isOpen(action) ? 0 : -1;
    this.setAttribute("aria-label", nameOf(action, language));
    this.setAttribute("aria-busy", String(this.#isSending || action.state === "submitting"));
    for (const part of [this.#head, this.#asked, this.#form]) part.hidden = isDone;
    this.#record.hidden = !isDone;
    if (isDone) return this.#drawDone(action, language, user.time_zone);
    this.#head.show(action, place.turn.actions, { language, isSending: this.#isSending });
    this.#asked.show(action);
    this.#drawFault(action, place);
    this.#drawForm(action, place);
  }

  /** @param {Chat.Action} action @param {Place} place */
  #drawFault(action, place) {
    const isQuiet = this.#isSending || !isOpen(action);
    this.#refusal.show(isQuiet ? null : (this.#failed?.failure ?? action.refusal), place.page.store.get().sentences, this.#failed?.resend);
  }

  /** @param {Chat.Action} action @param {string} language @param {string} timeZone */
  #drawDone(action, language, timeZone) {
    this.#refusal.show(null, {});
    this.#decline.hidden = true;
    this.#record.show(action, { language, timeZone });
  }

  /** @param {Chat.Action} action @param {Place} place */
  #drawForm(action, { turn }) {
    const canAnswer = isOpen(action) && !this.#isSending;
    const isSaved = action.state === "ready" && !action.refusal;
    const isOver = !isOpen(action) && action.state !== "submitting";
    const hasWords = this.#words !== "";
    const others = turn.actions.filter((one) => one.round === action.round && one.state === "pending");
    this.#box.hidden = isSaved || this.#entry === null;
    this.#box.disabled = !canAnswer;
    this.#submit.hidden = isSaved || isOver;
    this.#submit.textContent = submitWords(action);
    // Whatever it says, it is the card's one Submit for who looks for that.
    if (isSignIn(action)) this.#submit.setAttribute("aria-label", interpolate(gettext("Submit: %(words)s"), { words: submitWords(action) }, true));
    this.#submit.classList.toggle("button--primary", !isSignIn(action));
    this.#change.hidden = !isSaved || others.length === 0;
    this.#declineButton.hidden = isSaved || isOver || action.kind === "question";
    this.#allow.hidden = !canAnswer || isSaved || !action.tool?.may_allow;
    this.#stop.hidden = isOver || ENDED.has(turn.state);
    this.#again.hidden = !isOver || !ENDED.has(turn.state);
    this.#copy.hidden = !isOver || !hasWords;
    this.toggleAttribute("data-blank", isOver && !hasWords);
    this.#decline.hidden ||= isSaved || isOver;
    this.#decline.disabled = !canAnswer;
    for (const button of [this.#submit, this.#declineButton, this.#change]) button.disabled = !canAnswer;
    if (this.#entry instanceof QuestionAnswer && !this.#isSending && action.output) this.#entry.mark(action.output);
  }

  #submitted() {
    const action = this.#action;
    if (!action || this.#submit.hidden || this.#submit.disabled) return;
    const output = this.#entry ? this.#entry.output() : "";
    if (output === null || !this.#isSure(action)) return;
    void this.#send({ outputs: { [action.id]: output }, ...(this.#always.checked && !this.#allow.hidden ? { allow: [action.id] } : {}) });
  }

  /** The last attempt is asked about once: after it the run fails. @param {Chat.Action} action */
  #isSure(action) {
    if (!isLastAttempt(action)) return true;
    if (this.#warnedAt) return performance.now() - this.#warnedAt > DOUBLE_MS;
    this.#warnedAt = performance.now();
    this.#confirm.textContent = gettext("This is the last attempt: if it does not fit, the run fails. Submit once more if you are sure.");
    this.#confirm.hidden = false;
    return false;
  }

  /** @param {string} output */
  #chosen(output) {
    if (this.#isSending || !this.#action || !isOpen(this.#action)) return;
    if (this.#entry instanceof QuestionAnswer) this.#entry.mark(output);
    void this.#send({ outputs: { [this.#id]: output } });
  }

  /** @param {Answer} answer */
  async #send(answer) {
    const place = this.#place;
    if (this.#isSending || !place || !this.#action || !isOpen(this.#action)) return; // a double click answers once
    await this.#busy(() => sendAnswer(place, answer), () => void this.#send(answer));
  }

  /** Opens an answer again that was not sent yet. */
  async #open() {
    const place = this.#place;
    if (!place || this.#isSending) return;
    await this.#busy(() => openAgain(place, this.#id), null);
    if (this.#action?.state === "pending") this.#entry?.focus();
  }

  /** @param {() => Promise<void>} command @param {(() => void) | null} resend the very same, after a failure of the network */
  async #busy(command, resend) {
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    this.#isSending = true;
    this.#failed = null;
    this.#keeping?.hold();
    if (focused) this.focus({ preventScroll: true });
    this.#draw();
    try {
      await command();
    } catch (error) {
      this.#fail(failureFrom(error), resend);
    } finally {
      this.#isSending = false;
      this.#draw();
    }
    if (this.#failed && focused instanceof HTMLElement && document.activeElement === this) focused.focus({ preventScroll: true });
  }

  /** @param {Chat.Failure} failure @param {(() => void) | null} resend */
  #fail(failure, resend) {
    const canResend = failure.reason === "network";
    this.#failed = { failure, resend: canResend ? resend : null };
    this.#keeping?.resume();
    if (this.#entry instanceof QuestionAnswer && !canResend) this.#entry.mark(null);
  }

  /** What was open here is not any more. @param {Chat.Action} action */
  #closed(action) {
    this.#keeping?.end();
    if (!this.#isSending && action.state === "answered") this.#status.textContent = interpolate(gettext("Answered: %(who)s"), { who: whoWords(action) }, true);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    this.#isComposing = event.isComposing || event.keyCode === 229;
    const target = /** @type {Element} */ (event.target);
    const deed = deedOf(event, {
      isInField: target.closest(FIELDS) !== null,
      isApproval: this.#action?.tool?.mode === "approve",
      hasOptions: (this.#action?.question?.options.length ?? 0) > 0,
      isEarly: this.isNew,
    });
    if (!deed || this.#submit.hidden || this.#submit.disabled) return;
    if (deed.does === "choose" && !(this.#entry instanceof QuestionAnswer && this.#entry.choose(deed.index))) return;
    event.preventDefault();
    if (deed.does === "decline") this.#declineByKey();
    if (deed.does === "submit" && this.#decline.contains(target)) this.#decline.send();
    else if (deed.does === "submit" || deed.does === "approve") this.#submitted();
  }

  #declineByKey() {
    if (!this.#declineButton.hidden && !this.#declineButton.disabled) this.#decline.open();
  }

  /** @param {string} name */
  #tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { turn: this.#place?.turn.id } }));
  }
}

/** @param {Chat.Action} action @param {import("../lib/uploading.js").Upload} upload */
function entryOf(action, upload) {
  if (action.tool?.mode === "approve") return null;
  const entry = action.kind === "tool_call" ? new ToolOutput() : new QuestionAnswer();
  entry.start(action, upload);
  return entry;
}

/** One question is part of the talk, anything else a form. @param {Chat.Action} action @returns {"chat" | "form"} */
function shapeOf({ kind, question }) {
  return kind === "question" && Object.keys(question?.fields ?? {}).length < 2 ? "chat" : "form";
}

/** @param {Chat.Action} action */
function submitWords(action) {
  if (action.tool?.mode === "approve") return gettext("Approve");
  return isSignIn(action) ? gettext("I have signed in") : gettext("Submit");
}

/** @param {Chat.Action} action nothing is entered: the link does it all */
function isSignIn({ question }) {
  return Boolean(question?.link) && Object.keys(question?.fields ?? {}).length === 0;
}

enableStyle("action");
customElements.define("action-card", ActionCard);
