/** <card-record>: a card that was answered, as one line that unfolds to what was asked, answered, by whom and when. */

import { answerWords, declinedWords, lookOf, lookWords, lookGlyph, shortened, titleOf, whoWords } from "../lib/action-words.js";
import { laidOut } from "../lib/arguments.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { ArgumentList } from "./argument-list.js";

export class CardRecord extends HTMLElement {
  #summary = make("summary", { class: "record__line" });
  #body = make("div", { class: "record__body" });
  #details = make("details", { class: "record" }, this.#summary, this.#body);

  /** @param {Chat.Action} action @param {{language: string, timeZone: string}} reader */
  show(action, reader) {
    if (!this.firstElementChild) this.append(this.#details);
    const state = whoWords(action) || lookWords(lookOf(action));
    this.#summary.replaceChildren(
      glyph(lookGlyph(lookOf(action))),
      make("span", { class: "record__title", dir: "auto" }, shortened(titleOf(action, reader.language), 120)),
      make("span", { class: "record__answer", dir: "auto" }, lineWords(action)),
      make("span", { class: "record__who" }, state),
      glyph("fold"),
    );
    this.#body.replaceChildren(...partsOf(action, reader));
  }
}

/** @param {Chat.Action} action */
function lineWords(action) {
  if (action.decision !== "declined") return answerWords(action);
  return declinedWords(shortened(action.reason, 120));
}

/** @param {Chat.Action} action @param {{language: string, timeZone: string}} reader @returns {HTMLElement[]} */
function partsOf(action, reader) {
  const isDeclined = action.decision === "declined";
  const rows = [
    row(gettext("Asked"), asked(action)),
    row(isDeclined ? gettext("Declined") : gettext("Answered"), answered(action, isDeclined)),
    row(gettext("By"), make("span", { dir: "auto" }, whoWords(action))),
    row(gettext("When"), timeOf(action.answered_at, reader)),
    row(gettext("Asked at"), timeOf(action.asked_at, reader)),
  ];
  return [make("dl", { class: "arguments record__facts" }, ...rows.filter((one) => one.textContent !== one.firstElementChild?.textContent))];
}

/** @param {string} name @param {HTMLElement} value */
function row(name, value) {
  return make("div", { class: "arguments__row" }, make("dt", {}, name), make("dd", {}, value));
}

/** @param {Chat.Action} action */
function asked(action) {
  if (action.kind === "question") return make("p", { class: "action__text", dir: "auto" }, action.question?.text || action.name);
  const list = new ArgumentList();
  list.show(action.arguments);
  return make("div", {}, make("code", { dir: "ltr" }, action.name), list);
}

/** @param {Chat.Action} action @param {boolean} isDeclined */
function answered(action, isDeclined) {
  if (isDeclined) return make("p", { class: "action__text", dir: "auto" }, action.reason || gettext("No reason was given."));
  if (action.output === "") return make("p", {}, answerWords(action));
  return make("pre", { class: "action__source", tabindex: "0", dir: "auto" }, laidOut(action.output));
}

/** @param {string | null} at @param {{language: string, timeZone: string}} reader */
function timeOf(at, { language, timeZone }) {
  if (!at) return make("span");
  const zone = isZone(timeZone) ? timeZone : undefined;
  const words = new Intl.DateTimeFormat(language || undefined, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(new Date(at));
  return make("time", { datetime: at }, words);
}

/** @param {string} timeZone */
function isZone(timeZone) {
  try {
    return Boolean(timeZone && new Intl.DateTimeFormat("en", { timeZone }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

customElements.define("card-record", CardRecord);
