/** How tool calls and questions are put into words. Pure, but for the document's language, which callers give. */

export { titleOf } from "./action-titles.js";
import { titleOf } from "./action-titles.js";
import { treeOf } from "./arguments.js";
import { isOpen } from "./waiting.js";

/**
 * What a card looks like: its state, and "refused" for an answer that came back.
 * @typedef {Chat.ActionState | "refused"} Look
 */

/** @param {Chat.Action} action @returns {Look} */
export function lookOf(action) {
  return isOpen(action) && action.refusal ? "refused" : action.state;
}

/** @param {Look} look */
export function lookWords(look) {
  switch (look) {
    case "pending": return gettext("waiting for you");
    case "ready": return gettext("answer saved");
    case "submitting": return gettext("submitting");
    case "answered": return gettext("answered");
    case "declined": return gettext("declined");
    case "refused": return gettext("not accepted");
    case "expired": return gettext("expired");
    case "canceled": return gettext("canceled");
    case "superseded": return gettext("no longer needed");
  }
}

/** @param {Look} look @returns {import("./glyphs.js").Glyph} */
export function lookGlyph(look) {
  return look === "pending" ? "waiting" : look;
}

/** A name for who cannot see the card: begins "Tool call" or "Question". @param {Chat.Action} action @param {string} language */
export function nameOf(action, language) {
  const values = { title: shortened(titleOf(action, language), 80), state: lookWords(lookOf(action)) };
  if (action.kind === "tool_call") return interpolate(gettext("Tool call: %(title)s, %(state)s"), values, true);
  return interpolate(gettext("Question: %(title)s, %(state)s"), values, true);
}

/** @param {Chat.Action} action @param {Chat.Action[]} actions of the turn @returns {string} "Step 2 · 1 of 2 ready", or "" */
export function placeWords(action, actions) {
  const round = actions.filter((one) => one.round === action.round);
  const parts = [];
  if (action.round > 1) parts.push(interpolate(gettext("Step %(number)s"), { number: action.round }, true));
  if (round.length > 1 && isOpen(action)) {
    const ready = round.filter((one) => one.state !== "pending").length;
    parts.push(interpolate(gettext("%(ready)s of %(count)s ready"), { ready, count: round.length }, true));
  }
  return parts.join(" · ");
}

/** @param {Chat.Action} action @returns {string} what was answered, in one line */
export function answerWords(action) {
  if (action.decision === "declined") return action.reason;
  if (action.tool?.mode === "approve" && action.decision !== "auto") return gettext("approved");
  if (action.question?.link && action.output === "") return gettext("signed in");
  const tree = treeOf(action.output);
  if (tree.kind === "text") return shortened(action.output, 200);
  if (tree.kind === "list" && tree.entries.every(({ value }) => value.kind === "leaf")) return listed(tree.entries.map(({ value }) => leafWords(value)));
  if (tree.kind !== "map") return shortened(leafWords(tree), 200);
  return shortened(tree.entries.map(({ name, value }) => labelled(name, leafWords(value))).join(" · "), 200);
}

/** One word of a name and what belongs to it, with the language's own colon. @param {string} name @param {string} value */
export function labelled(name, value) {
  return interpolate(gettext("%(name)s: %(value)s"), { name, value }, true);
}

/** A list in the language's own punctuation. @param {string[]} parts */
export function listed(parts) {
  return parts.length ? parts.reduce((before, last) => interpolate(gettext("%(before)s, %(last)s"), { before, last }, true)) : "";
}

/** A decline and why, where somebody said it. @param {string} reason */
export function declinedWords(reason) {
  return reason ? interpolate(gettext("declined: %(reason)s"), { reason }, true) : lookWords("declined");
}

/** @param {import("./arguments.js").Tree} tree */
function leafWords(tree) {
  return tree.kind === "leaf" || tree.kind === "text" ? tree.text : "…";
}

/** @param {Chat.Action} action @returns {string} who answered, and from where; "" when nobody did */
export function whoWords(action) {
  if (action.decision === "auto") return gettext("Answered by a rule");
  if (!action.answered_by) return "";
  const values = { name: action.answered_by, device: action.device };
  return action.device ? interpolate(gettext("%(name)s, on %(device)s"), values, true) : action.answered_by;
}

/** @param {NonNullable<Chat.Action["attempt"]>} attempt */
export function attemptWords({ number, of }) {
  if (of === null) return interpolate(gettext("Attempt %(number)s"), { number }, true);
  return interpolate(gettext("Attempt %(number)s of %(of)s"), { number, of }, true);
}

/** @param {Chat.Action} action @returns {boolean} after this attempt the run fails */
export function isLastAttempt({ attempt }) {
  return attempt !== null && attempt.of !== null && attempt.number >= attempt.of;
}

/** What a field takes, for who missed it. @param {Chat.Field} field */
export function typeWords({ type }) {
  switch (type) {
    case "integer": return gettext("a whole number");
    case "number": case "float": return gettext("a number");
    case "boolean": return gettext("yes or no");
    case "time": return gettext("a date and a time");
    case "array": case "list": return gettext("a list");
    case "object": return gettext("several values");
    case "string": return gettext("words");
    default: return gettext("a file");
  }
}

/** Why an answered card has no more buttons, or an unanswered one is over. @param {Chat.Action} action */
export function endWords(action) {
  switch (action.state) {
    case "expired": return gettext("Nobody answered in time.");
    case "canceled": return gettext("The run was stopped before this was answered.");
    case "superseded": return gettext("The run went on without this answer.");
    default: return "";
  }
}

/** @param {string} text @param {number} most characters */
export function shortened(text, most) {
  const line = text.trim().replace(/\s+/g, " ");
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}
