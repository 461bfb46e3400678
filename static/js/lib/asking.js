/**
 * Sends questions in the order they were asked. A question keeps its client id whatever happens, so that sending
 * it again cannot ask twice (M-005). What failed for want of a network goes out by itself when the tab is back.
 */

import { failureFrom } from "./commands.js";
import { newId } from "./new-id.js";

export class Asking {
  #store;
  #commands;
  /** @type {Promise<void>} */
  #tail = Promise.resolve();

  /** @param {Chat.Store} store @param {Chat.Commands} commands */
  constructor(store, commands) {
    this.#store = store;
    this.#commands = commands;
    store.subscribe((_, change) => {
      if (change.type === "welcome") this.#retryUnsent();
    });
  }

  /**
   * @param {string} text
   * @param {string | null} bot who is asked, where no conversation is open
   */
  ask(text, bot) {
    const clientId = newId();
    const conversation = this.#store.get().conversation?.id ?? null;
    this.#store.dispatch({ type: "sent", clientId, conversation, bot, text, at: Date.now() });
    this.#line(clientId);
  }

  /** @param {string} clientId of a question that failed */
  retry(clientId) {
    if (this.#pending(clientId)?.state !== "failed") return; // pressed twice
    this.#store.dispatch({ type: "send_retried", clientId });
    this.#line(clientId);
  }

  /** @param {string} clientId */
  drop(clientId) {
    this.#store.dispatch({ type: "send_dropped", clientId });
  }

  #retryUnsent() {
    for (const { clientId, failure } of this.#store.get().pending) {
      if (failure?.reason === "network") this.retry(clientId);
    }
  }

  /** @param {string} clientId one after another: the server must see them in this order */
  #line(clientId) {
    this.#tail = this.#tail.then(() => this.#send(clientId));
  }

  /** @param {string} clientId */
  #pending(clientId) {
    return this.#store.get().pending.find((one) => one.clientId === clientId);
  }

  /** @param {string} clientId */
  async #send(clientId) {
    const pending = this.#pending(clientId);
    if (!pending) return; // the socket was quicker, or it was dropped
    try {
      await (pending.conversation ? this.#askIn(pending, pending.conversation) : this.#begin(pending));
    } catch (error) {
      this.#store.dispatch({ type: "send_failed", clientId, failure: failureFrom(error) });
    }
  }

  /** @param {Chat.Pending} pending @param {string} conversation */
  async #askIn({ clientId, text }, conversation) {
    const { turn } = await this.#commands.post(`/c/${conversation}/ask/`, { client_id: clientId, text });
    this.#store.dispatch({ type: "turn_loaded", turn, at: Date.now() });
  }

  /** @param {Chat.Pending} pending the question's client id names the new conversation as well */
  async #begin({ clientId, bot, text }) {
    const body = { bot, client_id: clientId, turn_client_id: clientId, text };
    const { conversation, turn } = await this.#commands.post("/conversations/", body);
    this.#store.dispatch({ type: "begun", clientId, conversation, turn, at: Date.now() });
  }
}
