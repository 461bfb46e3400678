/** What every field of a <field-form> has: a label, help and a message, tied to its input for who cannot see them. */

import { make } from "../lib/make.js";

/**
 * @typedef {import("../lib/fields.js").FieldSpec} FieldSpec
 * @typedef {import("../lib/uploading.js").Upload} Upload
 * @typedef {{path: string[], message: string}} Problem
 *
 * @typedef {object} Around
 * @property {() => void} changed a value differs now
 * @property {() => Upload | null} upload
 *
 * @typedef {object} Control
 * @property {FieldSpec} field
 * @property {HTMLElement} element
 * @property {() => unknown} value typed; undefined for nothing
 * @property {() => unknown} kept like `value`, but "" for what was emptied by hand: for drafts
 * @property {(value: unknown) => void} fill
 * @property {() => Problem[]} problems paths begin at the field
 * @property {(path: string[], message: string) => void} say puts a message at the field, "" takes it away
 * @property {(path: string[]) => void} focus
 */

let made = 0;

/** Label, help and message of one field. */
export class Frame {
  #message = make("p", { class: "entry__message", hidden: "" });
  id = `field-${(made += 1)}`;

  /**
   * @param {FieldSpec} field
   * @param {"div" | "fieldset"} tag
   */
  constructor(field, tag) {
    this.field = field;
    this.#message.id = `${this.id}-message`;
    this.element = make(tag, { class: "entry", "data-kind": field.kind });
    this.element.toggleAttribute("data-required", field.required);
    this.help = field.description ? [make("p", { class: "entry__help", id: `${this.id}-help`, dir: "auto" }, field.description)] : [];
  }

  /** @param {"label" | "legend"} tag @returns {HTMLElement[]} nothing for the nameless elements of a list */
  label(tag) {
    if (!this.field.label) return [];
    const attributes = { class: "entry__label", dir: "auto", ...(tag === "label" ? { for: this.id } : {}) };
    return [make(tag, attributes, this.field.label)];
  }

  /** @param {HTMLElement} input what the label, the help and the message are about */
  tie(input) {
    input.id = this.id;
    input.setAttribute("aria-describedby", [...this.help.map((help) => help.id), this.#message.id].join(" "));
    if (!this.field.label) input.setAttribute("aria-label", gettext("Entry"));
    this.input = input;
  }

  get message() {
    return this.#message;
  }

  /** @param {string[]} _path @param {string} message */
  say(_path, message) {
    this.#message.textContent = message;
    this.#message.hidden = message === "";
    if (message) this.input?.setAttribute("aria-invalid", "true");
    else this.input?.removeAttribute("aria-invalid");
  }

  /** @param {string[]} _path */
  focus(_path) {
    this.input?.focus();
  }
}
