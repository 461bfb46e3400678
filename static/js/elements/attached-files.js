/**
 * <attached-files>: the files of the next question as chips above the text. Emits `files-changed`, and `files-there`
 * when what Send waited for is uploaded.
 */

import { csrfToken } from "../lib/csrf.js";
import { FileTray, trayWords } from "../lib/file-tray.js";
import { glyph } from "../lib/glyphs.js";
import { arrange, make } from "../lib/make.js";
import { enableStyle } from "../lib/styles.js";
import { createUpload, sizeWords } from "../lib/uploading.js";
import { thumbnailOf } from "./thumbnail.js";

/** @typedef {import("../lib/file-tray.js").Entry} Entry */

export class AttachedFiles extends HTMLElement {
  #list = make("ul", { class: "attached__list" });
  #note = make("p", { class: "attached__note", role: "status" });
  #objections = make("div", { class: "attached__objections", role: "alert" });
  /** @type {Map<string, HTMLElement>} by the entry's id */
  #chips = new Map();
  #tray = new FileTray({ changed: (isStep) => this.#moved(isStep), upload: uploadFor });
  /** @type {import("../lib/attaching.js").Rules} */
  #rules = { kinds: [], most: 0, types: [], maxBytes: 0 };
  #isAwaited = false;
  /** @type {Chat.Page | null} */
  #page = null;

  connectedCallback() {
    if (this.#list.isConnected) return;
    enableStyle("files");
    this.classList.add("attached");
    this.#list.setAttribute("aria-label", gettext("Attached files"));
    this.append(this.#list, this.#objections, this.#note);
    this.addEventListener("click", (event) => this.#clicked(event));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
  }

  get tray() {
    return this.#tray;
  }

  /** @param {Chat.Bot | undefined} bot @param {string | null} conversation */
  showFor(bot, conversation) {
    const settings = this.#page?.store.get().settings;
    this.#rules = { kinds: bot?.file_kinds ?? [], most: bot?.most_files ?? 0, types: bot?.file_types ?? [], maxBytes: settings?.maxFileBytes ?? 0 };
    this.#isAwaited = false;
    this.#objections.replaceChildren();
    this.#tray.showFor({ conversation, bot: bot?.id ?? "" });
  }

  /** @param {File[]} files */
  add(files) {
    const objections = this.#tray.add(files, this.#rules, document.documentElement.lang || undefined);
    this.#objections.replaceChildren(...objections.map((words) => make("p", { dir: "auto" }, words)));
    this.#draw();
  }

  /** @returns {boolean} whether a question can go out; otherwise the note says what it waits for, or why not */
  isReadyToGo() {
    this.#isAwaited = this.#tray.isBusy && !this.#tray.failed.length;
    this.#draw();
    return !this.#tray.isBusy && !this.#tray.failed.length;
  }

  /** @returns {Chat.Attachment[]} */
  take() {
    this.#objections.replaceChildren();
    return this.#tray.take();
  }

  /** @param {boolean} isStep */
  #moved(isStep) {
    if (!isStep) return this.#drawProgress();
    this.#draw();
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
    if (!this.#isAwaited || this.#tray.isBusy) return;
    this.#isAwaited = false;
    if (this.#tray.attachments.length && !this.#tray.failed.length) this.dispatchEvent(new CustomEvent("files-there", { bubbles: true }));
  }

  #draw() {
    const { entries } = this.#tray;
    for (const id of [...this.#chips.keys()]) if (!entries.some((entry) => entry.id === id)) this.#chips.delete(id);
    arrange(this.#list, entries.map((entry) => this.#chip(entry)));
    const words = trayWords(this.#tray, this.#isAwaited);
    if (this.#note.textContent !== words) this.#note.textContent = words;
    this.#note.toggleAttribute("data-problem", this.#tray.failed.length > 0);
    this.hidden = entries.length === 0 && !this.#objections.hasChildNodes();
    this.#drawProgress();
  }

  #drawProgress() {
    for (const entry of this.#tray.entries) {
      const bar = this.#chips.get(entry.id)?.querySelector("progress");
      if (bar) bar.value = entry.part;
    }
  }

  /** @param {Entry} entry */
  #chip(entry) {
    const chip = this.#chips.get(entry.id) ?? newChip(entry);
    this.#chips.set(entry.id, chip);
    if (chip.dataset.state === entry.state) return chip;
    chip.dataset.state = entry.state;
    const about = chip.querySelector(".attached__about");
    if (about) about.textContent = entry.state === "failed" ? entry.problem : sizeWords(entry.size, document.documentElement.lang || undefined);
    const name = chip.querySelector(".attached__name");
    if (name) name.textContent = entry.name;
    chip.querySelector("progress")?.toggleAttribute("hidden", entry.state !== "uploading" && entry.state !== "waiting");
    chip.querySelector("[data-does=retry]")?.toggleAttribute("hidden", entry.state !== "failed" || entry.file === null);
    const isRunning = entry.state === "uploading" || entry.state === "waiting";
    const drop = chip.querySelector("[data-does=remove]");
    drop?.setAttribute("aria-label", interpolate(isRunning ? gettext("Cancel %(name)s") : gettext("Remove %(name)s"), { name: entry.name }, true));
    return chip;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const chip = button?.closest(".attached__file");
    const [id] = [...this.#chips].find(([, one]) => one === chip) ?? [];
    if (!button || !id) return;
    this.#objections.replaceChildren();
    if (button.dataset.does === "retry") return this.#tray.retry(id);
    const next = chip?.nextElementSibling ?? chip?.previousElementSibling;
    this.#tray.remove(id);
    const target = next?.querySelector("[data-does=remove]") ?? this.closest("chat-composer")?.querySelector("textarea");
    if (target instanceof HTMLElement) target.focus();
  }
}

/** @param {Entry} entry */
function newChip(entry) {
  const retry = make("button", { type: "button", class: "button button--small", "data-does": "retry", hidden: "" }, gettext("Try again"));
  retry.setAttribute("aria-label", interpolate(gettext("Try again: %(name)s"), { name: entry.name }, true));
  return make(
    "li",
    { class: "attached__file" },
    make("span", { class: "attached__picture" }, thumbnailOf(entry.file, entry.attachment)),
    make("span", { class: "attached__words" }, make("span", { class: "attached__name", dir: "auto" }), make("span", { class: "attached__about", dir: "auto" })),
    make("progress", { class: "attached__bar", max: "1", "aria-label": interpolate(gettext("Uploading %(name)s"), { name: entry.name }, true) }),
    retry,
    make("button", { type: "button", class: "attached__drop", "data-does": "remove" }, glyph("close")),
  );
}

/** @param {import("../lib/file-tray.js").Place} place */
function uploadFor({ conversation, bot }) {
  const path = conversation ? `/c/${conversation}/files/` : `/bots/${bot}/files/`;
  return createUpload({ path, csrfToken, fields: { for: "question" } });
}

customElements.define("attached-files", AttachedFiles);
