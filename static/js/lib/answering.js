/** The commands of one card (docs/protocol.md, "HTTP"): answer, change, draft, upload. */

import { TAB } from "./card-drafts.js";
import { failureFrom } from "./commands.js";
import { csrfToken } from "./csrf.js";
import { pathOf } from "./opening.js";
import { createUpload } from "./uploading.js";

/**
 * Where a card stands.
 * @typedef {object} Place
 * @property {string} conversation uuid
 * @property {{id: string, state: Chat.TurnState, actions: Chat.Action[]}} turn a Chat.Turn fits
 * @property {Chat.Page} page
 * @property {(turn: Chat.Turn) => void} took hears the turn as a command left it
 *
 * @typedef {{outputs?: Record<string, string>, declined?: Record<string, string>, allow?: string[]}} Answer
 */

/** What a tab believed and the server knows better. */
const STALE = new Set(["not_waiting", "expired", "not_found"]);

/** The same answer again is the same: after a lost reply it may simply be sent once more. @param {Place} place @param {Answer} answer */
export function sendAnswer(place, answer) {
  return command(place, `turns/${place.turn.id}/answer/`, answer);
}

/** @param {Place} place @param {string} action */
export function openAgain(place, action) {
  return command(place, `actions/${action}/change/`, {});
}

/** @param {Place} place @param {string} path @param {object} body */
async function command(place, path, body) {
  try {
    const { turn } = await place.page.commands.post(pathOf(place.conversation) + path, body);
    place.took(turn);
  } catch (error) {
    if (STALE.has(failureFrom(error).reason)) await learn(place);
    throw error;
  }
}

/** Shows what is so now. @param {Place} place */
async function learn({ conversation, turn, page, took }) {
  try {
    const { turns } = await page.commands.get(pathOf(conversation));
    const found = turns.find((/** @type {Chat.Turn} */ one) => one.id === turn.id);
    if (found) took(found);
  } catch (error) {
    console.warn("the turn could not be fetched", failureFrom(error)); // the refusal itself is shown
  }
}

/** @param {Place} place @param {string} action @param {Record<string, any>} draft */
export function keepDraft({ conversation, page }, action, draft) {
  return page.commands.post(draftPath(conversation, action), { draft, tab: TAB });
}

/** From a page that is going away: the request outlives it. @param {Place} place @param {string} action @param {Record<string, any>} draft */
export function leaveDraft({ conversation }, action, draft) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  const body = JSON.stringify({ draft, tab: TAB });
  // What is too large for this (64 KB) is in this tab's storage.
  fetch(draftPath(conversation, action), { method: "POST", keepalive: true, credentials: "same-origin", headers, body }).catch(() => {});
}

/** @param {string} conversation @param {string} action */
function draftPath(conversation, action) {
  return `${pathOf(conversation)}actions/${action}/draft/`;
}

/** @param {Place} place @returns {import("./uploading.js").Upload} */
export function uploadTo({ conversation }) {
  return createUpload({ path: `${pathOf(conversation)}files/`, csrfToken });
}
