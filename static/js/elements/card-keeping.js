/**
 * Keeps what is typed on a card: on the server, in this tab while the server cannot be reached, and level with what
 * is typed on the same card elsewhere. Never takes a word out of a field that somebody is in.
 */

import { CardDraft, TAB, merged } from "../lib/card-drafts.js";

/** @typedef {import("../lib/card-drafts.js").Draft} Draft */

export class CardKeeping {
  #card;
  #outside;
  /** @type {CardDraft} */
  #draft;
  #version = -1;
  /** Another tab's, until the field here is left. @type {Draft | null} */
  #held = null;
  #leave = () => this.#draft.leave();

  /**
   * @param {HTMLElement} card
   * @param {string} action its id
   * @param {object} outside
   * @param {() => Draft} outside.typed everything that stands on the card
   * @param {(draft: Draft) => void} outside.put
   * @param {(draft: Draft) => Promise<unknown>} outside.post
   * @param {(draft: Draft) => void} outside.leave
   */
  constructor(card, action, outside) {
    this.#card = card;
    this.#outside = outside;
    this.#draft = new CardDraft(action, { post: outside.post, leave: outside.leave, shelf: () => window.sessionStorage });
  }

  connected() {
    window.addEventListener("pagehide", this.#leave);
  }

  disconnected() {
    window.removeEventListener("pagehide", this.#leave);
    this.#draft.flush();
  }

  /** Once, when the card is made. @param {Chat.Action} action @param {boolean} isOpen */
  seed(action, isOpen) {
    this.#version = action.draft_version;
    this.#draft.base = action.draft ?? {};
    const stored = this.#draft.stored();
    if (action.draft || stored) this.#outside.put({ ...action.draft, ...stored });
    if (stored && isOpen) this.changed();
    if (stored && !isOpen) this.#draft.end();
  }

  /** A newer draft may have come from another tab. @param {Chat.Action} action */
  heard({ draft, draft_version }) {
    if (!draft || draft_version <= this.#version) return;
    this.#version = draft_version;
    if (draft.tab === TAB) return; // our own, come back; what stands here is newer
    if (this.#isSomebodyTyping) this.#held = draft;
    else this.#take(draft);
  }

  changed() {
    this.#draft.write(this.#signed);
  }

  /** @param {FocusEvent} event the focus goes elsewhere, perhaps within the card */
  left(event) {
    if (event.relatedTarget instanceof Node && this.#card.contains(event.relatedTarget)) return;
    this.#draft.flush();
    const held = this.#held;
    this.#held = null;
    if (held) this.#take(held);
  }

  /** The answer is on its way. */
  hold() {
    this.#draft.hold();
  }

  /** It was not taken. */
  resume() {
    this.#draft.resume();
  }

  /** The card was answered, or is over. */
  end() {
    this.#held = null;
    this.#draft.end();
  }

  get #signed() {
    return { tab: TAB, ...this.#outside.typed() };
  }

  get #isSomebodyTyping() {
    const active = document.activeElement;
    return document.hasFocus() && active !== null && this.#card.contains(active) && active.matches("input, textarea, select");
  }

  /** @param {Draft} theirs */
  #take(theirs) {
    const next = merged(this.#draft.base, this.#signed, theirs);
    this.#draft.base = theirs;
    this.#outside.put(next);
    if (JSON.stringify({ ...next, tab: "" }) !== JSON.stringify({ ...theirs, tab: "" })) this.changed();
  }
}
