/**
 * Markdown that grows on the page. Settled blocks are drawn once and never touched again; only the open last
 * block is drawn anew, and of it only what differs.
 */

import { splitBlocks } from "./blocks.js";
import { partsOf, partsParent, sameParts, withoutParts } from "./long-block.js";
import { htmlOf, markdownOptions } from "./markdown.js";
import { mend } from "./mend.js";
import { reconcile } from "./reconcile.js";
import { sanitise } from "./sanitise.js";

/** Drawn in one go; a longer text takes several, so that the page stays quick. */
const PORTION_UNITS = 16_000;

export class GrowingText {
  #root;
  #dress;
  #text = "";
  #isOpen = true;
  #settledUnits = 0;
  /** How many children of the root are settled. */
  #settledNodes = 0;
  /** @type {import("./blocks.js").Links} */
  #links = {};
  /** @type {string[]} of the open block, as it is on the page */
  #parts = [];

  /**
   * @param {Element} root
   * @param {(fragment: DocumentFragment) => void} dress adds what is ours to sanitised nodes: bars, labels
   */
  constructor(root, dress) {
    this.#root = root;
    this.#dress = dress;
  }

  /**
   * @param {string} text the whole text so far
   * @param {boolean} isOpen more may come
   * @returns {boolean} false when it was too much for one go: call again
   */
  show(text, isOpen) {
    if (!text.startsWith(this.#text)) this.#reset();
    if (text === this.#text && (isOpen || !this.#isOpen)) return true;
    const end = Math.min(text.length, this.#text.length + PORTION_UNITS);
    const isWhole = end === text.length;
    this.#draw(text.slice(0, end), isOpen || !isWhole);
    return isWhole;
  }

  /** @param {string} text @param {boolean} isOpen */
  #draw(text, isOpen) {
    this.#text = text;
    this.#isOpen = isOpen;
    const split = splitBlocks(text.slice(this.#settledUnits), this.#links, markdownOptions);
    const isRewritten = !isOpen && this.#settledUnits > 0 && Object.keys(split.links).length > 0;
    if (isRewritten) return this.#drawAgain(text);
    this.#links = split.links;
    const open = isOpen ? this.#mended(text.slice(this.#settledUnits + split.settledUnits), split.open) : split.open;
    const settled = this.#continued(split.settled);
    const rest = settled.length ? this.#drawn(open) : this.#continued(open);
    reconcile(this.#root, this.#root.children[this.#settledNodes] ?? null, [...settled, ...rest]);
    this.#parts = partsOf(open[0]);
    this.#settledNodes += settled.length;
    this.#settledUnits += split.settledUnits;
  }

  /** A definition at the end gives a meaning to references in blocks long settled. @param {string} text */
  #drawAgain(text) {
    this.#settledUnits = this.#settledNodes = 0;
    this.#links = {};
    this.#parts = [];
    this.#draw(text, false);
  }

  /** @param {string} source @param {import("./blocks.js").Token[]} tokens of it as it is */
  #mended(source, tokens) {
    const mended = mend(source);
    if (mended === source) return tokens;
    const { settled, open } = splitBlocks(mended, this.#links, markdownOptions);
    return [...settled, ...open];
  }

  /**
   * Drawn, but of the block that was open before only the parts that are new: a long list costs no more each time.
   * @param {import("./blocks.js").Token[]} tokens
   * @returns {Element[]}
   */
  #continued([first, ...rest]) {
    if (!first) return [];
    const count = sameParts(this.#parts, partsOf(first));
    const block = this.#root.children[this.#settledNodes];
    if (!count || !block) return this.#drawn([first, ...rest]);
    const [more] = this.#drawn([withoutParts(first, count)]);
    const parent = partsParent(block);
    const from = parent.children[count] ?? null;
    const wanted = more ? [...partsParent(more).childNodes].slice(first.type === "list" ? 1 : 0) : [];
    reconcile(parent, from, wanted);
    return [block, ...this.#drawn(rest)];
  }

  /** @param {import("./blocks.js").Token[]} tokens @returns {Element[]} */
  #drawn(tokens) {
    if (tokens.length === 0) return [];
    const fragment = sanitise(htmlOf(tokens));
    this.#dress(fragment);
    return [...fragment.children];
  }

  #reset() {
    this.#text = "";
    this.#isOpen = true;
    this.#settledUnits = this.#settledNodes = 0;
    this.#links = {};
    this.#parts = [];
    this.#root.replaceChildren();
  }
}
