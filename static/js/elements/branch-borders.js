/** Where a branch begins in the log, and where its bot's memory does. Only branches fetch it. */

import { borderOf } from "../lib/branching.js";
import { BranchDivider } from "./branch-divider.js";

export class BranchBorders {
  /** @type {Map<string, BranchDivider>} by the turn below */
  #dividers = new Map();

  /**
   * @param {Chat.State} state
   * @param {Chat.Turn} turn
   * @param {Chat.Turn | undefined} before
   * @returns {HTMLElement[]} what stands between them
   */
  between(state, turn, before) {
    const source = state.conversation?.branch_of ?? null;
    const isFirst = before === undefined && !state.hasOlder && turn.copied === "" && source !== null;
    const kind = isFirst ? "branch" : borderOf(turn, before);
    if (kind === "") return [];
    const divider = this.#dividers.get(turn.id) ?? new BranchDivider();
    this.#dividers.set(turn.id, divider);
    divider.show(kind, source, before?.copied === "forgotten" && before.section === turn.section);
    return [divider];
  }
}
