/** <thinking-block>: a bot's reasoning, folded, with the seconds it takes (M-009). */

import { make } from "../lib/make.js";

export class ThinkingBlock extends HTMLElement {
  #summary = make("summary");
  #text = make("div", { class: "thinking__text", dir: "auto" });
  #details = make("details", { class: "thinking" }, this.#summary, this.#text);
  #shown = "";
  #since = 0;
  #isOver = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  connectedCallback() {
    if (!this.#details.isConnected) this.replaceChildren(this.#details);
    if (!this.#isOver) this.#ticking ??= setInterval(() => this.#label(null), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  /**
   * @param {Chat.Message} message
   * @param {number} since when thinking began (ms); counts until the message says how long it took
   */
  show(message, since) {
    this.#since ||= since;
    this.#grow(message.reasoning);
    const isOver = message.reasoning_ms !== null || message.text !== "" || message.state !== "streaming";
    if (isOver !== this.#isOver || this.#summary.textContent === "") this.#end(isOver);
    if (isOver) this.#label(message.reasoning_ms ?? (message.state === "streaming" ? Date.now() - this.#since : 0));
  }

  /** @param {string} reasoning */
  #grow(reasoning) {
    if (reasoning === this.#shown) return;
    const text = this.#text.firstChild;
    if (text instanceof Text && reasoning.startsWith(this.#shown)) text.appendData(reasoning.slice(this.#shown.length));
    else this.#text.textContent = reasoning;
    this.#shown = reasoning;
  }

  /** @param {boolean} isOver */
  #end(isOver) {
    this.#isOver = isOver;
    this.#details.dataset.state = isOver ? "completed" : "streaming";
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    if (isOver) return;
    if (this.isConnected) this.#ticking = setInterval(() => this.#label(null), 1000);
    this.#label(null);
  }

  /** @param {number | null} ms how long it took; null while it goes on */
  #label(ms) {
    const label = ms === null ? elapsedLabel(Date.now() - this.#since) : tookLabel(ms);
    if (this.#summary.textContent !== label) this.#summary.textContent = label;
  }
}

/** @param {number} ms */
function elapsedLabel(ms) {
  const seconds = Math.floor(ms / 1000);
  return seconds < 1 ? gettext("Thinking…") : interpolate(gettext("Thinking… %(seconds)s s"), { seconds }, true);
}

/** @param {number} ms 0: unknown */
function tookLabel(ms) {
  if (ms <= 0) return gettext("Thought");
  return interpolate(gettext("Thought for %(seconds)s s"), { seconds: Math.max(1, Math.round(ms / 1000)) }, true);
}

customElements.define("thinking-block", ThinkingBlock);
