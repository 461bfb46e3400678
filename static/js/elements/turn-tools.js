/**
 * Puts the tools below the answers of a turn. The row takes its room with the answer, so that nothing moves; what is
 * in it comes with its code, which a first visit does not fetch.
 */

import { enableStyle } from "../lib/styles.js";

/** @typedef {import("./answer-tools.js").AnswerTools} AnswerTools */
/** @typedef {import("./answer-versions.js").AnswerVersions} AnswerVersions */
/** @typedef {{turn: Chat.Turn, isLastTurn: boolean, page: Chat.Page}} Around */

let isThere = false;

/**
 * @param {Map<string, import("./chat-message.js").ChatMessage>} answers by message
 * @param {HTMLElement} versions turns between versions where no answer can
 * @param {Around} around
 */
export function showTools(answers, versions, around) {
  if (isThere) return showAll(answers, versions, around);
  const { turn } = around;
  const isWanted = turn.replaces !== null || turn.messages.some(({ state }) => state !== "streaming");
  if (isWanted) void showOnceThere(answers, versions, around);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {HTMLElement} versions @param {Around} around */
async function showOnceThere(answers, versions, around) {
  try {
    await import("./answer-tools.js");
  } catch (error) {
    return console.warn("the tools of answers could not be loaded", error); // the next frame tries again
  }
  enableStyle("answer");
  isThere = true;
  showAll(answers, versions, around);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {HTMLElement} versions @param {Around} around */
function showAll(answers, versions, { turn, isLastTurn, page }) {
  const last = turn.messages.at(-1);
  customElements.upgrade(versions);
  /** @type {AnswerVersions} */ (versions).show({ turn, isLastAnswer: !last || last.state === "streaming", page });
  for (const [index, message] of turn.messages.entries()) {
    const row = answers.get(message.id)?.tools;
    if (!row) continue;
    customElements.upgrade(row);
    const isLastAnswer = index === turn.messages.length - 1;
    /** @type {AnswerTools} */ (row).show({ message, turn, isLastTurn, isLastAnswer, page });
  }
}
