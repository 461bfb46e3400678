/**
 * One go through a text that grows: settled blocks are drawn once and never touched again; of the open last block
 * only what may still change is read and drawn anew.
 */

import { Reading, settledCount } from "./blocks.js";
import { grownHold, headItems, kindOf, NOTHING, partsParent, partsStart } from "./long-block.js";
import { htmlOf, markdownOptions } from "./markdown.js";
import { mend } from "./mend.js";
import { WINDOW_UNITS } from "./pieces.js";
import { reconcile } from "./reconcile.js";
import { sanitise } from "./sanitise.js";

/** @typedef {import("./blocks.js").Token} Token */
/** @typedef {{units: number, seen: number, nodes: number}} Part */

export class Drawing {
  text = "";
  isOpen = true;
  #dress;
  #settledUnits = 0;
  /** How many children of the root are settled. */
  #settledNodes = 0;
  #hold = NOTHING;
  /** @type {import("./blocks.js").Links} */
  #links;
  /** All that the text defines, at its end, also for references above the definition. */
  #hasAllLinks;

  /**
   * @param {Element} root
   * @param {(fragment: DocumentFragment) => void} dress adds what is ours to sanitised nodes: bars, labels
   * @param {import("./blocks.js").Links | null} allLinks when the whole text was read before
   */
  constructor(root, dress, allLinks = null) {
    this.root = root;
    this.#dress = dress;
    this.#links = allLinks ?? {};
    this.#hasAllLinks = allLinks !== null;
  }

  get settledNodes() {
    return this.#settledNodes;
  }

  /**
   * @param {string} text that begins as the one before
   * @param {boolean} isOpen more may come
   * @returns {boolean} false: what is on the page means something else now, and has to be drawn from the start
   */
  draw(text, isOpen) {
    const source = this.#hold.head + text.slice(this.#settledUnits + this.#hold.units);
    const reading = new Reading(source, this.#links, markdownOptions);
    if (!isOpen && this.#isRedefined(reading)) return false;
    if (this.#hold.units && kindOf(reading.tokens[0]) !== this.#hold.kind) return false;
    [this.text, this.isOpen] = [text, isOpen];
    this.#place(source, reading, isOpen);
    return true;
  }

  /** A definition at the end gives a meaning to references that are drawn already. @param {Reading} reading */
  #isRedefined({ tokens }) {
    return !this.#hasAllLinks && this.#settledUnits + this.#hold.units > 0 && Object.keys(tokens.links).length > 0;
  }

  /** @param {string} source @param {Reading} reading of it @param {boolean} isOpen */
  #place(source, reading, isOpen) {
    const count = settledCount(reading.tokens);
    const settled = reading.tokens.slice(0, count);
    const settledUnits = settled.reduce((sum, token) => sum + token.raw.length, 0);
    const open = this.#openBlocks(source.slice(settledUnits), reading, count, isOpen);
    if (count === 0) return this.#placeOpen(open);
    Object.assign(this.#links, definitions(settled), { ...this.#links });
    const nodes = this.#continued(settled, reading).nodes;
    this.#settledUnits += settledUnits - this.#hold.head.length + this.#hold.units;
    this.#hold = NOTHING;
    const from = this.root.children[this.#settledNodes] ?? null;
    this.#settledNodes += nodes.length;
    const { first, nodes: more, parts } = this.#drawn(open.tokens, open.reading);
    reconcile(this.root, from, [...nodes, ...more]);
    if (first) this.#hold = grownHold(NOTHING, first, open.sure, parts);
  }

  /** @param {{tokens: Token[], reading: Reading, sure: number}} open */
  #placeOpen({ tokens, reading, sure }) {
    const { first, nodes, parts } = this.#continued(tokens, reading);
    reconcile(this.root, this.root.children[this.#settledNodes] ?? null, nodes);
    if (first) this.#hold = grownHold(this.#hold, first, sure, parts);
  }

  /**
   * @param {string} source
   * @param {Reading} reading
   * @param {number} count tokens of it that are settled
   * @param {boolean} isOpen
   * @returns {{tokens: Token[], reading: Reading, sure: number}} `sure`: how much of the source is drawn as it is
   */
  #openBlocks(source, reading, count, isOpen) {
    const plain = { tokens: reading.tokens.slice(count), reading, sure: source.length };
    const mended = isOpen ? mend(source) : source;
    if (mended === source) return plain;
    const other = new Reading(mended, this.#links, markdownOptions);
    const isHeld = count === 0 && this.#hold.units > 0;
    if (isHeld && kindOf(other.tokens[0]) !== this.#hold.kind) return plain;
    return { tokens: other.tokens, reading: other, sure: sameUnits(source, mended) };
  }

  /**
   * Drawn, the first of them behind what is held of it.
   * @param {Token[]} tokens
   * @param {Reading} reading
   */
  #continued(tokens, reading) {
    const block = this.root.children[this.#settledNodes];
    if (!this.#hold.units || !block) return this.#drawn(tokens, reading);
    const { first, nodes, parts } = this.#drawn(tokens, reading);
    const [rest, ...others] = nodes;
    if (rest) this.#append(block, rest);
    return { first, nodes: [block, ...others], parts };
  }

  /** @param {Element} block on the page @param {Element} rest of it */
  #append(block, rest) {
    const [parent, from] = [partsParent(block), partsParent(rest)];
    rest.removeAttribute("dir");
    const wanted = [...from.childNodes].slice(partsStart(from) + 2 * headItems(this.#hold));
    reconcile(parent, parent.childNodes[partsStart(parent) + this.#hold.nodes] ?? null, wanted);
  }

  /**
   * @param {Token[]} tokens
   * @param {Reading} reading that they are of
   * @returns {{first: Token | undefined, nodes: Element[], parts: Part[]}} `parts` of the first, if it is a long paragraph
   */
  #drawn(tokens, reading) {
    const [first, ...rest] = tokens;
    if (first?.type !== "paragraph" || (first.raw.length < WINDOW_UNITS && !this.#hold.units)) {
      return { first, nodes: this.#nodes(reading.whole(tokens)), parts: [] };
    }
    const { paragraph, parts } = this.#paragraph(first, reading);
    return { first, nodes: [paragraph, ...this.#nodes(reading.whole(rest))], parts };
  }

  /** @param {Token} token a paragraph @param {Reading} reading @returns {{paragraph: Element, parts: Part[]}} */
  #paragraph(token, reading) {
    const pieces = reading.pieces(/** @type {import("../../vendor/marked.js").Tokens.Paragraph} */ (token).text.slice(this.#hold.head.length));
    const [paragraph, ...others] = this.#nodes(pieces.map(({ tokens }) => /** @type {Token} */ ({ ...token, tokens })));
    const all = [paragraph, ...others];
    const parts = pieces.map(({ units, seen }, index) => ({ units, seen, nodes: all[index]?.childNodes.length ?? 0 }));
    paragraph?.append(...others.flatMap((one) => [...one.childNodes]));
    return { paragraph: /** @type {Element} */ (paragraph), parts };
  }

  /** @param {Token[]} tokens @returns {Element[]} */
  #nodes(tokens) {
    if (tokens.length === 0) return [];
    const fragment = sanitise(htmlOf(tokens));
    this.#dress(fragment);
    return [...fragment.children];
  }
}

/** @param {Token[]} tokens @returns {import("./blocks.js").Links} the first of each name counts */
function definitions(tokens) {
  const found = /** @type {import("../../vendor/marked.js").Tokens.Def[]} */ (tokens.filter(({ type }) => type === "def"));
  return Object.fromEntries(found.toReversed().map(({ tag, href, title }) => [tag, { href, title }]));
}

/** @param {string} a @param {string} b @returns {number} how many units at the start are the same */
function sameUnits(a, b) {
  let count = 0;
  while (count < a.length && a.charCodeAt(count) === b.charCodeAt(count)) count += 1;
  return count;
}
