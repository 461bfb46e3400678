/**
 * What stands in the composer, kept on the server so that it is on every device (M-024). Knows no document. A text the
 * server has not taken yet is also in this browser's storage (lib/drafts.js), and wins over what the server says.
 */

import { CommandFailed } from "./commands.js";

const BREATH_MS = 700;
const RETRY_MS = 5_000;

/** @type {Words} */
const NOTHING = { text: "", files: [] };

/**
 * @typedef {{text: string, files: Chat.Attachment[]}} Words
 * @typedef {string | null} Place a conversation; null is the start screen
 */

export class QuestionDrafts {
  #outside;
  /** @type {Map<Place, {words: Words, version: number}>} what the server has */
  #known = new Map();
  /** @type {Map<Place, Words>} what it has not */
  #unsent = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #posting = null;

  /**
   * @param {object} outside
   * @param {string} outside.tab signs what this tab says
   * @param {(place: Place, body: object) => Promise<{draft_version: number}>} outside.post
   * @param {(place: Place, body: object) => void} outside.leave from a page that goes away
   * @param {(place: Place) => void} outside.taken the server has it: nothing else need keep it
   */
  constructor(outside) {
    this.#outside = outside;
  }

  /** @param {Place} place @returns {Words} */
  read(place) {
    return this.#unsent.get(place) ?? this.#known.get(place)?.words ?? NOTHING;
  }

  /** @param {Place} place */
  isUnsent(place) {
    return this.#unsent.has(place);
  }

  /**
   * The server's word, by page or by frame.
   * @param {Place} place
   * @param {Chat.QuestionDraft} draft
   * @param {string | null} [tab] who said it; null for a page
   * @returns {boolean} whether the composer there should show it
   */
  heard(place, { text, files, version }, tab = null) {
    if (version <= (this.#known.get(place)?.version ?? -1)) return false;
    this.#known.set(place, { words: { text, files }, version });
    return tab !== this.#outside.tab && !this.#unsent.has(place);
  }

  /** Typed, attached or removed here. @param {Place} place @param {Words} words */
  write(place, words) {
    const known = this.#known.get(place)?.words ?? NOTHING;
    if (!this.#unsent.has(place) && !this.#posting && isSame(words, known)) return;
    this.#unsent.set(place, words);
    this.#later(BREATH_MS);
  }

  /** It went out with a question, which forgets it. @param {Place} place */
  sent(place) {
    this.#unsent.delete(place);
  }

  /** Now rather than in a moment: the field was left. */
  flush() {
    if (this.#timer === undefined) return;
    this.#stopTimer();
    void this.#post();
  }

  /** The page goes away: no time for an answer. */
  leave() {
    for (const [place, words] of this.#unsent) this.#outside.leave(place, this.#bodyOf(words));
  }

  async #post() {
    if (this.#posting) return;
    this.#posting = this.#postAll();
    await this.#posting;
    this.#posting = null;
    if (this.#unsent.size && this.#timer === undefined) this.#later(BREATH_MS);
  }

  async #postAll() {
    for (const [place, words] of [...this.#unsent]) {
      if (isSame(words, this.#known.get(place)?.words ?? NOTHING)) {
        this.#forget(place);
        continue;
      }
      try {
        const { draft_version: version } = await this.#outside.post(place, this.#bodyOf(words));
        if (version > (this.#known.get(place)?.version ?? -1)) this.#known.set(place, { words, version });
        if (this.#unsent.get(place) === words) this.#forget(place);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        if (error.failure.reason !== "network") this.#unsent.delete(place); // not ours, or gone: this browser keeps it
        else this.#later(RETRY_MS);
      }
    }
  }

  /** @param {Place} place */
  #forget(place) {
    this.#unsent.delete(place);
    this.#outside.taken(place);
  }

  /** @param {Words} words */
  #bodyOf({ text, files }) {
    return { text, files: files.map(({ id }) => id), tab: this.#outside.tab };
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
}

/** @param {Words} a @param {Words} b */
function isSame(a, b) {
  return a.text === b.text && a.files.length === b.files.length && a.files.every((file, index) => file.id === b.files[index]?.id);
}
