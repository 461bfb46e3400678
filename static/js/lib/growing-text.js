/** Markdown that grows on the page, a slice of time at once, so that the page stays quick however long it is. */

import { Reading } from "./blocks.js";
import { Drawing } from "./drawing.js";
import { markdownOptions } from "./markdown.js";
import { reconcile } from "./reconcile.js";

/** Drawn in one go; several go into a slice of time if they are easy. */
const PORTION_UNITS = 2_500;
const SLICE_MS = 3;

export class GrowingText {
  #root;
  #dress;
  #finish;
  /** How many blocks on the page are finished. */
  #finished = 0;
  #drawing;
  /** @type {Drawing | null} what takes the place of all that is on the page, made beside it until it is complete */
  #anew = null;

  /**
   * @param {Element} root
   * @param {(fragment: DocumentFragment) => void} dress adds what is ours to sanitised nodes: bars, labels
   * @param {(block: Element) => void} [finish] is told of each block that no further text changes
   */
  constructor(root, dress, finish = () => {}) {
    this.#root = root;
    this.#dress = dress;
    this.#finish = finish;
    this.#drawing = new Drawing(root, dress);
  }

  /**
   * @param {string} text the whole text so far
   * @param {boolean} isOpen more may come
   * @returns {boolean} false when it was too much for one go: call again
   */
  show(text, isOpen) {
    const isDone = this.#draw(text, isOpen);
    this.#tellFinished(isDone && !isOpen ? this.#root.children.length : this.#drawing.settledNodes);
    return isDone;
  }

  /** @param {string} text @param {boolean} isOpen @returns {boolean} */
  #draw(text, isOpen) {
    const whole = withLineFeeds(text, isOpen);
    if (!whole.startsWith(this.#drawing.text) || !whole.startsWith(this.#anew?.text ?? "")) this.#reset();
    const end = performance.now() + SLICE_MS;
    while (!this.#go(whole, isOpen)) {
      if (whole.length > PORTION_UNITS && performance.now() >= end) return false;
    }
    return true;
  }

  /** @param {string} text @param {boolean} isOpen @returns {boolean} */
  #go(text, isOpen) {
    const drawing = this.#anew ?? this.#drawing;
    if (text === drawing.text && (isOpen || !drawing.isOpen)) return true;
    const end = Math.min(text.length, drawing.text.length + PORTION_UNITS);
    const isWhole = end === text.length;
    if (!drawing.draw(text.slice(0, end), isOpen || !isWhole)) {
      this.#anew = new Drawing(document.createElement("div"), this.#dress, isWhole && !isOpen ? linksOf(text) : null);
      return false;
    }
    if (isWhole && this.#anew) this.#takeOver(this.#anew);
    return isWhole;
  }

  /** @param {number} end */
  #tellFinished(end) {
    for (; this.#finished < end; this.#finished += 1) this.#finish(/** @type {Element} */ (this.#root.children[this.#finished]));
  }

  /** @param {Drawing} drawing */
  #takeOver(drawing) {
    reconcile(this.#root, this.#root.firstChild, [...drawing.root.childNodes]);
    drawing.root = this.#root;
    this.#drawing = drawing;
    this.#anew = null;
    this.#finished = 0;
  }

  #reset() {
    this.#root.replaceChildren();
    this.#drawing = new Drawing(this.#root, this.#dress);
    this.#anew = null;
    this.#finished = 0;
  }
}

/** @param {string} text @param {boolean} isOpen @returns {string} with one kind of line ends */
function withLineFeeds(text, isOpen) {
  if (!text.includes("\r")) return text;
  return (isOpen ? text.replace(/\r$/, "") : text).replace(/\r\n?/g, "\n");
}

/** @param {string} text */
function linksOf(text) {
  return new Reading(text, {}, markdownOptions).tokens.links;
}
