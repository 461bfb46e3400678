/** Stop: the text freezes at once, the server is told how much was seen (M-002). */

import { failureFrom } from "./commands.js";

/**
 * @param {Chat.Turn} turn
 * @returns {{shown: Record<string, number>, thought: Record<string, number>}} UTF-16 units by message
 */
export function shownOf(turn) {
  return {
    shown: Object.fromEntries(turn.messages.map((message) => [message.id, message.text.length])),
    thought: Object.fromEntries(turn.messages.map((message) => [message.id, message.reasoning.length])),
  };
}

/**
 * @param {Chat.Store} store
 * @param {Chat.Commands} commands
 * @param {string} id
 * @returns {Promise<Chat.Failure | null>} why it did not work
 */
export async function stopTurn(store, commands, id) {
  const turn = store.get().turns.find((one) => one.id === id);
  if (!turn || store.get().stopping.includes(id)) return null;
  store.dispatch({ type: "stopped_locally", turn: id });
  try {
    const answer = await commands.post(`/c/${turn.conversation}/turns/${id}/stop/`, shownOf(turn));
    store.dispatch({ type: "turn_loaded", turn: answer.turn, at: Date.now() });
    return null;
  } catch (error) {
    store.dispatch({ type: "stop_failed", turn: id });
    return failureFrom(error);
  }
}
