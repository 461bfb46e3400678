/** Versions of a question: turns of which each replaces the one before (docs/protocol.md, rule 5). Knows no document. */

import { isLive } from "./turns.js";

/**
 * @param {Chat.Turn[]} turns by ordinal
 * @returns {Chat.Turn[][]} each question with all its versions, the oldest first
 */
export function questionsOf(turns) {
  /** @type {Chat.Turn[][]} */
  const questions = [];
  for (const turn of turns) {
    const before = questions.at(-1);
    if (before && turn.replaces !== null && before.at(-1)?.id === turn.replaces) before.push(turn);
    else questions.push([turn]);
  }
  return questions;
}

/** @param {Chat.Turn[]} turns @param {string} id @returns {Chat.Turn[]} all versions of the question that a turn is one of */
export function versionsOf(turns, id) {
  return questionsOf(turns).find((versions) => versions.some((turn) => turn.id === id)) ?? [];
}

/** Which version of each question stands in the log: the last, unless the reader turned back and none came since. */
export class Turned {
  /** @type {Map<string, {id: string, count: number}>} by the first version */
  #back = new Map();

  /** @param {Chat.Turn[]} versions @param {string} id the one to show */
  to(versions, id) {
    const first = versions[0];
    if (first) this.#back.set(first.id, { id, count: versions.length });
  }

  /** @param {Chat.Turn[]} versions at least one @returns {Chat.Turn} */
  shown(versions) {
    const last = /** @type {Chat.Turn} */ (versions.at(-1));
    const back = this.#back.get(versions[0]?.id ?? "");
    return (back?.count === versions.length && versions.find((turn) => turn.id === back.id)) || last;
  }
}

/**
 * Whether the bot can be asked for another answer: only to what was asked last, once it is over.
 * @param {Pick<Chat.State, "turns" | "pending" | "conversation">} state
 * @param {Chat.Turn} turn
 */
export function canRegenerate({ turns, pending, conversation }, turn) {
  if (turn.copied) return false;
  const isHere = conversation !== null && conversation.id === turn.conversation;
  if (!isHere || !conversation.can_ask || conversation.section !== turn.section) return false;
  const isLast = turns.at(-1)?.id === turn.id && pending.every((one) => one.conversation !== turn.conversation);
  return isLast && turn.state !== "queued" && !isLive(turn);
}
