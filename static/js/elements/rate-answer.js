/**
 * <rate-answer>: two thumbs below an answer (M-041). Pressed at once, sent one after the other, put back when the
 * site does not take it. Why one thinks so is asked in a panel that nobody has to answer.
 */

import { createDrafts } from "../lib/drafts.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { isRateable, pressed } from "../lib/rating.js";
import { FeedbackPanel } from "./feedback-panel.js";
import { sayFailure } from "./say.js";

/** @typedef {{rating: Chat.Rating | "", reasons?: string[], comment?: string}} Body */
/** @typedef {import("../lib/drafts.js").Drafts} Drafts */

const SAID_MS = 5_000;

export class RateAnswer extends HTMLElement {
  #good = thumb("good");
  #bad = thumb("bad");
  #why = make("button", { type: "button", class: "button button--plain button--small tool__why", hidden: "" });
  #said = make("span", { class: "tool__said", role: "status" });
  #saidTimer = 0;
  /** Made when it is first wanted. @type {FeedbackPanel | null} */
  #panel = null;
  /** @type {Chat.AnswerPlace | null} */
  #place = null;
  /** What was pressed and is not confirmed yet; undefined: nothing. @type {Chat.Feedback | null | undefined} */
  #wish = undefined;
  #sending = Promise.resolve();
  #unsent = 0;

  connectedCallback() {
    if (this.firstChild) return;
    name(this.#good, gettext("Good answer"));
    name(this.#bad, gettext("Bad answer"));
    this.#good.addEventListener("click", () => this.#press("good"));
    this.#bad.addEventListener("click", () => this.#press("bad"));
    this.#why.addEventListener("click", () => this.#open());
    this.append(this.#good, this.#bad, this.#why, this.#said);
  }

  /** @param {Chat.AnswerPlace} place */
  show(place) {
    const before = this.#place;
    this.#place = place;
    if (before?.message === place.message && before.turn.state === place.turn.state) return;
    this.hidden = !isRateable(place.turn) || place.message.text.trim() === "";
    if (!before) this.#restore(place);
    this.#draw();
  }

  /** What was being written when the page went away is there again. @param {Chat.AnswerPlace} place */
  #restore({ message, page }) {
    if (!message.feedback) return;
    const draft = draftsOf(page).read(draftKey(message)).trim();
    if (draft !== "" && draft !== message.feedback.comment) this.#showPanel();
  }

  #showPanel() {
    if (!this.#panel) this.#panel = this.#made();
    this.#panel.hidden = false;
  }

  #made() {
    const panel = new FeedbackPanel();
    if (this.#place) panel.begin(settingOf(this.#place));
    panel.addEventListener("feedback-given", (event) => this.#give(/** @type {CustomEvent} */ (event).detail));
    panel.addEventListener("feedback-closed", () => this.#close());
    this.append(panel);
    return panel;
  }

  #hidePanel() {
    if (this.#panel) this.#panel.hidden = true;
  }

  get #isOpen() {
    return this.#panel !== null && !this.#panel.hidden;
  }

  get #feedback() {
    return this.#wish === undefined ? (this.#place?.message.feedback ?? null) : this.#wish;
  }

  #draw() {
    const feedback = this.#feedback;
    this.#good.setAttribute("aria-pressed", String(feedback?.rating === "good"));
    this.#bad.setAttribute("aria-pressed", String(feedback?.rating === "bad"));
    if (!feedback) this.#hidePanel();
    this.#why.hidden = !feedback || this.#isOpen;
    this.#why.textContent = feedback?.reasons.length || feedback?.comment ? gettext("Change feedback") : gettext("Tell us why");
    if (feedback) this.#panel?.show(feedback);
  }

  /** @param {Chat.Rating} rating */
  #press(rating) {
    const next = pressed(this.#feedback, rating);
    if (!next) this.#panel?.keep(); // pressed by mistake: what was written comes back with the rating
    if (next?.rating === "bad") this.#showPanel();
    else this.#hidePanel();
    const words = next ? gettext("Thank you for the feedback.") : gettext("Feedback taken back.");
    this.#send(next, { rating: next?.rating ?? "" }, () => this.#say(words));
  }

  /** @param {{feedback: Chat.Feedback, isComment: boolean}} given */
  #give({ feedback, isComment }) {
    const { rating, comment } = feedback;
    const reasons = feedback.reasons.map(({ id }) => id);
    if (!isComment) return this.#send(feedback, { rating, reasons }, () => {});
    this.#send(feedback, { rating, reasons, comment }, () => {
      this.#panel?.sent(comment);
      this.#close();
      this.#say(gettext("Thank you for the feedback."));
    });
  }

  /** @param {Chat.Feedback | null} wish @param {Body} body @param {() => void} kept when the site has it */
  #send(wish, body, kept) {
    this.#wish = wish;
    this.#unsent += 1;
    this.#say("");
    this.#draw();
    this.#sending = this.#sending.then(() => this.#post(body, kept));
  }

  /** @param {Body} body @param {() => void} kept */
  async #post(body, kept) {
    if (!this.#place) return;
    const { message, turn, page } = this.#place;
    try {
      const answer = await page.commands.post(`/c/${turn.conversation}/messages/${message.id}/feedback/`, body);
      this.#settle();
      page.store.dispatch({ type: "turn_loaded", turn: answer.turn });
      kept();
    } catch (error) {
      this.#settle();
      sayFailure(this, page.store, error);
    } finally {
      if (this.#panel) this.#panel.isBusy = false;
      this.#draw();
    }
  }

  /** @param {string} words */
  #say(words) {
    clearTimeout(this.#saidTimer);
    this.#said.textContent = words;
    if (words) this.#saidTimer = window.setTimeout(() => this.#say(""), SAID_MS);
  }

  /** Until all is said, what was pressed last is what one sees. */
  #settle() {
    this.#unsent -= 1;
    if (this.#unsent === 0) this.#wish = undefined;
  }

  #open() {
    this.#showPanel();
    this.#draw();
    this.#panel?.focusFirst();
  }

  #close() {
    const hadFocus = this.#panel?.contains(document.activeElement);
    this.#hidePanel();
    this.#draw();
    if (hadFocus) (this.#why.hidden ? this.#bad : this.#why).focus();
  }
}

/** One for all answers of a page: making them looks through all that is kept. @type {WeakMap<Chat.Page, Drafts>} */
const drafts = new WeakMap();

/** @param {Chat.Page} page @returns {Drafts} */
function draftsOf(page) {
  const known = drafts.get(page) ?? createDrafts(() => localStorage, page.store.get().user.name);
  drafts.set(page, known);
  return known;
}

/** @param {Chat.Message} message */
function draftKey({ id }) {
  return `answer.${id}`;
}

/** @param {Chat.AnswerPlace} place @returns {import("./feedback-panel.js").Setting} */
function settingOf({ message, page }) {
  const { settings, feedbackReasons } = page.store.get();
  return {
    reasons: feedbackReasons,
    mostChars: settings.maxCommentChars,
    read: () => draftsOf(page).read(draftKey(message)),
    write: (text) => draftsOf(page).write(draftKey(message), text),
  };
}

/** @param {"good" | "bad"} rating */
function thumb(rating) {
  return make("button", { type: "button", class: "icon-button tool tool--thumb", "aria-pressed": "false" }, glyph(rating));
}

/** @param {HTMLButtonElement} button @param {string} words */
function name(button, words) {
  button.setAttribute("aria-label", words);
  button.title = words;
}

customElements.define("rate-answer", RateAnswer);
