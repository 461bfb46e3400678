/**
 * <file-field>: one file, picked or dropped, uploaded at once with progress. Its value is "file:<uuid>", or "" while
 * there is none. Emits `file-changed`.
 */

import { failureFrom } from "../lib/commands.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";
import { sizeWords } from "../lib/uploading.js";

/** @typedef {import("../lib/uploading.js").Upload} Upload */

export class FileField extends HTMLElement {
  #input = make("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  #pick = make("button", { type: "button", class: "file__pick" });
  #pickWords = make("span", {}, gettext("Choose a file or drop it here"));
  #name = make("span", { class: "file__name", dir: "auto" });
  #about = make("span", { class: "file__about" });
  #bar = make("progress", { class: "file__bar", max: "1" });
  #drop = make("button", { type: "button", class: "button button--small button--plain" });
  #again = make("button", { type: "button", class: "button button--small" }, gettext("Try again"));
  #chosen = make("div", { class: "file__chosen", hidden: "" });
  /** @type {() => Upload | null} */
  #upload = () => null;
  /** @type {File | null} */
  #file = null;
  /** @type {{value: string, name: string, about: string} | null} */
  #attached = null;
  /** @type {AbortController | null} */
  #running = null;
  #failure = "";

  /** @param {{upload: () => Upload | null, accept: string, name: string, words?: string}} options */
  start({ upload, accept, name, words }) {
    this.#upload = upload;
    if (accept) this.#input.accept = accept;
    this.className = "file";
    if (words) this.#pickWords.textContent = words;
    // Whoever speaks to their computer says what they see on the button.
    const seen = { name, words: this.#pickWords.textContent };
    this.#pick.setAttribute("aria-label", interpolate(gettext("%(name)s: %(words)s"), seen, true));
    this.#pick.append(glyph("file"), this.#pickWords);
    this.#chosen.append(glyph("file"), this.#name, this.#about, this.#bar, this.#again, this.#drop);
    this.append(this.#input, this.#pick, this.#chosen);
    this.#pick.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => this.#take(this.#input.files?.[0]));
    this.#drop.addEventListener("click", () => this.#remove());
    this.#again.addEventListener("click", () => this.#take(this.#file));
    this.#listenForDrops();
    this.#draw();
  }

  /** What a label points at. */
  get button() {
    return this.#pick;
  }

  get value() {
    return this.#attached?.value ?? "";
  }

  /** @returns {{value: string, name: string, about: string} | null} for a draft */
  get kept() {
    return this.#attached;
  }

  /** @returns {string} why it cannot be sent now, or "" */
  get problem() {
    if (this.#running) return gettext("The file is still on its way.");
    return this.#failure;
  }

  /** @param {unknown} value a value, what `kept` gave, or nothing */
  fill(value) {
    const { value: text, name = "", about = "" } = /** @type {any} */ (typeof value === "object" && value !== null ? value : { value });
    this.#running?.abort();
    this.#attached = typeof text === "string" && text ? { value: text, name: String(name), about: String(about) } : null;
    this.#failure = "";
    this.#draw();
  }

  #listenForDrops() {
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.toggleAttribute("data-over", true);
    });
    this.addEventListener("dragleave", () => this.toggleAttribute("data-over", false));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.toggleAttribute("data-over", false);
      if (!this.#pick.matches(":disabled")) void this.#take(event.dataTransfer?.files[0]);
    });
  }

  /** @param {File | null | undefined} file */
  async #take(file) {
    const upload = this.#upload();
    if (!file || !upload) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#file = file;
    this.#running = running;
    this.#attached = null;
    this.#failure = "";
    this.#bar.value = 0;
    this.#draw();
    try {
      const attachment = await upload(file, (part) => (this.#bar.value = part), running.signal);
      if (this.#running !== running) return;
      const about = sizeWords(attachment.size_bytes, document.documentElement.lang || undefined);
      this.#attached = { value: `file:${attachment.id}`, name: attachment.name, about };
    } catch (error) {
      const { reason, sentence } = failureFrom(error);
      if (this.#running !== running) return;
      this.#failure = reason === "canceled" ? "" : sentence || failureWords(reason);
    }
    this.#running = null;
    this.#draw();
    this.#changed();
  }

  #remove() {
    const running = this.#running;
    this.#running = null;
    running?.abort();
    this.#attached = null;
    this.#file = null;
    this.#failure = "";
    this.#input.value = "";
    this.#draw();
    this.#changed();
    this.#pick.focus();
  }

  #draw() {
    const isChosen = this.#running !== null || this.#attached !== null || this.#failure !== "";
    this.dataset.state = this.#running ? "uploading" : this.#failure ? "failed" : this.#attached ? "there" : "empty";
    this.#pick.hidden = isChosen;
    this.#chosen.hidden = !isChosen;
    this.#name.textContent = this.#attached?.name || this.#file?.name || gettext("A file");
    this.#about.textContent = this.#failure || this.#attached?.about || "";
    this.#bar.hidden = this.#running === null;
    this.#bar.setAttribute("aria-label", gettext("Uploading"));
    this.#again.hidden = this.#failure === "" || this.#file === null;
    this.#drop.textContent = this.#running ? gettext("Cancel") : gettext("Remove");
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("file-changed", { bubbles: true }));
  }
}

/** @param {string} reason */
function failureWords(reason) {
  if (reason === "network") return gettext("Not uploaded: the site cannot be reached.");
  if (reason === "too_large") return gettext("This file is larger than the site accepts.");
  return gettext("The file was not uploaded.");
}

customElements.define("file-field", FileField);
