/**
 * Puts the tools below the answers of a turn. The row takes its room with the answer, so that nothing moves; what is
 * in it comes with its code, which a first visit does not fetch.
 */

import { enableStyle } from "../lib/styles.js";

/** @typedef {import("./answer-tools.js").AnswerTools} AnswerTools */
/** @typedef {{turn: Chat.Turn, isLastTurn: boolean, page: Chat.Page}} Around */

let isThere = false;

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers by message @param {Around} around */
export function showTools(answers, around) {
  if (isThere) return showAll(answers, around);
  if (around.turn.messages.some(({ state }) => state !== "streaming")) void showOnceThere(answers, around);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {Around} around */
async function showOnceThere(answers, around) {
  try {
    await import("./answer-tools.js");
  } catch (error) {
    return console.warn("the tools of answers could not be loaded", error); // the next frame tries again
  }
  enableStyle("answer");
  isThere = true;
  showAll(answers, around);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {Around} around */
function showAll(answers, { turn, isLastTurn, page }) {
  for (const [index, message] of turn.messages.entries()) {
    const row = answers.get(message.id)?.tools;
    if (!row) continue;
    customElements.upgrade(row);
    const isLastAnswer = index === turn.messages.length - 1;
    /** @type {AnswerTools} */ (row).show({ message, turn, isLastTurn, isLastAnswer, page });
  }
}
