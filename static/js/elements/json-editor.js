/**
 * <json-editor>: a text that is, or may be, JSON. It says as one types what is wrong with it, and lays it out on
 * demand. `isFree`: any words will do. Emits `json-changed`.
 */

import { labelled } from "../lib/action-words.js";
import { faultOf, laidOut } from "../lib/arguments.js";
import { make } from "../lib/make.js";

let made = 0;

export class JsonEditor extends HTMLElement {
  /** @type {import("../lib/schema-words.js").Check | null} */
  check = null;
  #isFree = false;
  #text = make("textarea", { class: "entry__input json__text", rows: "3", dir: "auto", spellcheck: "false", name: "output" });
  #hint = make("p", { class: "json__hint" });
  #tidy = make("button", { type: "button", class: "button--link json__tidy", hidden: "" }, gettext("Lay out"));

  /** @param {{isFree: boolean, label: string}} options */
  start({ isFree, label }) {
    this.#isFree = isFree;
    this.className = "json";
    this.#text.id = `json-${(made += 1)}`;
    this.#hint.id = `${this.#text.id}-hint`;
    this.#text.setAttribute("aria-describedby", this.#hint.id);
    if (!isFree) this.#text.classList.add("entry__input--code");
    const foot = make("div", { class: "json__foot" }, this.#hint, this.#tidy);
    this.append(make("label", { class: "entry__label", for: this.#text.id }, label), this.#text, foot);
    this.#text.addEventListener("input", () => this.#typed());
    this.#tidy.addEventListener("click", () => {
      this.value = laidOut(this.value);
      this.#typed();
      this.#text.focus();
    });
    this.#look(false);
  }

  get value() {
    return this.#text.value;
  }

  set value(text) {
    this.#text.value = text;
    this.#look(false);
  }

  /** Puts words where the cursor is. @param {string} words */
  insert(words) {
    this.#text.setRangeText(words, this.#text.selectionStart, this.#text.selectionEnd, "end");
    this.#typed();
  }

  focus() {
    this.#text.focus();
  }

  /** @returns {boolean} whether it may be sent; says at the field why not, and takes the focus */
  isRight() {
    const isRight = this.#look(true);
    if (!isRight) this.focus();
    return isRight;
  }

  #typed() {
    this.#look(false);
    this.dispatchEvent(new CustomEvent("json-changed", { bubbles: true }));
  }

  /** @param {boolean} isAsked somebody wants to send it: what is missing counts now */
  #look(isAsked) {
    const text = this.value;
    const isEmpty = text.trim() === "";
    const fault = isEmpty ? null : faultOf(text);
    const isTidy = isEmpty || fault !== null || laidOut(text) === text;
    this.#tidy.hidden = isTidy;
    const problem = isEmpty ? (isAsked && !this.#isFree ? gettext("This is needed.") : "") : this.#problem(text, fault);
    this.#hint.textContent = problem || (this.#isFree ? freeWords(text, fault) : "");
    this.#hint.dataset.kind = problem ? "problem" : fault ? "plain" : "fine";
    if (problem) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
    return problem === "";
  }

  /** @param {string} text @param {{line: number, column: number} | null} fault */
  #problem(text, fault) {
    if (this.#isFree && !this.check) return "";
    const problems = this.check?.(fault ? text : JSON.parse(text)) ?? [];
    if (fault && (problems.length || !this.check)) return interpolate(gettext("This is not valid JSON yet (line %(line)s, column %(column)s)."), fault, true);
    const [first] = problems;
    if (!first) return "";
    return first.path.length ? labelled(first.path.join(" › "), first.message) : first.message;
  }
}

/** @param {string} text @param {object | null} fault */
function freeWords(text, fault) {
  if (text.trim() === "") return "";
  return fault ? gettext("This is not JSON; it is sent as plain text.") : gettext("Valid JSON.");
}

customElements.define("json-editor", JsonEditor);
