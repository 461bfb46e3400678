/** Moves between conversations without loading the page anew. */

import { failureFrom } from "./commands.js";

const PATH = /^\/c\/([0-9a-f-]{36})\/$/;

/** @param {string | null} id @returns {string} */
export function pathOf(id) {
  return id === null ? "/" : `/c/${id}/`;
}

/** @param {string} path @returns {string | null} null for the start screen */
export function idOf(path) {
  return PATH.exec(path)?.[1] ?? null;
}

export class Opening {
  #store;
  #commands;
  /** Counts openings: an answer that comes after the next click is not wanted any more. */
  #turnstile = 0;

  /** @param {Chat.Store} store @param {Chat.Commands} commands */
  constructor(store, commands) {
    this.#store = store;
    this.#commands = commands;
  }

  /**
   * @param {string | null} id
   * @returns {Promise<Chat.Failure | null>} why it did not work
   */
  async open(id) {
    this.#turnstile += 1;
    const ticket = this.#turnstile;
    if (id === null) {
      this.#store.dispatch({ type: "conversation_opened", conversation: null, turns: [], has_older: false });
      return null;
    }
    try {
      const { conversation, turns, has_older } = await this.#commands.get(pathOf(id));
      if (ticket === this.#turnstile) {
        this.#store.dispatch({ type: "conversation_opened", conversation, turns, has_older, at: Date.now() });
      }
      return null;
    } catch (error) {
      return failureFrom(error);
    }
  }
}
