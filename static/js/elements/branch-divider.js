/** <branch-divider>: where a branch begins, with a link back, or where its bot's memory does (M-008). */

import { make } from "../lib/make.js";
import { branchLink } from "./branch-link.js";

export class BranchDivider extends HTMLElement {
  #drawn = "";

  connectedCallback() {
    this.classList.add("divider");
  }

  /** @param {"cut" | "branch"} kind @param {Chat.Branch | null} source @param {boolean} isForgotten nothing above is remembered */
  show(kind, source, isForgotten) {
    const drawn = JSON.stringify([kind, source, isForgotten]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (kind === "cut") return this.replaceChildren(gettext("The bot remembers from here on"));
    const from = source ? branchLink(source, gettext("Branch of")) : gettext("Branch of a conversation that is gone");
    const words = make("span", {}, from);
    if (isForgotten) words.append(" — ", gettext("the bot does not remember what is above"));
    this.replaceChildren(words);
  }
}

customElements.define("branch-divider", BranchDivider);
