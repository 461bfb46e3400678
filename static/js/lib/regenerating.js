/** Asks the last question of a conversation once more. "Retry" of a turn that failed is another thing. */

import { CommandFailed, failureFrom } from "./commands.js";
import { newId } from "./new-id.js";
import { canRegenerate } from "./versions.js";

/** Client ids by turn: pressing twice, or again after a lost answer, asks once. @type {Map<string, string>} */
const ids = new Map();

/**
 * @param {Pick<Chat.Page, "store" | "commands">} page
 * @param {Chat.Turn} turn
 * @returns {Promise<void>} throws a CommandFailed
 */
export async function regenerate({ store, commands }, turn) {
  const clientId = ids.get(turn.id) ?? newId();
  ids.set(turn.id, clientId);
  const answer = await commands.post(`/c/${turn.conversation}/turns/${turn.id}/regenerate/`, { client_id: clientId });
  ids.delete(turn.id);
  store.dispatch({ type: "turn_loaded", turn: answer.turn, at: Date.now() });
}

/**
 * For the keyboard.
 * @param {Pick<Chat.Page, "store" | "commands">} page
 * @returns {Promise<Chat.Failure | null>}
 */
export async function regenerateLast(page) {
  const state = page.store.get();
  const last = state.turns.at(-1);
  try {
    if (!last || !canRegenerate(state, last)) throw new CommandFailed({ reason: "not_last", sentence: "", advice: "", fields: {}, status: 0 });
    await regenerate(page, last);
    return null;
  } catch (error) {
    return failureFrom(error);
  }
}
