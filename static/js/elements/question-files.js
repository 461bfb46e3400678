/**
 * <question-files>: what went with a question; pictures as thumbnails that open, others as rows. Emits `renew-file` {id}
 * for one that has expired at the bot's service.
 */

import { isExpired } from "../lib/attaching.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { enableStyle } from "../lib/styles.js";
import { sizeWords } from "../lib/uploading.js";

export class QuestionFiles extends HTMLElement {
  #drawn = "";

  connectedCallback() {
    enableStyle("files");
    this.classList.add("files");
  }

  /** @param {Chat.Attachment[]} files */
  show(files) {
    const drawn = JSON.stringify(files);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.setAttribute("role", "list");
    this.setAttribute("aria-label", gettext("Attached files"));
    this.replaceChildren(...files.map((file) => this.#item(file)));
  }

  /** @param {Chat.Attachment} file */
  #item(file) {
    const item = make("div", { class: file.picture ? "files__picture" : "files__row", role: "listitem" }, file.picture ? picture(file) : row(file));
    if (isExpired(file, Date.now())) item.append(this.#expired(file));
    return item;
  }

  /** @param {Chat.Attachment} file */
  #expired(file) {
    const note = make("span", { class: "files__expired" }, make("span", { class: "files__badge" }, glyph("expired"), gettext("expired")));
    if (!file.copy) return note;
    const button = make("button", { type: "button", class: "button button--small" }, gettext("Upload again"));
    button.setAttribute("aria-label", interpolate(gettext("Upload %(name)s again"), { name: file.name }, true));
    button.addEventListener("click", () => {
      button.disabled = true;
      const done = () => (button.disabled = false);
      this.dispatchEvent(new CustomEvent("renew-file", { bubbles: true, detail: { id: file.id, done } }));
    });
    note.append(button);
    return note;
  }
}

/** @param {Chat.Attachment} file */
function picture(file) {
  const image = make("img", { src: file.picture, alt: file.name, loading: "lazy", decoding: "async" });
  return make("a", { href: file.picture, target: "_blank", rel: "noopener", title: file.name }, image);
}

/** @param {Chat.Attachment} file */
function row(file) {
  const words = [
    glyph("file"),
    make("span", { class: "files__name", dir: "auto" }, file.name),
    make("span", { class: "files__about" }, sizeWords(file.size_bytes, document.documentElement.lang || undefined)),
  ];
  return file.copy ? make("a", { href: file.copy, download: file.name }, ...words) : make("span", {}, ...words);
}

customElements.define("question-files", QuestionFiles);
