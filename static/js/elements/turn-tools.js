/**
 * Puts the tools below the question and the answers of a turn. The row takes its room with the answer, so that nothing
 * moves; what is in it comes with its code, which a first visit does not fetch.
 */

import { enableStyle } from "../lib/styles.js";

/** @typedef {import("./answer-tools.js").AnswerTools} AnswerTools */
/** @typedef {import("./answer-versions.js").AnswerVersions} AnswerVersions */
/** @typedef {import("./question-tools.js").QuestionTools} QuestionTools */
/** @typedef {{question: HTMLElement, versions: HTMLElement}} Rows below the question; where no answer has a row of its own */
/** @typedef {{turn: Chat.Turn, isLastTurn: boolean, page: Chat.Page}} Around */

let isThere = false;
/** What was last to be shown: of several calls that wait for the code, the first may be the last to get it. @type {WeakMap<Rows, Around>} */
const latest = new WeakMap();

/**
 * @param {Map<string, import("./chat-message.js").ChatMessage>} answers by message
 * @param {Rows} rows
 * @param {Around} around
 */
export function showTools(answers, rows, around) {
  latest.set(rows, around);
  if (isThere) return showLatest(answers, rows);
  const { turn } = around;
  const isWanted = turn.replaces !== null || turn.messages.some(({ state }) => state !== "streaming");
  if (isWanted) void showOnceThere(answers, rows);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {Rows} rows */
async function showOnceThere(answers, rows) {
  try {
    await Promise.all([import("./answer-tools.js"), import("./question-tools.js")]);
  } catch (error) {
    return console.warn("the tools of answers could not be loaded", error); // the next frame tries again
  }
  enableStyle("answer");
  isThere = true;
  showLatest(answers, rows);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {Rows} rows */
function showLatest(answers, rows) {
  const around = latest.get(rows);
  latest.delete(rows);
  if (around) showAll(answers, rows, around);
}

/** @param {Map<string, import("./chat-message.js").ChatMessage>} answers @param {Rows} rows @param {Around} around */
function showAll(answers, rows, { turn, isLastTurn, page }) {
  const last = turn.messages.at(-1);
  customElements.upgrade(rows.question);
  customElements.upgrade(rows.versions);
  /** @type {QuestionTools} */ (rows.question).show({ turn, page });
  /** @type {AnswerVersions} */ (rows.versions).show({ turn, isLastAnswer: !last || last.state === "streaming", page });
  for (const [index, message] of turn.messages.entries()) {
    const row = answers.get(message.id)?.tools;
    if (!row) continue;
    customElements.upgrade(row);
    const isLastAnswer = index === turn.messages.length - 1;
    /** @type {AnswerTools} */ (row).show({ message, turn, isLastTurn, isLastAnswer, page });
  }
}
