/** <copy-answer>: copies an answer as the Markdown it is; a menu offers it as plain or rich text (M-015). */

import { htmlText, plainText } from "../lib/answer-formats.js";
import { copyRich, copyText } from "../lib/clipboard.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { summaryOf, summaryText } from "../lib/other-content.js";
import { choiceMenu } from "./choice-menu.js";

const SAID_MS = 1_500;

export class CopyAnswer extends HTMLElement {
  #copy = make("button", { type: "button", class: "icon-button tool" }, glyph("copy"));
  #more = make("button", { type: "button", class: "icon-button tool tool--more" }, glyph("fold"));
  #said = make("span", { class: "visually-hidden", role: "status" });
  #text = "";
  #timer = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.#name(this.#copy, gettext("Copy answer"));
    this.#name(this.#more, gettext("More ways to copy"));
    this.#copy.addEventListener("click", () => void this.#tell(copyText(this.#text)));
    const menu = choiceMenu(this.#more, gettext("Copy answer"), () => this.#choices());
    this.append(this.#copy, this.#more, menu, this.#said);
  }

  /** @param {Chat.AnswerPlace} place */
  show({ message }) {
    this.#text = textOf(message);
    this.hidden = this.#text.trim() === "";
  }

  /** @returns {import("./choice-menu.js").Choice[]} */
  #choices() {
    const text = this.#text;
    return [
      { label: gettext("Copy as Markdown"), choose: () => void this.#tell(copyText(text)) },
      { label: gettext("Copy as plain text"), choose: () => void this.#tell(copyText(plainText(text))) },
      { label: gettext("Copy as rich text"), choose: () => void this.#tell(copyRich(htmlText(text), plainText(text))) },
    ];
  }

  /** @param {Promise<boolean>} copying */
  async #tell(copying) {
    const isDone = await copying;
    const words = isDone ? gettext("Copied") : gettext("Not copied");
    this.#said.textContent = words;
    this.#copy.replaceChildren(glyph(isDone ? "answered" : "declined"));
    this.#copy.title = words;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#calm(), SAID_MS);
  }

  #calm() {
    this.#said.textContent = "";
    this.#copy.replaceChildren(glyph("copy"));
    this.#name(this.#copy, gettext("Copy answer"));
  }

  /** @param {HTMLButtonElement} button @param {string} name */
  #name(button, name) {
    button.setAttribute("aria-label", name);
    button.title = name;
  }
}

/** Of a card what can be read of it, not its JSON. @param {Chat.Message} message */
function textOf(message) {
  const summary = message.content_type === "text" ? null : summaryOf(message);
  return summary ? summaryText(summary) : message.text;
}

customElements.define("copy-answer", CopyAnswer);
