/** Which questions wait behind another, and why. Knows no document. */

/**
 * Questions to show above the composer. One that was just asked and is about to start is not waiting.
 * @param {Chat.Turn[]} turns
 * @returns {Chat.Turn[]}
 */
export function waitingQuestions(turns) {
  const isTaken = turns.some((turn) => ["running", "waiting", "resuming", "recovering"].includes(turn.state));
  const queued = turns.filter((turn) => turn.state === "queued");
  return queued.filter((turn, index) => isTaken || turn.is_held || turn.is_busy || index > 0);
}

/**
 * @param {Chat.Turn[]} turns
 * @returns {"" | "held" | "busy"} why the first of them does not start by itself
 */
export function holdOf(turns) {
  if (turns.some((turn) => turn.is_held)) return "held";
  return turns.some((turn) => turn.is_busy) ? "busy" : "";
}
