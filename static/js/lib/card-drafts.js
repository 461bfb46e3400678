/**
 * What is half filled in on a card: kept on the server, so that it is on every device, and in this tab until the
 * server has it (M-024). Drafts are plain maps; only cards know what is in them.
 */

import { CommandFailed } from "./commands.js";
import { newId } from "./new-id.js";

/** The name this tab signs its drafts with. */
export const TAB = newId();

const BREATH_MS = 500;
const RETRY_MS = 5_000;
const PREFIX = "chatweb.card.";

/** @typedef {Record<string, any>} Draft */

/**
 * Another tab's draft over this tab's: theirs counts where this tab has typed nothing since both were the same,
 * and never where it is empty. Nothing that was typed is lost.
 * @param {Draft} base what both had
 * @param {Draft} mine
 * @param {Draft} theirs
 * @returns {Draft}
 */
export function merged(base, mine, theirs) {
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return Object.fromEntries([...names].map((name) => [name, one(base[name], mine[name], theirs[name])]).filter(([, value]) => value !== undefined));
}

/** @param {any} base @param {any} mine @param {any} theirs @returns {any} */
function one(base, mine, theirs) {
  if (isMap(mine) && isMap(theirs)) return merged(isMap(base) ? base : {}, mine, theirs);
  const isEmpty = theirs === undefined || theirs === null || theirs === "";
  return !isEmpty && (mine === undefined || mine === "" || isSame(mine, base)) ? theirs : mine;
}

/** @param {unknown} value @returns {value is Draft} */
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} a @param {unknown} b */
function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The draft of one card: the newest goes out half a second after the last key, one at a time, so that the server
 * never has an older one last.
 */
export class CardDraft {
  #outside;
  #key;
  /** @type {Draft | null} not on the server yet */
  #unsent = null;
  /** What the server has: mine or another tab's. @type {Draft} */
  base = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isPosting = false;

  /**
   * @param {string} action its id
   * @param {object} outside
   * @param {(draft: Draft) => Promise<unknown>} outside.post
   * @param {(draft: Draft) => void} outside.leave sends it from a page that is going away
   * @param {() => Pick<Storage, "getItem" | "setItem" | "removeItem">} outside.shelf of this tab; may throw
   */
  constructor(action, outside) {
    this.#outside = outside;
    this.#key = PREFIX + action;
  }

  /** @returns {Draft | null} what this tab kept because the server had not taken it */
  stored() {
    try {
      const found = JSON.parse(this.#outside.shelf().getItem(this.#key) ?? "null");
      return isMap(found) ? found : null;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof DOMException) return null;
      throw error;
    }
  }

  /** @param {Draft} draft */
  write(draft) {
    if (isSame(draft, this.#unsent ?? this.base)) return;
    this.#unsent = draft;
    this.#shelve(JSON.stringify(draft));
    this.#later(BREATH_MS);
  }

  /** Now rather than in a moment: the field was left. */
  flush() {
    if (this.#timer === undefined) return;
    this.#stopTimer();
    void this.#post();
  }

  /** The answer itself is on its way: a draft behind it would come too late. */
  hold() {
    this.#stopTimer();
  }

  /** The answer was not taken. */
  resume() {
    if (this.#unsent && this.#timer === undefined && !this.#isPosting) this.#later(BREATH_MS);
  }

  /** The page goes away: no time for an answer. */
  leave() {
    if (this.#unsent) this.#outside.leave(this.#unsent);
  }

  /** The card was answered, or is over. */
  end() {
    this.#stopTimer();
    this.#unsent = null;
    this.#shelve(null);
  }

  async #post() {
    const draft = this.#unsent;
    if (!draft || this.#isPosting) return;
    this.#isPosting = true;
    try {
      await this.#outside.post(draft);
      this.#taken(draft);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isPosting = false;
    }
    if (this.#unsent && this.#timer === undefined) this.#later(BREATH_MS);
  }

  /** @param {Draft} draft */
  #taken(draft) {
    this.base = draft;
    if (!isSame(this.#unsent, draft)) return; // typed meanwhile, or over
    this.#unsent = null;
    this.#shelve(null);
  }

  /** @param {unknown} error */
  #failed(error) {
    if (!(error instanceof CommandFailed)) throw error;
    if (error.failure.reason === "network") this.#later(RETRY_MS);
    else this.#unsent = null; // the card is over, or not ours: there is nothing to keep it for
  }

  /** @param {number} ms */
  #later(ms) {
    this.#stopTimer();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#post();
    }, ms);
  }

  #stopTimer() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {string | null} text */
  #shelve(text) {
    try {
      if (text === null) this.#outside.shelf().removeItem(this.#key);
      else this.#outside.shelf().setItem(this.#key, text);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // a full or forbidden storage: the server has it soon
    }
  }
}
