/** Puts a page of older turns into the log some at a time, the newest first, so that the page stays quick. Knows no document. */

import { questionsOf } from "./versions.js";

const PORTION = 5;

/**
 * @param {Chat.Turn[]} turns by ordinal
 * @returns {Chat.Turn[][]} from the newest backwards; a question and its versions stay together
 */
export function portionsOf(turns) {
  /** @type {Chat.Turn[][]} */
  const portions = [[]];
  for (const versions of questionsOf(turns).toReversed()) {
    const last = /** @type {Chat.Turn[]} */ (portions.at(-1));
    if (last.length < PORTION) last.unshift(...versions);
    else portions.push(versions);
  }
  return portions;
}

/**
 * Ends early when something else was loaded or opened meanwhile: no gap may come between what is there and what is put in.
 * @param {Chat.Store} store
 * @param {Omit<Extract<Chat.Change, {type: "older_loaded"}>, "type">} loaded above the store's first turn
 * @param {() => Promise<void>} pause
 */
export async function putInOlder(store, { conversation, turns, has_older }, pause) {
  const portions = portionsOf(turns);
  for (const [index, portion] of portions.entries()) {
    const isLast = index === portions.length - 1;
    store.dispatch({ type: "older_loaded", conversation, turns: portion, has_older: has_older || !isLast });
    const first = store.get().turns[0];
    if (isLast) return;
    await pause();
    if (store.get().turns[0]?.id !== first?.id) return;
  }
}
