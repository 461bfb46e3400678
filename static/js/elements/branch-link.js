/** A link to the other end of a branch: opens it without loading the page anew. */

import { pathOf } from "../lib/opening.js";
import { make } from "../lib/make.js";

/** @param {Chat.Branch} branch @param {string} words before its name @returns {HTMLAnchorElement} */
export function branchLink({ conversation, name }, words) {
  const link = make("a", { class: "branch-link", href: pathOf(conversation) }, words, " ", make("bdi", {}, name || gettext("New chat")));
  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    link.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: { id: conversation, push: true } }));
  });
  return link;
}
