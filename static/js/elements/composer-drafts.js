/**
 * What stands in the composer, kept: in this browser with every key, on the server a moment later, and heard from the person's
 * other tabs. Nothing typed here and not kept yet gives way to what others say.
 */

import { createDrafts } from "../lib/drafts.js";
import { createSent } from "../lib/sent.js";

/**
 * @typedef {import("../lib/question-drafts.js").Words} Words
 * @typedef {string | null} Place a conversation; null is the start screen
 */

export class ComposerDrafts {
  #composer;
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {import("../lib/drafts.js").Drafts} */
  #local = createDrafts(() => localStorage, "");
  #sent = createSent(this.#local);
  /** @type {import("../lib/question-drafts.js").QuestionDrafts | null} drafts on the server; null until there is one */
  #kept = null;
  /** How many drafts are being put in place: nothing of them is news, and a tab that only shows one never says it. */
  #showing = 0;
  /** Something was typed meanwhile, or had never reached the server. */
  #isOwed = false;

  /**
   * @param {object} composer
   * @param {() => Place} composer.place whose draft is in the field
   * @param {() => Words} composer.words what stands there
   * @param {() => boolean} composer.isNothing
   * @param {(text: string) => void} composer.fill
   * @param {(place: Place, files: Chat.Attachment[]) => Promise<void> | void} composer.putFiles in the place of those that are there
   */
  constructor(composer) {
    this.#composer = composer;
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#local = createDrafts(() => localStorage, page.store.get().user.name);
    this.#sent = createSent(this.#local);
    void this.#hear(page.store.get().conversation?.id ?? null, page.store.get().draft, null);
  }

  /** @param {Chat.Change} change */
  heard(change) {
    if (change.type === "conversation_opened" && change.draft) void this.#hear(change.conversation?.id ?? null, change.draft, null);
    if (change.type === "question_draft") void this.#hear(change.conversation, change.draft, change.tab);
  }

  /** @param {Place} place @param {Chat.QuestionDraft} draft @param {string | null} tab who said it; null for a page */
  async #hear(place, draft, tab) {
    if (draft.version === 0) return;
    const kept = await this.#keeper();
    if (!kept?.heard(place, draft, tab) || place !== this.#composer.place()) return;
    if (tab === null && this.#composer.words().text) return;
    await this.#show(place, draft);
  }

  /** @param {Place} place @param {Words} words */
  async #show(place, { text, files }) {
    this.#showing += 1;
    if (text !== this.#composer.words().text) this.#composer.fill(text);
    await this.#composer.putFiles(place, files);
    this.#showing -= 1;
    if (this.#showing || !this.#isOwed) return;
    this.#isOwed = false;
    void this.keep();
  }

  /** Fetched with the first word: a first visit has none. */
  async #keeper() {
    if (this.#kept || !this.#page) return this.#kept;
    try {
      const { draftKeeper } = await import("./draft-keeper.js");
      this.#kept ??= draftKeeper(this.#page, (place) => this.#local.write(place, ""));
    } catch (error) {
      console.warn("drafts are kept in this browser only", error); // the next word tries again
    }
    return this.#kept;
  }

  /**
   * The composer came to another place; `carried` stood in the field and goes along.
   * @param {Place} place @param {string} carried @param {() => void} prepare what changes there without being news
   */
  arrive(place, carried, prepare) {
    const stored = this.#local.read(place);
    const known = this.#kept?.read(place) ?? { text: "", files: [] };
    this.#isOwed = (carried || stored) !== "";
    this.withoutNews(prepare);
    void this.#show(place, { ...known, text: carried || stored || known.text });
  }

  /** @param {() => void} work changes the field, and none of it is to be kept */
  withoutNews(work) {
    this.#showing += 1;
    work();
    this.#showing -= 1;
  }

  /** Keeps what stands here, on the server, and in this browser until it is there. */
  async keep() {
    if (this.#showing) return;
    const kept = this.#kept ?? (this.#composer.isNothing() ? null : await this.#keeper());
    // What stands here by now: several keys may have waited for the code together.
    if (this.#showing) this.#isOwed = true;
    else kept?.write(this.#composer.place(), this.#composer.words());
  }

  /** A key: what stands there is this place's draft from now on. */
  typed() {
    const place = this.#composer.place();
    this.#sent.release(place);
    this.#local.write(place, this.#composer.words().text);
    this.#isOwed = this.#showing > 0;
    void this.keep();
  }

  flush() {
    this.#kept?.flush();
  }

  /** The question is on its way: its text is kept until the server has it. @param {Place} place @param {string} text */
  sent(place, text) {
    this.#kept?.sent(place);
    this.#sent.keep(place, text);
  }

  /** @param {Chat.Pending[]} pending what is still on its way */
  settle(pending) {
    for (const settled of this.#sent.settle(pending)) this.forget(settled);
  }

  /** It arrived: what stands there now is the draft. @param {Place} place */
  forget(place) {
    if (place === this.#composer.place()) void this.keep();
    else this.#kept?.write(place, { text: "", files: [] });
  }

  /** What was begun on the start screen belongs to a conversation now. */
  clearStart() {
    this.#local.write(null, "");
    this.#kept?.write(null, { text: "", files: [] });
  }

  /** The text became something else, unless more was typed since. @param {Place} place @param {string} text */
  used(place, text) {
    if (this.#local.read(place) === text) this.#local.write(place, "");
  }
}
