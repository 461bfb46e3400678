/**
 * <chat-message>: one bubble, the question or one answer. Draws an <article>; an answer's Markdown is drawn while
 * it streams, at the pace of the screen.
 */

import { dress } from "../lib/dress.js";
import { finish } from "../lib/finish.js";
import { drawInTurn } from "../lib/first-drawing.js";
import { GrowingText } from "../lib/growing-text.js";
import { make } from "../lib/make.js";
import { Pace } from "../lib/pace.js";
import { pressedInAnswer } from "./answer-presses.js";
import { StartValues } from "./start-values.js";
import { ThinkingBlock } from "./thinking-block.js";

/** Of text that is not drawn yet: about so much fits into a line. */
const LINE_UNITS = 80;

export class ChatMessage extends HTMLElement {
  /** The row below an answer; what is in it comes later (turn-tools.js). */
  tools = document.createElement("answer-tools");
  #title = make("p", { class: "message__title", dir: "auto", hidden: "" });
  #text = make("div", { class: "message__text", dir: "auto" });
  #article = make("article", { class: "message" }, this.#title, this.#text);
  /** @type {Chat.Message | null} */
  #message = null;
  /** @type {GrowingText | null} */
  #growing = null;
  /** @type {ThinkingBlock | null} */
  #thinking = null;
  /** @type {StartValues | null} */
  #values = null;
  #pace = new Pace(() => this.#draw());

  connectedCallback() {
    if (this.#article.isConnected) return;
    this.prepend(this.#article);
    // A middle click opens links too.
    for (const type of ["click", "auxclick"]) {
      this.#article.addEventListener(type, (event) => {
        if (this.#message) void pressedInAnswer(event, this.#message);
      });
    }
  }

  /**
   * @param {string} text
   * @param {"completed" | "queued" | "pending" | "failed"} state
   * @param {{parameters?: Record<string, unknown>, files?: Chat.Attachment[]}} [more] what a workflow was started with,
   *   and what went along; then there may be no text
   */
  showQuestion(text, state, { parameters = {}, files = [] } = {}) {
    this.#article.dataset.role = "user";
    this.#article.dataset.state = state;
    this.#article.setAttribute("aria-label", gettext("You"));
    const hasValues = Object.keys(parameters).length > 0;
    const shown = text || hasValues || files.length ? text : gettext("Start");
    if (this.#text.textContent !== shown) this.#text.textContent = shown;
    this.#text.hidden = shown === "";
    if (hasValues) this.#showValues(parameters);
    if (files.length) void this.#showFiles(files);
  }

  /** Few questions have files: those that do fetch the code. @param {Chat.Attachment[]} files */
  async #showFiles(files) {
    const { QuestionFiles } = await import("./question-files.js");
    const shown = this.#article.querySelector("question-files") ?? new QuestionFiles();
    if (!shown.isConnected) this.#article.append(shown);
    if (shown instanceof QuestionFiles) shown.show(files);
  }

  /** @param {Record<string, unknown>} parameters */
  #showValues(parameters) {
    if (!this.#values) {
      this.#values = new StartValues();
      this.#article.append(this.#values);
    }
    this.#values.show(parameters);
  }

  /**
   * @param {Chat.Message} message
   * @param {{botName: string, thinkingSince: number}} around
   */
  showAnswer(message, { botName, thinkingSince }) {
    if (message === this.#message) return;
    const isFirst = this.#message === null;
    this.#message = message;
    this.#article.dataset.role = "assistant";
    this.#article.dataset.state = message.state;
    this.#article.dataset.message = message.id;
    this.#article.setAttribute("aria-label", botName || gettext("Bot"));
    this.#text.classList.add("prose");
    this.#title.textContent = message.title;
    this.#title.hidden = message.title === "";
    if (isFirst) this.append(this.tools);
    this.#showThinking(message, thinkingSince);
    if (isOther(message)) return void this.#showOther(message);
    this.#growing ??= new GrowingText(this.#text, dress, finish);
    if (isFirst) this.#drawFirst(message.text);
    else this.#pace.ask();
  }

  /** What is on screen when the page opens must not flash in later; what is far above takes about its place. @param {string} text */
  #drawFirst(text) {
    const isDone = drawInTurn(() => {
      this.#text.style.minBlockSize = "";
      if (!this.#draw()) this.#pace.ask();
    });
    if (!isDone) this.#text.style.minBlockSize = `${Math.ceil(text.length / LINE_UNITS + text.split("\n").length / 2)}lh`;
  }

  /** A card, or words with pictures and files: what can be read of it, never an empty box. @param {Chat.Message} message */
  async #showOther(message) {
    this.#growing = null;
    const { OtherContent } = await import("./other-content.js");
    if (message !== this.#message) return;
    this.#text.replaceChildren(new OtherContent(message));
  }

  /** Draws what is known now: Stop freezes what is seen, and paper waits for nobody. */
  flush() {
    if (this.#growing) this.#pace.flush();
    /** @type {import("./other-content.js").OtherContent | null} */ (this.#text.querySelector("other-content"))?.flush();
  }

  /** @returns {boolean} false when more is left to draw */
  #draw() {
    if (!this.#message || !this.#growing) return true;
    return this.#growing.show(this.#message.text, this.#message.state === "streaming");
  }

  /** @param {Chat.Message} message @param {number} since */
  #showThinking(message, since) {
    if (!message.reasoning) {
      this.#thinking?.remove();
      this.#thinking = null;
      return;
    }
    if (!this.#thinking) {
      this.#thinking = new ThinkingBlock();
      this.#title.after(this.#thinking);
    }
    this.#thinking.show(message, since);
  }
}

/** @param {Chat.Message} message */
function isOther({ content_type, state }) {
  return content_type !== "text" && content_type !== "" && state !== "streaming";
}

customElements.define("chat-message", ChatMessage);
