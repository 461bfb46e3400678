/** <picture-stage>: one picture in a frame, zoomed at the pointer by wheel or two fingers, moved by dragging. */

import { make } from "../lib/make.js";
import { kept, moved, STEP, WHOLE, zoomed } from "../lib/zoom.js";

const WHEEL_SHARE = 0.002;

export class PictureStage extends HTMLElement {
  #image = make("img", { class: "viewer__picture", draggable: "false" });
  #sight = WHOLE;
  /** @type {Map<number, {x: number, y: number}>} what is down, by pointer */
  #fingers = new Map();
  /** A drag that ends outside the picture is no click there. */
  #hasMoved = false;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#image);
    this.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    this.addEventListener("dblclick", (event) => this.#see(this.#sight.scale > 1 ? WHOLE : zoomed(this.#sight, STEP * STEP, this.#pointOf(event))));
    this.addEventListener("pointerdown", (event) => this.#down(event));
    this.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) this.addEventListener(type, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    this.addEventListener("click", (event) => this.#hasMoved && event.stopImmediatePropagation(), { capture: true });
  }

  /** @param {HTMLImageElement} image of the page */
  show(image) {
    this.#image.src = image.src;
    this.#image.alt = image.alt;
    this.whole();
  }

  whole() {
    this.#see(WHOLE);
  }

  /** @param {1 | -1} way */
  zoom(way) {
    this.#see(zoomed(this.#sight, way > 0 ? STEP : 1 / STEP));
  }

  /** @param {import("../lib/zoom.js").Sight} sight */
  #see(sight) {
    const picture = { width: this.#image.offsetWidth, height: this.#image.offsetHeight };
    this.#sight = kept(sight, picture, { width: this.clientWidth, height: this.clientHeight });
    const { scale, x, y } = this.#sight;
    this.#image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.toggleAttribute("data-zoomed", scale > 1);
  }

  /** @param {{clientX: number, clientY: number}} event */
  #pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    event.preventDefault();
    this.#see(zoomed(this.#sight, Math.exp(-event.deltaY * WHEEL_SHARE), this.#pointOf(event)));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#hasMoved = false;
    this.#fingers.set(event.pointerId, this.#pointOf(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#pointOf(event);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (Math.abs(now.x - before.x) + Math.abs(now.y - before.y) < 1) return;
    this.#hasMoved = true;
    if (other) this.#see(zoomed(this.#sight, distance(now, other) / Math.max(1, distance(before, other)), middle(now, other)));
    else this.#see(moved(this.#sight, now.x - before.x, now.y - before.y));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#fingers.delete(event.pointerId);
  }
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

customElements.define("picture-stage", PictureStage);
