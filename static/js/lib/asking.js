/**
 * Sends questions in the order they were asked. A question keeps its client id whatever happens, so that sending
 * it again cannot ask twice (M-005). What failed for want of a network goes out by itself when the tab is back.
 */

import { failureFrom } from "./commands.js";
import { newId } from "./new-id.js";

/**
 * Fields of the command beside the words (docs/protocol.md).
 * @typedef {{parameters?: Record<string, unknown>, shortcut?: {id: string, values: Record<string, unknown>}, asked?: Record<string, Record<string, unknown>>}} Extra
 *   start values of a workflow; the shortcut command that makes the question; what a bot asks before a conversation
 */

export class Asking {
  #store;
  #commands;
  #failed;
  /** @type {Promise<void>} */
  #tail = Promise.resolve();
  /** @type {Map<string, Extra>} by client id: what is sent with the words */
  #extras = new Map();
  /** @type {Set<string>} client ids of questions that stop what runs, or waits */
  #atOnce = new Set();

  /** @type {Set<string>} client ids of questions that the server keeps as drafts until they are sent */
  #drafted = new Set();

  /**
   * @param {Chat.Store} store
   * @param {Chat.Commands} commands
   * @param {(failure: Chat.Failure) => void} [failed] hears why a question could not overtake; it waits in the queue
   */
  constructor(store, commands, failed = () => {}) {
    this.#store = store;
    this.#commands = commands;
    this.#failed = failed;
    store.subscribe((state, change) => {
      if (change.type === "welcome") this.#retryUnsent();
      if (this.#atOnce.size > 0) this.#sendAtOnce(state.turns);
    });
  }

  /**
   * @param {string} text
   * @param {string | null} bot who is asked, where no conversation is open
   * @param {Extra & {isAtOnce?: boolean, files?: Chat.Attachment[], isDraft?: boolean}} [how] what goes with it; whether
   *   the turn before it is stopped; whether it is what the composer kept
   */
  ask(text, bot, { isAtOnce = false, files = [], isDraft = false, ...extra } = {}) {
    const clientId = newId();
    const conversation = this.#store.get().conversation?.id ?? null;
    this.#extras.set(clientId, extra);
    if (isAtOnce) this.#atOnce.add(clientId);
    if (isDraft) this.#drafted.add(clientId);
    this.#store.dispatch({ type: "sent", clientId, conversation, bot, text, files, parameters: extra.parameters, at: Date.now() });
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
    this.#extras.delete(clientId);
    this.#atOnce.delete(clientId);
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
      this.#extras.delete(clientId);
    } catch (error) {
      this.#store.dispatch({ type: "send_failed", clientId, failure: failureFrom(error) });
    }
  }

  /** @param {Chat.Pending} pending @param {string} conversation */
  async #askIn(pending, conversation) {
    const { clientId, text } = pending;
    const { turn } = await this.#commands.post(`/c/${conversation}/ask/`, { client_id: clientId, text, ...this.#with(pending) });
    this.#store.dispatch({ type: "turn_loaded", turn, at: Date.now() });
  }

  /** @param {Chat.Pending} pending the question's client id names the new conversation as well */
  async #begin(pending) {
    const { clientId, bot, text } = pending;
    const body = { bot, client_id: clientId, turn_client_id: clientId, text, ...this.#with(pending) };
    const { conversation, turn } = await this.#commands.post("/conversations/", body);
    this.#store.dispatch({ type: "begun", clientId, conversation, turn, at: Date.now() });
  }

  /** @param {Chat.Pending} pending */
  #with({ clientId, files }) {
    return { ...this.#extras.get(clientId), ...(files.length && { files: files.map(({ id }) => id) }), ...(this.#drafted.has(clientId) && { from_draft: true }) };
  }

  /** However the server's word came, by answer or by socket. @param {Chat.Turn[]} turns */
  #sendAtOnce(turns) {
    for (const turn of turns) {
      if (!this.#atOnce.delete(turn.client_id) || turn.state !== "queued") continue;
      void this.#sendNow(turn);
    }
  }

  /** @param {Chat.Turn} queued */
  async #sendNow({ conversation, id }) {
    try {
      const { turn } = await this.#commands.post(`/c/${conversation}/turns/${id}/send-now/`);
      this.#store.dispatch({ type: "turn_loaded", turn, at: Date.now() });
    } catch (error) {
      const failure = failureFrom(error);
      if (failure.reason !== "not_queued") this.#failed(failure); // it runs already: what was before it ended by itself
    }
  }
}
