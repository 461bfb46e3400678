/** <answer-sources>: what the bot read before it answered, numbered, in a drawer behind a button (M-017). */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { pressedLink } from "./answer-presses.js";

export class AnswerSources extends HTMLElement {
  #open = make("button", { type: "button", class: "button button--plain button--small", "aria-haspopup": "dialog" });
  /** @type {Chat.Source[]} */
  #sources = [];

  connectedCallback() {
    if (this.firstChild) return;
    this.#open.addEventListener("click", () => this.#show());
    this.append(this.#open);
  }

  /** @param {Chat.AnswerPlace} place */
  show({ turn, isLastAnswer }) {
    this.#sources = turn.sources;
    this.hidden = !isLastAnswer || turn.sources.length === 0;
    this.#open.textContent = interpolate(gettext("Sources (%(count)s)"), { count: turn.sources.length }, true);
  }

  #show() {
    const close = make("button", { type: "button", class: "icon-button", "aria-label": gettext("Close"), title: gettext("Close") }, glyph("close"));
    const head = make("div", { class: "drawer__head" }, make("h2", { class: "dialog__title" }, gettext("Sources")), close);
    const dialog = make("dialog", { class: "drawer", "aria-label": gettext("Sources") }, head, make("ol", { class: "sources" }, ...this.#sources.map(sourceOf)));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => pressed(dialog, event));
    dialog.addEventListener("auxclick", (event) => pressed(dialog, event));
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.#open.focus({ preventScroll: true });
    });
    document.body.append(dialog);
    dialog.showModal();
  }
}

/** Beside the drawer, or on a link in it. @param {HTMLDialogElement} dialog @param {Event} event */
function pressed(dialog, event) {
  if (event.target === dialog) dialog.close();
  if (event.target instanceof HTMLAnchorElement) void pressedLink(event, event.target);
}

/** @param {Chat.Source} source */
function sourceOf({ title, text, url }) {
  const host = URL.canParse(url) ? new URL(url).host : "";
  const name = title || host || gettext("Without a title");
  const link = { href: url, title: host, target: "_blank", rel: "noopener noreferrer nofollow ugc" };
  const heading = make("h3", { class: "source__title", dir: "auto" }, host ? make("a", link, name) : name);
  return make("li", { class: "source" }, heading, make("p", { class: "source__text", dir: "auto" }, text));
}

customElements.define("answer-sources", AnswerSources);
