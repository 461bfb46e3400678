/**
 * The one owner of a log's scrolling: carries out what scroll.js decides, before each painting in which the
 * content has another size.
 */

import { AT_END, UNPIN_PX, afterScroll, afterWrite, showsNewest, spacerHeight } from "./scroll.js";

/** So near to the top, older turns are fetched. */
const NEAR_TOP_PX = 400;
/** Where a turn that was looked for stands. */
const SHOWN_TOP_PX = 48;

export class LogScroll {
  #log;
  #column;
  #spacer;
  #newest;
  #scroll = AT_END;
  /** @type {HTMLElement | null} the question that stands near the top */
  #anchor = null;
  /** @type {{element: Element, top: number} | null} what the reader looks at while nothing is followed */
  #held = null;
  #nearTop = () => {};
  #atEnd = () => {};

  /**
   * @param {HTMLElement} log scrolls
   * @param {HTMLElement} column holds the turns
   * @param {HTMLElement} spacer the free space below them
   * @param {HTMLElement} newest the button
   */
  constructor(log, column, spacer, newest) {
    this.#log = log;
    this.#column = column;
    this.#spacer = spacer;
    this.#newest = newest;
  }

  /** @param {{nearTop: () => void, atEnd: () => void}} callbacks */
  start({ nearTop, atEnd }) {
    this.#nearTop = nearTop;
    this.#atEnd = atEnd;
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.addEventListener("wheel", (event) => this.#wheeled(event), { passive: true });
    this.#newest.addEventListener("click", () => this.toEnd());
    const sizes = new ResizeObserver(() => this.#settle());
    sizes.observe(this.#column);
    sizes.observe(this.#log);
  }

  get isAtEnd() {
    return this.#scroll.isPinned;
  }

  /** Follow from now on; another conversation has nothing to stand near the top. */
  toEnd() {
    this.#scroll = AT_END;
    if (!this.#anchor?.isConnected) this.#anchor = null;
    this.#settle();
  }

  /** @param {HTMLElement | null} turn a question just sent; null if it waits behind another */
  sent(turn) {
    this.#anchor = turn ?? this.#anchor;
    this.#scroll = AT_END;
    this.#settle();
  }

  /** One turn takes the place of another. @param {HTMLElement} before @param {HTMLElement} after */
  swap(before, after) {
    if (this.#anchor === before) this.#anchor = after;
    if (this.#held?.element === before) this.#held = { ...this.#held, element: after };
  }

  /** Comes to rest near the top and stays there, whatever grows around it. @param {HTMLElement} turn */
  show(turn) {
    this.#scroll = { ...AT_END, isPinned: false };
    const top = turn.getBoundingClientRect().top - this.#log.getBoundingClientRect().top - SHOWN_TOP_PX;
    this.#write(this.#log.scrollTop + top);
    this.#held = { element: turn, top: turn.getBoundingClientRect().top };
    this.#settle();
  }

  /** What is on screen now stays where it is while something is put in above. */
  hold() {
    const edge = this.#log.getBoundingClientRect().top;
    const turns = [...this.#column.children].filter((child) => child.localName === "chat-turn");
    const element = turns.find((turn) => turn.getBoundingClientRect().bottom > edge);
    this.#held = element ? { element, top: element.getBoundingClientRect().top } : null;
  }

  get #position() {
    return { top: this.#log.scrollTop, most: this.#log.scrollHeight - this.#log.clientHeight };
  }

  #scrolled() {
    const position = this.#position;
    const before = this.#scroll;
    this.#scroll = afterScroll(before, position);
    if (this.#scroll.isPinned && !before.isPinned) this.#atEnd();
    // Its own writes move nothing; noting where they came to rest, to the pixel, would let the rest of it add up.
    if (!this.#scroll.isPinned && this.#scroll !== before) this.hold();
    this.#newest.hidden = !showsNewest(this.#scroll, position);
    if (position.top < NEAR_TOP_PX) this.#nearTop();
  }

  /** A wheel turned up is meant, even if the page has not moved yet. @param {WheelEvent} event */
  #wheeled(event) {
    if (event.deltaY > -UNPIN_PX || this.#log.scrollTop === 0) return;
    this.#scroll = { ...this.#scroll, isPinned: false };
    this.hold();
  }

  /** Sizes are new: make room, then follow the end or stand still. */
  #settle() {
    this.#makeRoom();
    if (this.#scroll.isPinned) this.#write(this.#position.most);
    else this.#standStill();
    this.#newest.hidden = !showsNewest(this.#scroll, this.#position);
  }

  #makeRoom() {
    if (this.#anchor && !this.#column.contains(this.#anchor)) this.#anchor = null;
    const height = this.#anchor
      ? spacerHeight({
          viewport: this.#log.clientHeight,
          questionTop: this.#anchor.getBoundingClientRect().top,
          contentEnd: this.#column.getBoundingClientRect().bottom,
        })
      : 0;
    this.#spacer.style.blockSize = `${height}px`;
  }

  #standStill() {
    if (!this.#held?.element.isConnected) return;
    const drift = this.#held.element.getBoundingClientRect().top - this.#held.top;
    if (Math.abs(drift) > 0.5) this.#write(this.#log.scrollTop + drift);
  }

  /** @param {number} top */
  #write(top) {
    this.#log.scrollTop = top;
    this.#scroll = afterWrite(this.#scroll, this.#log.scrollTop);
  }
}
