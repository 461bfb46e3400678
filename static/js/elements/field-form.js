/**
 * <field-form>: asks for values by a list of fields (lib/fields.js). It knows nothing of what they are for, and has
 * no buttons: whoever shows it puts it into a <form> and submits.
 *
 *     const form = new FieldForm();
 *     form.upload = (file, progress, signal) => …;        // only for fields of kind "file" (lib/uploading.js)
 *     form.fill(fieldsOfSchema(bot.parameters) ?? [], bot.kept_parameters);
 *     form.addEventListener("fields-changed", …);         // bubbles, at every change by hand
 *     if (form.problems().length === 0) send(form.values);
 *
 * Values are typed; what is optional and untouched is left out. A file is "file:<uuid>".
 */

import { enableStyle } from "../lib/styles.js";
import { ObjectControl } from "./field-groups.js";

/** @typedef {import("../lib/fields.js").FieldSpec} FieldSpec */
/** @typedef {import("./field-frame.js").Problem} Problem */

export class FieldForm extends HTMLElement {
  /** @type {import("../lib/uploading.js").Upload | null} */
  upload = null;
  /** @type {((values: Record<string, unknown>) => Problem[]) | null} what else must hold, asked when each field is right by itself */
  check = null;
  /** @type {ObjectControl | null} */
  #root = null;
  #seed = "";

  connectedCallback() {
    this.classList.add("fields");
  }

  /**
   * Shows the fields with these values. The same fields again change nothing: what was typed stays.
   * @param {FieldSpec[]} fields
   * @param {Record<string, unknown> | null} [values] typed, or as `kept` gave them; they outrank `initial`
   */
  fill(fields, values = null) {
    const seed = JSON.stringify(fields);
    if (seed === this.#seed) return;
    this.#seed = seed;
    const kept = { ...values, ...this.kept };
    const all = { name: "", label: "", description: "", kind: /** @type {const} */ ("object"), required: true, initial: undefined, fields };
    this.#root = new ObjectControl(all, { changed: () => this.#changed(), upload: () => this.upload });
    this.#root.fill(kept);
    // The outermost frame is the form itself: no fieldset around everything.
    this.replaceChildren(...this.#root.element.children);
  }

  /** Puts values into the fields that are named; the others stay. @param {Record<string, unknown>} values */
  put(values) {
    this.#root?.fill(values);
  }

  /** @returns {Record<string, unknown>} */
  get values() {
    return this.#root?.value() ?? {};
  }

  /** @returns {Record<string, unknown>} for a draft: what was emptied by hand is "", a file has its name */
  get kept() {
    return /** @type {Record<string, unknown>} */ (this.#root?.kept() ?? {});
  }

  /**
   * Puts a message at every field that is wrong and focuses the first.
   * @returns {Problem[]} empty when the values can be sent
   */
  problems() {
    const own = this.#root?.problems() ?? [];
    const problems = own.length ? own : (this.check?.(this.values) ?? []);
    this.#root?.say([], "");
    for (const { path, message } of problems) this.#root?.say(path, message);
    if (problems[0]) this.#root?.focus(problems[0].path);
    return problems;
  }

  focus() {
    this.#root?.focus([]);
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("fields-changed", { bubbles: true }));
  }
}

enableStyle("entry");
customElements.define("field-form", FieldForm);
