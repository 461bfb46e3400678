/**
 * <answer-tools>: what one can do with an answer that is finished. Each tool is an element with `show(place)`; a
 * tool that has nothing to offer there hides itself. While the answer streams there is none.
 */

import { AnswerSources } from "./answer-sources.js";
import { AnswerUsage } from "./answer-usage.js";
import { AnswerVersions } from "./answer-versions.js";
import { CopyAnswer } from "./copy-answer.js";
import { RateAnswer } from "./rate-answer.js";
import { RawContent } from "./raw-content.js";
import { RegenerateAnswer } from "./regenerate-answer.js";

/** @typedef {HTMLElement & {show(place: Chat.AnswerPlace): void}} Tool */

/** In the order they stand. @type {(new () => Tool)[]} */
const TOOLS = [CopyAnswer, RateAnswer, RegenerateAnswer, AnswerVersions, AnswerSources, AnswerUsage, RawContent];

export class AnswerTools extends HTMLElement {
  /** @type {Tool[]} */
  #tools = [];

  /** @param {Chat.AnswerPlace} place */
  show(place) {
    if (place.message.state === "streaming") return;
    this.toggleAttribute("data-last", place.isLastTurn && place.isLastAnswer);
    if (this.#tools.length === 0) this.#begin();
    for (const tool of this.#tools) tool.show(place);
    void this.#showPictures(place);
  }

  /** Most answers have none. @param {Chat.AnswerPlace} place */
  async #showPictures(place) {
    const answer = this.parentElement;
    if (!answer || !hasPictures(place.message)) return;
    try {
      (await import("./answer-pictures.js")).showPictures(answer, place);
    } catch (error) {
      console.warn("pictures could not be loaded", error); // links stand in for them
    }
  }

  #begin() {
    this.#tools = TOOLS.map((Tool) => new Tool());
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", gettext("This answer"));
    this.append(...this.#tools);
  }
}

/** Drawing may lag behind, so the text is asked. @param {Chat.Message} message */
function hasPictures({ text, content_type }) {
  return text.includes("![") || content_type !== "text";
}

customElements.define("answer-tools", AnswerTools);
