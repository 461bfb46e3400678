/**
 * <shown-answer>: an answer as its reader saw it, drawn from the source inside it by the chat page's own Markdown and
 * sanitiser. Nothing of another host is fetched before a press, and then through this site.
 */

import { createCommands, CommandFailed } from "../lib/commands.js";
import { csrfToken } from "../lib/csrf.js";
import { dress } from "../lib/dress.js";
import { GrowingText } from "../lib/growing-text.js";
import { RemotePicture } from "../elements/remote-picture.js";

const AHEAD = "800px";
const commands = createCommands({ fetch: (...args) => fetch(...args), csrfToken });
/** Long conversations: what is far away is not drawn. */
const near = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) if (isIntersecting && target instanceof ShownAnswer) target.draw();
  },
  { rootMargin: AHEAD },
);

export class ShownAnswer extends HTMLElement {
  connectedCallback() {
    near.observe(this);
  }

  disconnectedCallback() {
    near.unobserve(this);
  }

  draw() {
    near.unobserve(this);
    const source = this.querySelector("pre")?.textContent ?? "";
    const root = document.createElement("div");
    root.className = "prose";
    root.addEventListener("picture-came", () => void this.#offerPictures());
    const text = new GrowingText(root, dress);
    const go = () => {
      if (!text.show(source, false)) return void requestAnimationFrame(go);
      this.replaceChildren(root);
    };
    go();
  }

  async #offerPictures() {
    await null; // several come in one go
    const pictures = [...this.querySelectorAll("remote-picture:not([data-state])")].filter((one) => one instanceof RemotePicture);
    if (pictures.length === 0) return;
    for (const picture of pictures) picture.dataset.state = "loading";
    const links = await this.#links([...new Set(pictures.map((picture) => picture.address))].slice(0, 100));
    for (const picture of pictures) {
      const link = links[picture.address];
      if (link) picture.ask(link);
      else picture.fail();
    }
  }

  /** @param {string[]} addresses @returns {Promise<Record<string, string>>} */
  async #links(addresses) {
    try {
      return (await commands.post(this.dataset.pictures ?? "", { message: this.dataset.message, addresses })).links;
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return {};
    }
  }
}

customElements.define("shown-answer", ShownAnswer);
