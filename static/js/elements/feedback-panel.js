/**
 * <feedback-panel>: why an answer was good or bad: reasons to choose, words of one's own. Takes no focus and blocks
 * nothing. Emits `feedback-given` {feedback, isComment} and `feedback-closed`.
 */

import { arrange, make } from "../lib/make.js";
import { offered, titleOfReason, toggled } from "../lib/rating.js";
import { enableStyle } from "../lib/styles.js";

/**
 * @typedef {object} Setting
 * @property {Chat.Reason[]} reasons that the site offers
 * @property {number} mostChars of a comment
 * @property {() => string} read the draft of the comment
 * @property {(text: string) => void} write
 */

let made = 0;

export class FeedbackPanel extends HTMLElement {
  #title = make("p", { class: "feedback__title" });
  #reasons = make("div", { class: "chips" });
  #comment = make("textarea", { class: "entry__input", rows: "2", dir: "auto" });
  #tooLong = make("p", { class: "entry__message", role: "status" });
  #send = make("button", { type: "button", class: "button button--primary button--small" });
  #close = make("button", { type: "button", class: "button button--plain button--small" });
  /** @type {Map<string, HTMLButtonElement>} by reason */
  #chips = new Map();
  /** @type {Setting | null} */
  #setting = null;
  /** @type {Chat.Feedback | null} */
  #feedback = null;
  /** The comment as it was sent; what differs from it is a draft. */
  #kept = "";
  #isBusy = false;

  /** @param {Setting} setting once, before it is shown */
  begin(setting) {
    this.#setting = setting;
    this.hidden = true;
    this.className = "feedback";
    this.setAttribute("role", "group");
    this.#title.id = `feedback-${(made += 1)}`;
    this.#comment.id = `${this.#title.id}-comment`;
    this.setAttribute("aria-labelledby", this.#title.id);
    this.#send.textContent = gettext("Send comment");
    this.#close.textContent = gettext("Close");
    const label = make("label", { class: "visually-hidden", for: this.#comment.id }, gettext("Comment"));
    this.#comment.placeholder = gettext("Anything else? (optional)");
    this.append(
      this.#title, this.#reasons, label, this.#comment, this.#tooLong,
      make("div", { class: "feedback__buttons" }, this.#send, this.#close),
    );
    this.#listen(setting);
    this.#comment.value = setting.read();
  }

  /** @param {Setting} setting */
  #listen(setting) {
    this.#comment.addEventListener("input", () => {
      setting.write(this.#comment.value);
      this.#check();
    });
    this.#send.addEventListener("click", () => this.#give());
    this.#close.addEventListener("click", () => this.#tell("feedback-closed", {}));
    this.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {Chat.Feedback} feedback */
  show(feedback) {
    this.#feedback = feedback;
    this.#title.textContent = feedback.rating === "bad" ? gettext("What went wrong?") : gettext("What was good?");
    this.#showReasons(feedback);
    this.#showComment(feedback.comment);
    this.#check();
  }

  /** @param {Chat.Feedback} feedback */
  #showReasons(feedback) {
    const wanted = offered(this.#setting?.reasons ?? [], feedback);
    arrange(this.#reasons, wanted.map((reason) => this.#chip(reason)));
    for (const { id } of wanted) {
      this.#chips.get(id)?.setAttribute("aria-pressed", String(feedback.reasons.some((one) => one.id === id)));
    }
    this.#reasons.hidden = wanted.length === 0;
  }

  /** @param {Chat.Reason} reason */
  #chip(reason) {
    const known = this.#chips.get(reason.id);
    if (known) return known;
    const title = titleOfReason(reason, document.documentElement.lang || "en");
    const chip = make("button", { type: "button", class: "chip", dir: "auto", "aria-pressed": "false" }, title);
    chip.addEventListener("click", () => {
      if (this.#feedback) this.#tell("feedback-given", { feedback: toggled(this.#feedback, reason), isComment: false });
    });
    this.#chips.set(reason.id, chip);
    return chip;
  }

  /** What came from elsewhere takes the place of what was sent, never of what is being written. @param {string} comment */
  #showComment(comment) {
    if (comment === this.#kept) return;
    if (this.#comment.value === this.#kept || this.#comment.value === "") this.#comment.value = comment;
    this.#kept = comment;
  }

  #check() {
    const text = this.#comment.value.trim();
    const over = [...text].length - (this.#setting?.mostChars ?? 0);
    this.#send.disabled = this.#isBusy || over > 0 || text === this.#kept;
    this.#comment.setAttribute("aria-invalid", String(over > 0));
    const words = ngettext("%(count)s character too many.", "%(count)s characters too many.", Math.max(over, 0));
    this.#tooLong.textContent = over > 0 ? interpolate(words, { count: over }, true) : "";
    this.#tooLong.hidden = over <= 0;
  }

  #give() {
    if (!this.#feedback || this.#send.disabled) return;
    this.isBusy = true;
    this.#tell("feedback-given", { feedback: { ...this.#feedback, comment: this.#comment.value.trim() }, isComment: true });
  }

  /** @param {boolean} isBusy the comment is on its way */
  set isBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#check();
  }

  /** The rating is taken back: its words wait for another one. */
  keep() {
    this.#setting?.write(this.#comment.value);
    this.#kept = "";
  }

  /** @param {string} comment that the site has now */
  sent(comment) {
    if (this.#comment.value.trim() !== comment) return; // somebody has gone on writing
    this.#setting?.write("");
    this.#comment.value = comment;
  }

  focusFirst() {
    const [first] = [...this.#chips.values()];
    (first ?? this.#comment).focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.#tell("feedback-closed", {});
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === this.#comment) this.#give();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

enableStyle("entry");
customElements.define("feedback-panel", FeedbackPanel);
