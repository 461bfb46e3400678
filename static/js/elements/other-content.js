/** <other-content>: an answer that is no plain text, a card or words with pictures and files, as far as it can be read (M-018). */

import { dress } from "../lib/dress.js";
import { GrowingText } from "../lib/growing-text.js";
import { make } from "../lib/make.js";
import { summaryOf } from "../lib/other-content.js";
import { Pace } from "../lib/pace.js";
import { frameOf } from "../lib/picture-frames.js";
import { sizeWords } from "../lib/uploading.js";

/** @typedef {import("../lib/other-content.js").Found} Found */

export class OtherContent extends HTMLElement {
  /** Of its texts, which are drawn a slice of time a frame. @type {Pace[]} */
  #paces = [];

  /** @param {Chat.Message} message that is complete */
  constructor(message) {
    super();
    const summary = summaryOf(message);
    this.append(...(summary ? this.#partsOf(summary, message.content_type === "card") : [this.#markdown(message.text)]));
  }

  /** @param {import("../lib/other-content.js").Summary} summary @param {boolean} isCard @returns {HTMLElement[]} */
  #partsOf(summary, isCard) {
    const texts = summary.texts.map((text) => (isCard ? make("p", { dir: "auto", class: "other__text" }, text) : this.#markdown(text)));
    const title = summary.title ? [make("p", { class: "other__title", dir: "auto" }, summary.title)] : [];
    const pictures = summary.pictures.map(({ url, name }) => frameOf(url, name));
    const files = summary.files.length ? [make("ul", { class: "other__files" }, ...summary.files.map(fileOf))] : [];
    const buttons = summary.buttons.length ? [buttonsOf(summary.buttons)] : [];
    const parts = [...title, ...texts, ...pictures, ...files, ...buttons];
    this.classList.toggle("other--card", isCard);
    return parts.length ? parts : [make("p", { class: "message__note" }, gettext("This card has nothing that can be shown here."))];
  }

  /** @param {string} text */
  #markdown(text) {
    const root = make("div", { class: "prose" });
    const growing = new GrowingText(root, dress);
    const draw = () => growing.show(text, false);
    if (draw()) return root;
    const pace = new Pace(draw);
    this.#paces.push(pace);
    pace.ask();
    return root;
  }

  /** Draws all of it now. */
  flush() {
    for (const pace of this.#paces) pace.flush();
  }
}

/** @param {Found} file */
function fileOf({ url, name, size }) {
  const host = URL.canParse(url) ? new URL(url).host : "";
  const words = name || host || gettext("File");
  const link = { href: url, title: host, target: "_blank", rel: "noopener noreferrer nofollow ugc", dir: "auto" };
  const about = [size === null ? "" : sizeWords(size), host && host !== words ? host : ""].filter(Boolean).join(" · ");
  return make("li", {}, host ? make("a", link, words) : make("bdi", {}, words), ...(about ? [make("span", { class: "other__about" }, about)] : []));
}

/** Named, so that nobody misses them, but they would work in Coze's own programs only. @param {string[]} names */
function buttonsOf(names) {
  const list = make("ul", { class: "chips" }, ...names.map((name) => make("li", { class: "other__button", dir: "auto" }, name)));
  return make("div", {}, make("p", { class: "message__note" }, gettext("The card offers:")), list);
}

customElements.define("other-content", OtherContent);
