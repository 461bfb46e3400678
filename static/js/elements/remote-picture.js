/**
 * <remote-picture>: a picture of another host in an answer, fetched by this site. `data-state`: none while it waits,
 * asks, loading, shown, failed; unless it is shown, a link stands there that names the host.
 */

import { keepPlace } from "../lib/known-places.js";
import { make } from "../lib/make.js";
import { pictureLink } from "../lib/picture-frames.js";
import { openViewer } from "./picture-viewer.js";

/** A few bytes can unfold to a picture that fills the memory. */
const MOST_PIXELS = 50_000_000;

export class RemotePicture extends HTMLElement {
  connectedCallback() {
    // Drawing may go on after the answer is complete.
    if (!this.dataset.state) this.dispatchEvent(new CustomEvent("picture-came", { bubbles: true }));
  }

  get address() {
    return this.dataset.address ?? "";
  }

  get alt() {
    return this.dataset.alt ?? "";
  }

  /** @param {string} link of this site */
  load(link) {
    this.dataset.state = "loading";
    const image = make("img", { alt: this.alt, decoding: "async" });
    image.addEventListener("error", () => this.fail());
    image.addEventListener("load", () => (image.naturalWidth * image.naturalHeight > MOST_PIXELS ? this.fail() : this.#show(image)));
    image.src = link;
  }

  /** @param {string} link of this site; the host is asked for nothing before the press */
  ask(link) {
    this.dataset.state = "asks";
    const { host } = new URL(this.address);
    const button = make("button", { type: "button", class: "button button--small" }, interpolate(gettext("Show picture from %(host)s"), { host }, true));
    button.addEventListener("click", () => {
      keepPlace(this.address);
      this.load(link);
    });
    this.replaceChildren(pictureLink(this.address, this.alt), button);
  }

  fail() {
    this.dataset.state = "failed";
    this.replaceChildren(pictureLink(this.address, this.alt));
  }

  /** @param {HTMLImageElement} image */
  #show(image) {
    const label = this.alt ? interpolate(gettext("Enlarge picture: %(text)s"), { text: this.alt }, true) : gettext("Enlarge picture");
    const button = make("button", { type: "button", class: "picture", "aria-label": label, title: new URL(this.address).host }, image);
    button.addEventListener("click", () => openViewer(button));
    this.replaceChildren(button);
    this.dataset.state = "shown";
  }
}

customElements.define("remote-picture", RemotePicture);
