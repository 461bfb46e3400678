/** The composer's lower row: Send, Stop, and how much was typed. Touches the document only where something differs. */

import { isNearly } from "./composer-text.js";

/**
 * @typedef {object} Row
 * @property {Chat.Turn | null} live what Stop would stop
 * @property {boolean} isEmpty nothing to send: Stop stands alone while there is something to stop
 * @property {boolean} isReady
 * @property {number} length of the text
 * @property {number} most
 */

export class ComposerButtons {
  #stop;
  #send;
  #count;

  /** @param {{stop: HTMLElement, send: HTMLElement, count: HTMLElement}} parts */
  constructor({ stop, send, count }) {
    this.#stop = stop;
    this.#send = /** @type {HTMLButtonElement} */ (send);
    this.#count = count;
  }

  get canSend() {
    return !this.#send.disabled && !this.#send.hidden;
  }

  /** @param {Row} row */
  draw({ live, isEmpty, isReady, length, most }) {
    const isLive = live !== null;
    if (this.#stop.hidden === isLive) this.#stop.hidden = !isLive;
    if (live) this.#titleStop(live.state === "waiting");
    if (this.#send.hidden !== (isLive && isEmpty)) this.#send.hidden = isLive && isEmpty;
    const isDisabled = !isReady || length > most;
    if (this.#send.disabled !== isDisabled) this.#send.disabled = isDisabled;
    this.#drawCount(length, most);
  }

  /** @param {boolean} isWaiting */
  #titleStop(isWaiting) {
    const title = isWaiting ? gettext("Stop the run: its card needs no answer then") : gettext("Stop the answer");
    if (this.#stop.title !== title) this.#stop.title = title;
  }

  /** @param {number} length @param {number} most */
  #drawCount(length, most) {
    const isHidden = !isNearly(length, most);
    if (isHidden && this.#count.hidden) return;
    const language = document.documentElement.lang;
    const values = { length: length.toLocaleString(language), most: most.toLocaleString(language) };
    this.#count.hidden = isHidden;
    this.#count.toggleAttribute("data-over", length > most);
    this.#count.textContent = interpolate(gettext("%(length)s of %(most)s characters"), values, true);
  }
}
