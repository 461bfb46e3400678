/** Branches of a conversation: when a question can be changed, what is said about memory, and the cut in the log. Knows no document. */

import { newId } from "./new-id.js";

/**
 * @param {Pick<Chat.State, "conversation" | "bots">} state
 * @param {Chat.Turn} turn
 * @returns {boolean} a run has no history, and what is queued is changed where it waits
 */
export function canBranch({ conversation, bots }, turn) {
  if (conversation?.id !== turn.conversation || !conversation.can_ask || turn.state === "queued") return false;
  const bot = bots.find((one) => one.id === conversation.bot);
  return bot !== undefined && bot.kind !== "workflow";
}

/**
 * @param {Pick<Chat.State, "conversation" | "bots" | "turns" | "hasOlder">} state
 * @param {Chat.Turn} turn
 * @returns {string} what the bot of a branch will know, said before there is one; "" where nothing was before
 */
export function memoryWords({ conversation, bots, turns, hasOlder }, turn) {
  if (!hasOlder && !turns.some((one) => one.ordinal < turn.ordinal && one.id !== turn.replaces)) return "";
  const most = bots.find((one) => one.id === conversation?.bot)?.branch_memory ?? 0;
  if (most === 0) return gettext("The bot will not remember what was said before.");
  const words = ngettext("The bot remembers the last %(count)s message before it.", "The bot remembers the last %(count)s messages before it.", most);
  return interpolate(words, { count: most }, true);
}

/**
 * @param {Chat.Turn} turn
 * @param {Chat.Turn | undefined} before
 * @returns {"" | "cut" | "branch"} what stands between them: where memory begins, or where the branch does
 */
export function borderOf(turn, before) {
  if (!before?.copied) return "";
  if (turn.copied === "") return "branch";
  const isCut = before.copied === "forgotten" && turn.copied === "remembered" && before.section === turn.section;
  return isCut ? "cut" : "";
}

/** Client ids by wording: saving twice, or again after a lost answer, makes one branch. */
export class BranchIds {
  #text = "";
  #id = newId();

  /** @param {string} text */
  of(text) {
    if (text !== this.#text) [this.#text, this.#id] = [text, newId()];
    return this.#id;
  }
}
