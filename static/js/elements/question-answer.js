/**
 * <question-answer>: options as buttons, words of one's own, typed fields, or a sign-in elsewhere. An Entry
 * (action-card.js); emits `entry-changed`, and `entry-chosen` {output} when an option is pressed.
 */

import { fieldsOfQuestion } from "../lib/fields.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { doubtWords, examine } from "../lib/safe-link.js";
import { FieldForm } from "./field-form.js";

let made = 0;

export class QuestionAnswer extends HTMLElement {
  #form = new FieldForm();
  #text = make("input", { class: "entry__input answer__text", dir: "auto", autocomplete: "off", enterkeyhint: "send" });
  #message = make("p", { class: "entry__message", role: "alert", hidden: "" });
  /** @type {HTMLButtonElement[]} */
  #options = [];
  /** @type {"fields" | "words" | "link"} */
  #kind = "words";

  /** @param {Chat.Action} action @param {import("../lib/uploading.js").Upload} upload */
  start(action, upload) {
    const { options = [], fields = {}, link = "" } = action.question ?? {};
    this.className = "answer";
    this.#kind = Object.keys(fields).length ? "fields" : link ? "link" : "words";
    if (this.#kind === "link") this.append(signIn(link));
    if (options.length) this.append(this.#optionList(options));
    if (this.#kind === "fields") {
      this.#form.upload = upload;
      this.#form.fill(fieldsOfQuestion(fields));
      this.append(this.#form);
    } else if (this.#kind === "words") {
      this.append(this.#words(options.length > 0));
    }
    this.addEventListener("fields-changed", () => this.#changed());
  }

  /** @param {string[]} options */
  #optionList(options) {
    this.#options = options.map((option, index) => {
      const button = make("button", { type: "button", class: "chip option", dir: "auto" }, option);
      if (index < 9) {
        // Drawn by the style sheet: the button's name is the option's text alone.
        button.dataset.key = String(index + 1);
        button.setAttribute("aria-keyshortcuts", String(index + 1));
      }
      button.addEventListener("click", () => this.choose(index));
      return button;
    });
    return make("div", { class: "chips answer__options" }, ...this.#options);
  }

  /** @param {boolean} isElse options come before it */
  #words(isElse) {
    this.#text.id = `answer-${(made += 1)}`;
    this.#message.id = `${this.#text.id}-message`;
    this.#text.setAttribute("aria-describedby", this.#message.id);
    const words = isElse ? gettext("Something else…") : gettext("Answer");
    const label = make("label", { class: isElse ? "visually-hidden" : "entry__label", for: this.#text.id }, words);
    if (isElse) this.#text.placeholder = words;
    this.#text.addEventListener("input", () => {
      this.#say("");
      this.#changed();
    });
    return make("div", { class: "answer__words" }, label, this.#text, this.#message);
  }

  /** @param {number} index @returns {boolean} whether there is such an option */
  choose(index) {
    const button = this.#options[index];
    if (!button || button.matches(":disabled")) return false;
    this.dispatchEvent(new CustomEvent("entry-chosen", { bubbles: true, detail: { output: button.textContent ?? "" } }));
    return true;
  }

  /** The choice stays to be seen while it is on its way. @param {string | null} output */
  mark(output) {
    for (const button of this.#options) button.setAttribute("aria-pressed", String(button.textContent === output));
  }

  /** @returns {string | null} null when something is wrong: it says what, and takes the focus */
  output() {
    if (this.#kind === "link") return "";
    if (this.#kind === "fields") return this.#form.problems().length ? null : JSON.stringify(this.#form.values);
    const text = this.#text.value;
    if (text.trim()) return text;
    this.#say(this.#options.length ? gettext("Choose one, or write something else.") : gettext("Write an answer first."));
    this.#text.focus();
    return null;
  }

  /** @returns {Record<string, any>} */
  get draft() {
    return this.#kind === "fields" ? { values: this.#form.kept } : { text: this.#text.value };
  }

  /** @param {Record<string, any>} draft */
  put({ values, text }) {
    if (typeof values === "object" && values !== null) this.#form.put(values);
    if (typeof text === "string" && text !== this.#text.value) this.#text.value = text;
  }

  /** @param {string} output what was entered before */
  fill(output) {
    if (this.#kind === "fields") return this.#form.put(objectIn(output));
    if (this.#options.some((option) => option.textContent === output)) this.mark(output);
    else this.#text.value = output;
  }

  /** @returns {string} for the clipboard */
  get words() {
    if (this.#kind === "link") return "";
    if (this.#kind === "words") return this.#text.value;
    const { values } = this.#form;
    return Object.keys(values).length ? JSON.stringify(values, null, 2) : "";
  }

  focus() {
    if (this.#kind === "fields") this.#form.focus();
    else (this.#options[0] ?? this.#text).focus();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("entry-changed", { bubbles: true }));
  }

  /** @param {string} words */
  #say(words) {
    this.#message.textContent = words;
    this.#message.hidden = words === "";
    if (words) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }
}

/** @param {string} link where a bot says that one signs in */
function signIn(link) {
  const found = examine(link);
  if (!found) return make("p", { class: "entry__message" }, gettext("The link of this sign-in cannot be opened safely:"), " ", make("code", { dir: "ltr" }, link));
  const { href, host, doubts } = found;
  const words = interpolate(gettext("Sign in at %(host)s"), { host }, true);
  const anchor = make("a", { class: "button button--primary", href, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer", dir: "ltr" }, words);
  const warnings = doubts.map((doubt) => make("p", { class: "answer__doubt" }, glyph("refused"), make("span", {}, doubtWords(doubt))));
  const note = make("p", { class: "entry__help" }, gettext("It opens in a new tab. Come back here afterwards."));
  return make("div", { class: "answer__link" }, anchor, ...warnings, note);
}

/** @param {string} output @returns {Record<string, unknown>} */
function objectIn(output) {
  try {
    const value = JSON.parse(output);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

customElements.define("question-answer", QuestionAnswer);
