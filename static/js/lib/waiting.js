/** Cards that wait for a person, as numbers and choices. Knows no document. */

import { CommandFailed } from "./commands.js";
import { liveTurn } from "./turns.js";

/**
 * @typedef {"answer" | "after" | "stop"} Way what becomes of a question that is typed while a card is open (M-062):
 *   it answers the card, it waits behind the turn, or it ends the turn.
 */

/** @param {Chat.Action} action */
export function isOpen(action) {
  return action.state === "pending" || action.state === "ready";
}

/** Nothing was entered yet, or what was entered came back. @param {Chat.Action} action */
export function isWanted(action) {
  return action.state === "pending" || (action.state === "ready" && action.refusal !== null);
}

/** @param {Chat.State} state @returns {Chat.Turn | undefined} the turn on screen that waits for a person */
export function waitingTurn(state) {
  const live = liveTurn(state.turns);
  return live?.state === "waiting" && !state.stopping.includes(live.id) ? live : undefined;
}

/** @param {Chat.Turn} turn @returns {Chat.Action | undefined} the one question that plain words answer */
export function questionForWords(turn) {
  const taking = turn.actions.filter((action) => isWanted(action) && takesWords(action));
  return taking.length === 1 ? taking[0] : undefined;
}

/** @param {Chat.Action} action */
function takesWords({ kind, question }) {
  return kind === "question" && question !== null && !question.link && Object.keys(question.fields).length === 0;
}

/** @param {Chat.Turn} turn @returns {Way[]} what is offered, the likeliest first */
export function waysOf(turn) {
  return questionForWords(turn) ? ["answer", "after", "stop"] : ["after", "stop"];
}

/** @param {Chat.State} state @returns {number} open cards of all conversations; waiting rows all come with the first page */
export function openCards({ conversations, conversation }) {
  const isListed = conversations.some((row) => row.id === conversation?.id);
  const rows = conversation && !isListed ? [...conversations, conversation] : conversations;
  return rows.reduce((sum, row) => sum + row.waiting, 0);
}

/**
 * @param {Chat.State} state
 * @returns {string | null} another conversation with a card, the next one below the open one
 */
export function nextWaiting({ conversations, conversation }) {
  const waiting = conversations.filter((row) => row.waiting > 0);
  const here = waiting.findIndex((row) => row.id === conversation?.id);
  const next = waiting[(here + 1) % waiting.length];
  return next && next.id !== conversation?.id ? next.id : null;
}

/**
 * Answers the one open question with what was typed into the composer.
 * @param {Chat.Store} store
 * @param {Chat.Commands} commands
 * @param {string} text
 * @returns {Promise<void>} throws a CommandFailed
 */
export async function answerInWords(store, commands, text) {
  const turn = waitingTurn(store.get());
  const action = turn && questionForWords(turn);
  if (!turn || !action) throw new CommandFailed({ reason: "not_waiting", sentence: "", advice: "", fields: {}, status: 0 });
  const path = `/c/${turn.conversation}/turns/${turn.id}/answer/`;
  const answer = await commands.post(path, { outputs: { [action.id]: text } });
  store.dispatch({ type: "turn_loaded", turn: answer.turn, at: Date.now() });
}
