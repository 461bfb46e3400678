/**
 * The lightbox (M-019): a picture as large as fits, zoomed by buttons, wheel, keys or two fingers; the arrows lead
 * through the pictures of the message. Also for pictures of a question: `openViewer(button)` with a button around each.
 */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { enableStyle } from "../lib/styles.js";
import { PictureStage } from "./picture-stage.js";

const PICTURES = "button.picture";

/** @param {HTMLButtonElement} button with the class `picture` and an <img> inside, somewhere in an article */
export function openViewer(button) {
  enableStyle("answer");
  const around = button.closest("article") ?? button.parentElement;
  const buttons = [...(around?.querySelectorAll(PICTURES) ?? [button])].filter((one) => one instanceof HTMLButtonElement);
  const images = buttons.map((one) => one.querySelector("img")).filter((image) => image !== null);
  const viewer = new PictureViewer(images, Math.max(0, buttons.indexOf(button)));
  document.body.append(viewer);
  viewer.open(button);
}

export class PictureViewer extends HTMLElement {
  #images;
  #index;
  #stage = new PictureStage();
  #caption = make("p", { class: "viewer__caption", dir: "auto" });
  #count = make("p", { class: "viewer__count", role: "status" });
  #dialog = make("dialog", { class: "viewer", "aria-label": gettext("Picture") });

  /** @param {HTMLImageElement[]} images @param {number} index */
  constructor(images, index) {
    super();
    this.#images = images;
    this.#index = index;
  }

  connectedCallback() {
    const bar = make("div", { class: "viewer__bar" }, this.#count, this.#button("zoom-out", gettext("Smaller"), () => this.#stage.zoom(-1)), this.#button("zoom-in", gettext("Larger"), () => this.#stage.zoom(1)), this.#button("close", gettext("Close"), () => this.#dialog.close()));
    const ways = this.#images.length > 1 ? [this.#way("before", gettext("Previous picture"), -1), this.#way("after", gettext("Next picture"), 1)] : [];
    this.#dialog.append(this.#stage, bar, ...ways, this.#caption);
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#stage.addEventListener("click", (event) => event.target === this.#stage && this.#dialog.close());
    this.append(this.#dialog);
  }

  /** @param {HTMLElement} opener gets the focus back */
  open(opener) {
    this.#dialog.addEventListener("close", () => {
      this.remove();
      opener.focus({ preventScroll: true });
    });
    this.#dialog.showModal();
    this.#show();
  }

  #show() {
    const image = this.#images[this.#index];
    if (!image) return;
    this.#stage.show(image);
    this.#caption.textContent = image.alt;
    this.#caption.hidden = image.alt === "";
    const numbers = { number: this.#index + 1, count: this.#images.length };
    this.#count.textContent = numbers.count > 1 ? interpolate(gettext("Picture %(number)s of %(count)s"), numbers, true) : "";
  }

  /** @param {number} by */
  #step(by) {
    this.#index = (this.#index + by + this.#images.length) % this.#images.length;
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { ArrowLeft: () => this.#step(-1), ArrowRight: () => this.#step(1), "+": () => this.#stage.zoom(1), "=": () => this.#stage.zoom(1), "-": () => this.#stage.zoom(-1), 0: () => this.#stage.whole() }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  /** @param {import("../lib/glyphs.js").Glyph} icon @param {string} name @param {() => void} does */
  #button(icon, name, does) {
    const button = make("button", { type: "button", class: "icon-button viewer__button", "aria-label": name, title: name }, glyph(icon));
    button.addEventListener("click", does);
    return button;
  }

  /** @param {import("../lib/glyphs.js").Glyph} icon @param {string} name @param {number} by */
  #way(icon, name, by) {
    const button = this.#button(icon, name, () => this.#step(by));
    button.classList.add(`viewer__${icon}`);
    return button;
  }
}

customElements.define("picture-viewer", PictureViewer);
