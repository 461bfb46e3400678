/** Fields of a <field-form> that one input shows: text, numbers, dates, choices, a file. */

import { problemOf, rawOf, valueOf } from "../lib/field-values.js";
import { make } from "../lib/make.js";
import { Frame } from "./field-frame.js";
import { FileField } from "./file-field.js";

/** @typedef {import("./field-frame.js").Around} Around */
/** @typedef {import("./field-frame.js").Control} Control */
/** @typedef {import("./field-frame.js").FieldSpec} FieldSpec */

/** One input, text area, checkbox or list to choose from. @implements {Control} */
export class SingleControl extends Frame {
  #input;
  #isTouched = false;

  /** @param {FieldSpec} field @param {Around} around */
  constructor(field, around) {
    super(field, "div");
    this.#input = inputOf(field);
    this.tie(this.#input);
    if (field.required) this.#input.setAttribute("aria-required", "true");
    const label = this.label("label");
    const parts = field.kind === "boolean" ? [make("div", { class: "entry__check" }, this.#input, ...label)] : [...label, this.#input];
    this.element.append(...parts, ...this.help, this.message);
    this.#input.addEventListener("input", () => {
      this.#isTouched = true;
      this.say([], "");
      around.changed();
    });
    this.fill(field.initial);
  }

  get #raw() {
    const input = this.#input;
    if (!(input instanceof HTMLInputElement) || input.type !== "checkbox") return timed(this.field, input.value);
    // An optional box that nobody touched says nothing; "no" would be a lie.
    return this.#isTouched ? input.checked : undefined;
  }

  value() {
    return valueOf(this.field, this.#raw);
  }

  kept() {
    return this.value() ?? (this.#isTouched ? "" : undefined);
  }

  /** @param {unknown} value */
  fill(value) {
    const input = this.#input;
    this.#isTouched = value !== undefined && value !== null;
    if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value === true || value === "true";
    else input.value = shown(this.field, value);
  }

  problems() {
    // A date half typed has no value, and the browser knows that it is wrong.
    const isHalf = this.#input.validity?.badInput ?? false;
    const message = isHalf ? gettext("This is not complete.") : problemOf(this.field, this.#raw);
    return message ? [{ path: [], message }] : [];
  }
}

/** @param {FieldSpec} field @param {string} raw */
function timed(field, raw) {
  return field.input === "time" && raw.length === 5 ? `${raw}:00` : raw;
}

/** @param {FieldSpec} field @param {unknown} value */
function shown(field, value) {
  const raw = rawOf(field, value);
  return field.input === "time" ? raw.slice(0, 8) : raw;
}

/** @param {FieldSpec} field @returns {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
function inputOf({ kind, choices = [], input }) {
  switch (kind) {
    case "long": return make("textarea", { class: "entry__input", rows: "3", dir: "auto" });
    case "json": return make("textarea", { class: "entry__input entry__input--code", rows: "3", spellcheck: "false", dir: "ltr" });
    case "boolean": return make("input", { type: "checkbox" });
    case "choice": {
      const options = choices.map(({ label }, index) => make("option", { value: String(index) }, label));
      return make("select", { class: "entry__input" }, make("option", { value: "" }, gettext("Choose…")), ...options);
    }
    // Not type=number: that throws away what it cannot read, and the wheel changes it unseen.
    case "integer": return make("input", { class: "entry__input", type: "text", inputmode: "numeric", autocomplete: "off" });
    case "number": return make("input", { class: "entry__input", type: "text", inputmode: "decimal", autocomplete: "off" });
    case "time": return make("input", { class: "entry__input", type: "datetime-local" });
    case "date": return make("input", { class: "entry__input", type: "date" });
    default: return make("input", { class: "entry__input", type: input ?? "text", dir: "auto", autocomplete: "off" });
  }
}

/** A few choices side by side, one of which is needed. @implements {Control} */
export class RadioControl extends Frame {
  /** @type {HTMLInputElement[]} */
  #radios = [];

  /** @param {FieldSpec} field @param {Around} around */
  constructor(field, around) {
    super(field, "fieldset");
    const choices = (field.choices ?? []).map(({ label }, index) => {
      const radio = make("input", { type: "radio", name: this.id, value: String(index) });
      this.#radios.push(radio);
      return make("label", { class: "entry__choice", dir: "auto" }, radio, make("span", {}, label));
    });
    this.element.setAttribute("role", "radiogroup");
    this.element.setAttribute("aria-required", "true");
    this.element.append(...this.label("legend"), make("div", { class: "entry__choices" }, ...choices), ...this.help, this.message);
    this.element.addEventListener("input", () => {
      this.say([], "");
      around.changed();
    });
    this.tie(this.element);
    this.fill(field.initial);
  }

  value() {
    return valueOf(this.field, this.#radios.find((radio) => radio.checked)?.value);
  }

  kept() {
    return this.value();
  }

  /** @param {unknown} value */
  fill(value) {
    const raw = rawOf(this.field, value);
    for (const radio of this.#radios) radio.checked = radio.value === raw;
  }

  problems() {
    return this.value() === undefined ? [{ path: [], message: gettext("Choose one.") }] : [];
  }

  focus() {
    (this.#radios.find((radio) => radio.checked) ?? this.#radios[0])?.focus();
  }
}

/** @implements {Control} */
export class FileControl extends Frame {
  #file = new FileField();

  /** @param {FieldSpec} field @param {Around} around */
  constructor(field, around) {
    super(field, "div");
    const label = this.label("label");
    for (const one of label) one.id = `${this.id}-label`;
    this.#file.start({ upload: around.upload, accept: field.accept ?? "", name: field.label || gettext("Entry") });
    this.tie(this.#file.button);
    this.element.append(...label, this.#file, ...this.help, this.message);
    this.#file.addEventListener("file-changed", () => {
      this.say([], "");
      around.changed();
    });
    this.fill(field.initial);
  }

  value() {
    return this.#file.value || undefined;
  }

  /** @returns {unknown} with the name, which a value has not */
  kept() {
    return this.#file.kept ?? undefined;
  }

  /** @param {unknown} value */
  fill(value) {
    this.#file.fill(value);
  }

  problems() {
    const message = this.#file.problem || (this.field.required && !this.#file.value ? gettext("Choose a file.") : "");
    return message ? [{ path: [], message }] : [];
  }
}
