/** <card-asked>: what a card asks: arguments or words, how earlier attempts went, what was saved, why it is over. */

import { answerWords, attemptWords, declinedWords, endWords, isLastAttempt, labelled, titleOf, typeWords } from "../lib/action-words.js";
import { make } from "../lib/make.js";
import { ArgumentList } from "./argument-list.js";

export class CardAsked extends HTMLElement {
  #text = make("p", { class: "action__text", dir: "auto" });
  #arguments = new ArgumentList();
  #attempt = make("div", { class: "action__attempt", hidden: "" });
  #saved = make("p", { class: "action__saved", hidden: "" });
  #end = make("p", { class: "action__end", hidden: "" });
  /** @type {Chat.Action | null} */
  #action = null;

  start() {
    this.className = "action__asked";
    this.append(this.#text, this.#arguments, this.#attempt, this.#saved, this.#end);
  }

  /** @param {Chat.Action} action */
  show(action) {
    if (action === this.#action) return;
    this.#action = action;
    const isQuestion = action.kind === "question";
    this.#text.textContent = isQuestion ? titleOf(action, "") : "";
    this.#text.hidden = this.#text.textContent === "";
    if (isQuestion) this.#arguments.hidden = true;
    else this.#arguments.show(action.arguments);
    this.#showAttempt(action);
    this.#showSaved(action);
    this.#end.textContent = endWords(action);
    this.#end.hidden = this.#end.textContent === "";
  }

  /** @param {Chat.Action} action */
  #showAttempt(action) {
    const { attempt } = action;
    this.#attempt.hidden = attempt === null;
    if (!attempt) return;
    this.#attempt.toggleAttribute("data-last", isLastAttempt(action));
    const missed = make("span", {});
    missed.append(...withQuoted(gettext("“%(answer)s” did not fit."), attempt.before));
    this.#attempt.replaceChildren(make("strong", {}, attemptWords(attempt)), " ", missed);
    const expected = expectedWords(action);
    if (expected) this.#attempt.append(make("p", { dir: "auto" }, expected));
  }

  /** @param {Chat.Action} action */
  #showSaved(action) {
    const isSaved = action.state === "ready" && !action.refusal;
    this.#saved.hidden = !isSaved;
    if (!isSaved) return;
    const words = action.decision === "declined" ? declinedWords(action.reason) : answerWords(action);
    this.#saved.replaceChildren(make("span", { class: "action__help" }, gettext("Your answer")), " ", make("span", { dir: "auto" }, words));
  }
}

/** The words of a stranger keep their direction to themselves. @param {string} sentence @param {string} answer */
function withQuoted(sentence, answer) {
  const [before = "", after = ""] = sentence.split("%(answer)s");
  return [before, make("bdi", {}, answer), after];
}

/** @param {Chat.Action} action @returns {string} what would have fitted */
function expectedWords({ question }) {
  const fields = Object.entries(question?.fields ?? {});
  if (!fields.length) return gettext("Answer just what is asked, in a few words.");
  const parts = fields.map(([name, field]) => labelled(name, wantedWords(field)));
  return interpolate(gettext("Expected: %(fields)s"), { fields: parts.join(" · ") }, true);
}

/** @param {Chat.Field} field */
function wantedWords(field) {
  const what = field.description || typeWords(field);
  return field.required ? what : interpolate(gettext("%(what)s (optional)"), { what }, true);
}

customElements.define("card-asked", CardAsked);
