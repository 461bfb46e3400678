/**
 * The one store of a tab. Elements read it, never write it: they dispatch changes.
 *
 *     const store = createStore(stateFromPage(pageState));      // reducer.js
 *     const unsubscribe = store.subscribe((state, change) => …);
 *     store.dispatch({ type: "stopped_locally", turn: id });
 *
 * Changes are the server's frames as they are, and the tab's own (Chat.LocalChange in types.d.ts). `state` is
 * never altered in place: what did not change is the same object as before, so elements compare by identity.
 */

import { reduce } from "./reducer.js";

/**
 * @param {Chat.State} initialState
 * @returns {Chat.Store}
 */
export function createStore(initialState) {
  let state = initialState;
  /** @type {Set<(state: Chat.State, change: Chat.Change) => void>} */
  const listeners = new Set();
  /** @type {Chat.Change[]} */
  const waiting = [];
  let isBusy = false;

  /** A change dispatched by a listener waits until every listener has seen the one before it. */
  function drain() {
    for (let change = waiting.shift(); change; change = waiting.shift()) {
      state = reduce(state, change);
      for (const listener of [...listeners]) listener(state, change);
    }
  }

  return {
    get: () => state,
    dispatch(change) {
      waiting.push(change);
      if (isBusy) return;
      isBusy = true;
      try {
        drain();
      } finally {
        isBusy = false;
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
