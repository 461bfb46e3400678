/** <raw-content>: what the bot really sent, for operators, where the page shows a summary of it (M-018). */

import { parsed } from "../lib/other-content.js";
import { make } from "../lib/make.js";

export class RawContent extends HTMLElement {
  #shown = "";

  /** @param {Chat.AnswerPlace} place */
  show({ message, page }) {
    this.hidden = !page.store.get().user?.is_operator || message.content_type === "text" || message.content_type === "";
    if (this.hidden || this.#shown === message.text) return;
    this.#shown = message.text;
    const value = parsed(message.text);
    const json = value === undefined ? message.text : JSON.stringify(value, null, 2);
    const label = make("summary", {}, interpolate(gettext("As it was sent (%(type)s)"), { type: message.content_type }, true));
    this.replaceChildren(make("details", { class: "raw" }, label, make("pre", { dir: "ltr", tabindex: "0" }, json)));
  }
}

customElements.define("raw-content", RawContent);
