/** Fields of a <field-form> that hold other fields: objects and lists, at any depth. */

import { arrange, make } from "../lib/make.js";
import { Frame } from "./field-frame.js";
import { FileControl, RadioControl, SingleControl } from "./field-inputs.js";

/** @typedef {import("./field-frame.js").Around} Around */
/** @typedef {import("./field-frame.js").Control} Control */
/** @typedef {import("./field-frame.js").FieldSpec} FieldSpec */

/** Up to so many choices all are seen at once. */
const FEW = 4;
/** @param {FieldSpec} field @param {Around} around @returns {Control} */
export function controlOf(field, around) {
  switch (field.kind) {
    case "object": return new ObjectControl(field, around);
    case "list": return new ListControl(field, around);
    case "file": return new FileControl(field, around);
    case "choice": return field.required && (field.choices ?? []).length <= FEW ? new RadioControl(field, around) : new SingleControl(field, around);
    default: return new SingleControl(field, around);
  }
}

/** Fields in a frame of their own, at any depth. @implements {Control} */
export class ObjectControl extends Frame {
  /** @type {Map<string, Control>} */
  #parts = new Map();

  /** @param {FieldSpec} field @param {Around} around */
  constructor(field, around) {
    super(field, "fieldset");
    for (const part of field.fields ?? []) this.#parts.set(part.name, controlOf(part, around));
    const parts = [...this.#parts.values()].map((part) => part.element);
    this.element.append(...this.label("legend"), ...this.help, ...parts, this.message);
    this.fill(field.initial);
  }

  /** @returns {Record<string, unknown> | undefined} */
  value() {
    return this.#collect((part) => part.value());
  }

  kept() {
    return this.#collect((part) => part.kept());
  }

  /** @param {(part: Control) => unknown} of */
  #collect(of) {
    const pairs = [...this.#parts].map(([name, part]) => [name, of(part)]);
    const given = pairs.filter(([, value]) => value !== undefined);
    return given.length || this.field.required ? Object.fromEntries(given) : undefined;
  }

  /** Only what is named; the rest stays. @param {unknown} value */
  fill(value) {
    if (typeof value !== "object" || value === null) return;
    for (const [name, part] of this.#parts) {
      if (Object.hasOwn(value, name)) part.fill(/** @type {any} */ (value)[name]);
    }
  }

  problems() {
    // What is optional and untouched may stay unfilled, whatever its parts need.
    if (this.value() === undefined) return [];
    return [...this.#parts].flatMap(([name, part]) => part.problems().map(({ path, message }) => ({ path: [name, ...path], message })));
  }

  /** @param {string[]} path @param {string} message */
  say(path, message) {
    const part = this.#parts.get(path[0] ?? "");
    if (part) part.say(path.slice(1), message);
    else super.say(path, message);
    if (!message && !path.length) for (const one of this.#parts.values()) one.say([], "");
  }

  /** @param {string[]} path */
  focus(path) {
    const part = this.#parts.get(path[0] ?? "") ?? this.#parts.values().next().value;
    part?.focus(path.slice(1));
  }
}

/** @implements {Control} */
class ListControl extends Frame {
  /** @type {Control[]} */
  #items = [];
  #rows = make("div", { class: "entry__rows" });
  #add = make("button", { type: "button", class: "button button--small entry__add" }, gettext("Add"));
  #around;
  #isTouched = false;

  /** @param {FieldSpec} field @param {Around} around */
  constructor(field, around) {
    super(field, "fieldset");
    this.#around = around;
    this.element.append(...this.label("legend"), ...this.help, this.#rows, this.#add, this.message);
    this.#add.addEventListener("click", () => this.#added());
    this.#rows.addEventListener("keydown", (event) => this.#pressed(event));
    this.input = this.#add;
    this.fill(field.initial);
  }

  /** @returns {unknown[] | undefined} */
  value() {
    const values = this.#items.map((item) => item.value()).filter((value) => value !== undefined);
    return values.length || this.field.required || this.#isTouched ? values : undefined;
  }

  kept() {
    return this.#items.length || this.#isTouched ? this.#items.map((item) => item.kept() ?? "") : undefined;
  }

  /** @param {unknown} value */
  fill(value) {
    const { item } = this.field;
    if (!item || (value !== undefined && value !== "" && !Array.isArray(value))) return;
    this.#items = (value || []).map((/** @type {unknown} */ one) => {
      const control = controlOf(item, this.#around);
      control.fill(one);
      return control;
    });
    this.#draw();
  }

  problems() {
    if (this.field.required && this.value()?.length === 0) return [{ path: [], message: gettext("Add at least one.") }];
    return this.#items.flatMap((item, index) => item.problems().map(({ path, message }) => ({ path: [String(index), ...path], message })));
  }

  /** @param {string[]} path @param {string} message */
  say(path, message) {
    const item = this.#items[Number(path[0] ?? NaN)];
    if (item) item.say(path.slice(1), message);
    else super.say(path, message);
    if (!message && !path.length) for (const one of this.#items) one.say([], "");
  }

  /** @param {string[]} path */
  focus(path) {
    const item = this.#items[Number(path[0] ?? NaN)];
    if (item) item.focus(path.slice(1));
    else this.#add.focus();
  }

  #added() {
    if (!this.field.item) return;
    const control = controlOf(this.field.item, this.#around);
    this.#items.push(control);
    this.#changed();
    control.focus([]);
  }

  /** Enter in a row of a list means one more, as in every list; submitting is Ctrl or Cmd with Enter. @param {KeyboardEvent} event */
  #pressed(event) {
    const isPlain = event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && !event.ctrlKey && !event.metaKey;
    if (!isPlain || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#added();
  }

  /** @param {Control} item */
  #removed(item) {
    const index = this.#items.indexOf(item);
    this.#items.splice(index, 1);
    this.#changed();
    const next = this.#items[Math.min(index, this.#items.length - 1)];
    if (next) next.focus([]);
    else this.#add.focus();
  }

  #changed() {
    this.#isTouched = true;
    this.say([], "");
    this.#draw();
    this.#around.changed();
  }

  /** @type {Map<Control, HTMLElement>} */
  #drawn = new Map();

  #draw() {
    const rows = this.#items.map((item) => this.#drawn.get(item) ?? this.#row(item));
    this.#drawn = new Map(this.#items.map((item, index) => [item, /** @type {HTMLElement} */ (rows[index])]));
    arrange(this.#rows, rows);
  }

  /** @param {Control} item */
  #row(item) {
    const remove = make("button", { type: "button", class: "icon-button icon-button--small", "aria-label": gettext("Remove"), title: gettext("Remove") }, "×");
    remove.addEventListener("click", () => this.#removed(item));
    return make("div", { class: "entry__row" }, item.element, remove);
  }
}
