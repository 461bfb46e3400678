/**
 * What a screen reader is told of a conversation (M-108): where an answer begins and ends and that a card waits, never
 * the words as they come. Pure.
 */

import { titleOf } from "./action-titles.js";
import { isWanted } from "./waiting.js";

const MOVING = ["running", "resuming", "recovering"];

/**
 * @param {Chat.State} before
 * @param {Chat.State} state
 * @param {string} language of the page
 * @returns {string} "" for nothing worth a word
 */
export function announcement(before, state, language) {
  const changed = state.turns.findLast((turn) => stateBefore(before, turn) !== phaseOf(turn.state));
  return changed && isWatched(before, state) ? wordsOf(changed, language) : "";
}

/** Another conversation that was opened is read by who opened it; a first question makes its own. @param {Chat.State} before @param {Chat.State} state */
function isWatched(before, state) {
  return before.conversation?.id === state.conversation?.id || (before.conversation === null && before.pending.some((one) => one.conversation === null));
}

/** @param {Chat.State} before @param {Chat.Turn} turn @returns {string} a turn nobody knew was asked just now, here or elsewhere; older ones are paging */
function stateBefore(before, turn) {
  const known = before.turns.find((one) => one.id === turn.id);
  if (known) return phaseOf(known.state);
  const isNew = before.turns.every((one) => one.ordinal < turn.ordinal) && before.isFollowing;
  return isNew || before.pending.some((one) => one.clientId === turn.client_id) ? "queued" : phaseOf(turn.state);
}

/** @param {Chat.TurnState} state */
function phaseOf(state) {
  return MOVING.includes(state) ? "moving" : state;
}

/** @param {Chat.Turn} turn @param {string} language */
function wordsOf(turn, language) {
  switch (turn.state) {
    case "running": case "resuming": case "recovering": return gettext("The bot is answering.");
    case "completed": return readyWords(turn);
    case "waiting": return waitingWords(turn, language);
    case "canceled": return turn.is_withdrawn ? "" : gettext("Stopped.");
    default: return ""; // a fault is an alert of its own
  }
}

/** @param {Chat.Turn} turn */
function readyWords({ messages }) {
  const count = messages.reduce((sum, { text }) => sum + paragraphsIn(text), 0);
  return interpolate(ngettext("The answer is ready: %(count)s paragraph.", "The answer is ready: %(count)s paragraphs.", count), { count }, true);
}

/** @param {Chat.Turn} turn @param {string} language */
function waitingWords({ actions }, language) {
  const open = actions.filter(isWanted);
  const [only] = open;
  if (open.length === 1 && only) return interpolate(gettext("A card waits for you: %(title)s"), { title: titleOf(only, language).slice(0, 120) }, true);
  return interpolate(ngettext("%(count)s card waits for you.", "%(count)s cards wait for you.", open.length), { count: open.length }, true);
}

/** @param {string} markdown @returns {number} paragraphs, and what stands like one: a list, a table, a block of code */
export function paragraphsIn(markdown) {
  let count = 0;
  let isInside = false;
  let fence = "";
  for (const line of markdown.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (!isInside && line.trim()) count += 1;
    isInside = fence !== "" || line.trim() !== "";
    if (fence && mark.startsWith(fence)) fence = "";
    else if (!fence) fence = mark;
  }
  return count;
}
