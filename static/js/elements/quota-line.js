/**
 * <quota-line>: a quiet line at the composer once a quota is nearly used up, and why nothing can be asked once it is.
 * The server counts and words it; it is asked again when the bot changes, and when a turn begins or ends.
 */

import { createStanding } from "../lib/standing.js";

export class QuotaLine extends HTMLElement {
  /** @param {Chat.Page} page */
  set page(page) {
    const standing = createStanding(
      (bot) => page.commands.get(`/bots/${bot}/quota/`),
      (line) => this.#show(line),
      (again, ms) => void setTimeout(again, ms),
    );
    const look = (isNews = false) => standing.look(this.#bot(page.store.get()), page.store.get().turns, isNews);
    page.store.subscribe((_, { type }) => {
      if (type !== "delta") look(type === "notice"); // of another conversation, which counts as well
    });
    document.addEventListener("choose-bot", () => look());
    look();
  }

  /** Who would be asked now. @param {Chat.State} state @returns {string | null} */
  #bot(state) {
    return state.conversation ? state.conversation.bot : chosenBot();
  }

  /** @param {import("../lib/standing.js").Line | null} line */
  #show(line) {
    this.hidden = line === null;
    this.toggleAttribute("data-reached", line?.is_reached === true);
    const words = line?.sentence ?? "";
    if (this.textContent !== words) this.textContent = words;
  }
}

/** A browser looks through the whole document for what belongs to a form: only where nothing is open. @returns {string | null} */
function chosenBot() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#composer"));
  const chosen = form && new FormData(form).get("bot");
  return typeof chosen === "string" ? chosen : null;
}

customElements.define("quota-line", QuotaLine);
