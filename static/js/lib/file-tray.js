/**
 * The files of the next question of every conversation: uploaded a few at a time, each with its progress, canceled,
 * tried again. Knows no document.
 */

import { objectionTo, plainName, tooMany } from "./attaching.js";
import { failureFrom } from "./commands.js";
import { newId } from "./new-id.js";

/** So that a drop of ten leaves a connection for the question itself. */
const AT_ONCE = 3;

/**
 * @typedef {import("./uploading.js").Upload} Upload
 * @typedef {{conversation: string | null, bot: string}} Place where a question is to be asked
 *
 * @typedef {object} Entry
 * @property {string} id of the entry
 * @property {string} bot it was uploaded for
 * @property {File | null} file null for one that was uploaded before this page
 * @property {string} name
 * @property {number} size bytes
 * @property {"waiting" | "uploading" | "failed" | "there"} state
 * @property {number} part of it that is uploaded, 0 to 1
 * @property {string} problem why it failed
 * @property {Chat.Attachment | null} attachment
 * @property {AbortController | null} running
 */

export class FileTray {
  #changed;
  #upload;
  /** @type {Map<string | null, Entry[]>} by conversation */
  #entries = new Map();
  /** @type {Place} */
  #place = { conversation: null, bot: "" };

  /**
   * @param {object} outside
   * @param {(isStep: boolean) => void} outside.changed `isStep`: more than a progress moved
   * @param {(place: Place) => Upload} outside.upload
   */
  constructor({ changed, upload }) {
    this.#changed = changed;
    this.#upload = upload;
  }

  get entries() {
    return this.#entries.get(this.#place.conversation) ?? [];
  }

  get isBusy() {
    return this.entries.some(({ state }) => state === "uploading" || state === "waiting");
  }

  get failed() {
    return this.entries.filter(({ state }) => state === "failed");
  }

  /** @returns {Chat.Attachment[]} what a question can take along now */
  get attachments() {
    return this.entries.flatMap(({ attachment }) => attachment ?? []);
  }

  /** @param {Place} place */
  showFor(place) {
    const isOtherBot = place.conversation === null && this.#place.conversation === null && place.bot !== this.#place.bot;
    this.#place = place;
    // Another bot may be another service, which knows nothing of an upload to the first one.
    if (isOtherBot) for (const entry of this.entries) if (entry.file && entry.bot !== place.bot) this.#begin(entry);
    this.#pump();
    this.#changed(true);
  }

  /** A conversation began: what was attached meanwhile is for its next question. @param {string} conversation */
  carryInto(conversation) {
    this.#entries.set(conversation, this.#entries.get(null) ?? []);
    this.#entries.delete(null);
  }

  /**
   * @param {File[]} files
   * @param {import("./attaching.js").Rules} rules
   * @param {string} [language]
   * @returns {string[]} why some of them cannot go; the others are on their way
   */
  add(files, rules, language) {
    const objections = [];
    for (const file of files) {
      const objection = objectionTo(file, rules, language) || (this.entries.length >= rules.most ? tooMany(file.name, rules.most) : "");
      if (objection) objections.push(objection);
      else this.#append(this.#entryOf(file));
    }
    this.#pump();
    this.#changed(true);
    return objections;
  }

  /**
   * Files that are there already.
   * @param {string | null} conversation
   * @param {Chat.Attachment[]} attachments
   * @param {boolean} [isAll] no other is; what is on its way stays
   */
  put(conversation, attachments, isAll = false) {
    const isWanted = (/** @type {Entry} */ { attachment }) => !isAll || !attachment || attachments.some(({ id }) => id === attachment.id);
    const known = (this.#entries.get(conversation) ?? []).filter(isWanted);
    const fresh = attachments.filter((file) => !known.some((entry) => entry.attachment?.id === file.id));
    this.#entries.set(conversation, [...known, ...fresh.map(entryOfAttachment)]);
    this.#changed(true);
  }

  /** @param {string} id */
  remove(id) {
    const entry = this.entries.find((one) => one.id === id);
    this.#entries.set(this.#place.conversation, this.entries.filter((one) => one !== entry));
    entry?.running?.abort();
    this.#pump();
    this.#changed(true);
  }

  /** @param {string} id */
  retry(id) {
    const entry = this.entries.find((one) => one.id === id);
    if (entry) this.#begin(entry);
    this.#pump();
    this.#changed(true);
  }

  /** @returns {Chat.Attachment[]} they go with the question that is sent now */
  take() {
    const { attachments } = this;
    this.#entries.delete(this.#place.conversation);
    this.#changed(true);
    return attachments;
  }

  /** @param {string | null} conversation */
  clear(conversation) {
    for (const entry of this.#entries.get(conversation) ?? []) entry.running?.abort();
    this.#entries.delete(conversation);
    this.#changed(true);
  }

  /** @param {File} file @returns {Entry} */
  #entryOf(file) {
    const { bot } = this.#place;
    return { id: newId(), bot, file, name: plainName(file.name), size: file.size, state: "waiting", part: 0, problem: "", attachment: null, running: null };
  }

  /** @param {Entry} entry */
  #append(entry) {
    this.#entries.set(this.#place.conversation, [...this.entries, entry]);
  }

  /** @param {Entry} entry from the start */
  #begin(entry) {
    entry.running?.abort();
    Object.assign(entry, { state: "waiting", part: 0, problem: "", attachment: null, running: null, bot: this.#place.bot });
  }

  #pump() {
    const { entries } = this;
    let free = AT_ONCE - entries.filter(({ state }) => state === "uploading").length;
    for (const entry of entries) {
      if (free <= 0) return;
      if (entry.state !== "waiting") continue;
      free -= 1;
      void this.#send(entry);
    }
  }

  /** @param {Entry} entry */
  async #send(entry) {
    const { file } = entry;
    if (!file) return;
    const running = new AbortController();
    Object.assign(entry, { state: "uploading", running });
    const upload = this.#upload(this.#place);
    const progress = (/** @type {number} */ part) => {
      entry.part = part;
      this.#changed(false);
    };
    try {
      const attachment = await upload(file, progress, running.signal);
      if (entry.running !== running) return;
      Object.assign(entry, { state: "there", attachment, name: attachment.name, size: attachment.size_bytes, running: null });
    } catch (error) {
      const { reason, sentence } = failureFrom(error);
      if (entry.running !== running || reason === "canceled") return;
      Object.assign(entry, { state: "failed", problem: sentence || failureWords(reason), running: null });
    }
    this.#pump();
    this.#changed(true);
  }
}

/** @param {Chat.Attachment} attachment @returns {Entry} */
function entryOfAttachment(attachment) {
  const { id, name, size_bytes: size } = attachment;
  return { id, bot: "", file: null, name, size, state: "there", part: 1, problem: "", attachment, running: null };
}

/** @param {string} reason */
function failureWords(reason) {
  if (reason === "network") return gettext("Not uploaded: the site cannot be reached.");
  if (reason === "too_large") return gettext("This file is larger than the site accepts.");
  if (reason === "signed_out") return gettext("Not uploaded: you are signed out.");
  return gettext("The file was not uploaded.");
}

/**
 * What stands under the files, and is read aloud when it changes: at the ends of uploads, never in between.
 * @param {FileTray} tray
 * @param {boolean} isAwaited Send was pressed
 * @returns {string}
 */
export function trayWords(tray, isAwaited) {
  const count = tray.entries.length;
  const there = tray.attachments.length;
  const [failed] = tray.failed;
  if (failed) return interpolate(gettext("%(name)s was not uploaded: try again or remove it."), { name: failed.name }, true);
  if (!tray.isBusy) return "";
  const sentence = isAwaited ? gettext("Sent as soon as the files are there: %(there)s of %(count)s uploaded.") : gettext("%(there)s of %(count)s uploaded");
  return interpolate(sentence, { there, count }, true);
}
