/** Moves between conversations without loading the page anew. */

import { failureFrom } from "./commands.js";

const PATH = /^\/c\/([0-9a-f-]{36})\/$/;

/** @param {string | null} id @param {string | null} [turn] to show, in the middle of a long conversation @returns {string} */
export function pathOf(id, turn = null) {
  return id === null ? "/" : `/c/${id}/${turn ? `?turn=${turn}` : ""}`;
}

/** @param {string} search of an address @returns {string | null} the turn it leads to */
export function turnOf(search) {
  return new URLSearchParams(search).get("turn");
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
   * @param {string | null} [turn] the newest turns as far back as this one
   * @returns {Promise<Chat.Failure | null>} why it did not work
   */
  async open(id, turn = null) {
    this.#turnstile += 1;
    const ticket = this.#turnstile;
    if (id === null) {
      this.#store.dispatch({ type: "conversation_opened", conversation: null, turns: [], has_older: false });
      return null;
    }
    try {
      const { conversation, turns, has_older, draft } = await this.#commands.get(pathOf(id, turn));
      if (ticket === this.#turnstile) {
        this.#store.dispatch({ type: "conversation_opened", conversation, turns, has_older, draft, at: Date.now() });
      }
      return null;
    } catch (error) {
      return failureFrom(error);
    }
  }
}
