/** Drafts of questions over this page's own means: commands, a request that outlives the page, its going away. */

import { CommandFailed, NETWORK } from "../lib/commands.js";
import { csrfToken } from "../lib/csrf.js";
import { newId } from "../lib/new-id.js";
import { QuestionDrafts } from "../lib/question-drafts.js";

/**
 * @param {Pick<Chat.Page, "store" | "commands">} page
 * @param {(place: string | null) => void} taken
 */
export function draftKeeper({ store, commands }, taken) {
  const isSignedOut = () => store.get().socket.isSignedOut;
  const drafts = new QuestionDrafts({
    tab: newId(),
    // Nobody would take it; after signing in again it is told from this browser's storage.
    post: (place, body) => (isSignedOut() ? Promise.reject(new CommandFailed(NETWORK)) : commands.post(pathOf(place), body)),
    leave: (place, body) => isSignedOut() || leave(place, body),
    taken,
  });
  window.addEventListener("pagehide", () => drafts.leave());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && drafts.flush());
  return drafts;
}

/** @param {string | null} place @param {object} body */
function leave(place, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  // What is too large for this (64 KB) is in this browser's storage.
  fetch(pathOf(place), { method: "POST", keepalive: true, credentials: "same-origin", headers, body: JSON.stringify(body) }).catch(() => {});
}

/** @param {string | null} place */
function pathOf(place) {
  return place ? `/c/${place}/draft/` : "/draft/";
}
