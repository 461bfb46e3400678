/**
 * <tool-output>: what a person gives a tool call back: a form by the tool's schema, JSON, plain words, a place.
 * Switching keeps the values. An Entry (action-card.js); emits `entry-changed`.
 */

import { fieldsOfSchema } from "../lib/fields.js";
import { make } from "../lib/make.js";
import { checkOf } from "../lib/schema-words.js";
import { FieldForm } from "./field-form.js";
import { FileField } from "./file-field.js";
import { JsonEditor } from "./json-editor.js";
import { LocationOutput } from "./location-output.js";

/** @typedef {"form" | "json" | "text" | "place"} Mode */

export class ToolOutput extends HTMLElement {
  #form = new FieldForm();
  #json = new JsonEditor();
  #place = new LocationOutput();
  #file = new FileField();
  #attached = make("p", { class: "json__hint", role: "status", hidden: "" });
  #switch = make("div", { class: "switch", role: "group", "aria-label": gettext("How to answer") });
  #complaint = make("p", { class: "entry__message", role: "alert", hidden: "" });
  #fields = /** @type {import("../lib/fields.js").FieldSpec[]} */ ([]);
  /** What the JSON has and the form does not show. @type {Record<string, unknown>} */
  #more = {};
  /** @type {Mode[]} */
  #modes = ["text"];
  /** @type {Mode} */
  #mode = "text";

  /** @param {Chat.Action} action @param {import("../lib/uploading.js").Upload} upload */
  start(action, upload) {
    const schema = action.tool?.schema ?? null;
    this.#fields = fieldsOfSchema(schema) ?? [];
    this.#modes = modesOf(action, this.#fields.length > 0);
    this.#json.start({ isFree: !schema, label: gettext("Output") });
    this.#place.start();
    this.#form.upload = upload;
    this.#form.fill(this.#fields);
    this.#file.start({ upload: () => upload, accept: "", name: gettext("Output"), words: gettext("Attach a file") });
    this.className = "output";
    this.append(this.#switch, this.#form, this.#place, this.#json, this.#file, this.#attached, this.#complaint);
    this.#listen();
    this.#drawSwitch();
    this.#show(/** @type {Mode} */ (this.#modes[0]));
    if (schema) void this.#loadCheck(schema);
  }

  #listen() {
    for (const name of ["fields-changed", "json-changed", "place-changed"]) {
      this.addEventListener(name, () => {
        this.#complain("");
        this.dispatchEvent(new CustomEvent("entry-changed", { bubbles: true }));
      });
    }
    this.#file.addEventListener("file-changed", () => this.#attach());
  }

  /** @param {Record<string, any>} schema */
  async #loadCheck(schema) {
    const check = await checkOf(schema);
    this.#form.check = (values) => check({ ...this.#more, ...values });
    this.#json.check = check;
  }

  /** @returns {string | null} null when something is wrong: it says what, and takes the focus */
  output() {
    if (this.#mode === "form") return this.#form.problems().length ? null : this.#formText(0);
    if (this.#mode === "place") return this.#place.isRight() ? this.#place.value : null;
    if (this.#mode === "text" && this.#file.problem) return this.#complain(this.#file.problem), null;
    return this.#json.isRight() ? this.#json.value : null;
  }

  /** @returns {Record<string, any>} everything typed, in every mode */
  get draft() {
    return {
      mode: this.#mode,
      ...(this.#fields.length ? { values: this.#form.kept, more: this.#more } : {}),
      ...(this.#modes.includes("place") ? { place: this.#place.kept } : {}),
      text: this.#json.value,
    };
  }

  /** @param {Record<string, any>} draft */
  put({ mode, values, more, place, text }) {
    if (isMap(values)) this.#form.put(values);
    if (isMap(more)) this.#more = more;
    if (isMap(place)) this.#place.put(place);
    if (typeof text === "string" && text !== this.#json.value) this.#json.value = text;
    if (this.#modes.includes(mode)) this.#show(mode);
  }

  /** @param {string} output what was entered before */
  fill(output) {
    this.#json.value = output;
    this.#place.fill(output);
    const value = parsed(output);
    if (this.#fields.length && isMap(value)) this.#take(value);
  }

  /** @returns {string} for the clipboard */
  get words() {
    if (this.#mode === "form") return Object.keys(this.#form.values).length ? this.#formText(2) : "";
    return this.#mode === "place" ? this.#place.value : this.#json.value;
  }

  focus() {
    ({ form: this.#form, place: this.#place, json: this.#json, text: this.#json })[this.#mode].focus();
  }

  /** @param {number} indent */
  #formText(indent) {
    return JSON.stringify({ ...this.#more, ...this.#form.values }, null, indent);
  }

  /** @param {Mode} mode */
  #turnTo(mode) {
    if (mode === this.#mode) return;
    if (this.#mode === "form" && mode === "json") this.#json.value = this.#formText(2);
    if (this.#mode === "json" && mode === "form" && !this.#takeText()) return;
    if (this.#mode === "place" && !this.#json.value) this.#json.value = this.#place.value;
    this.#show(mode);
    this.focus();
    this.dispatchEvent(new CustomEvent("entry-changed", { bubbles: true }));
  }

  /** @returns {boolean} whether the form can show what the editor holds */
  #takeText() {
    const text = this.#json.value.trim();
    const value = text === "" ? {} : parsed(text);
    if (!isMap(value)) {
      this.#complain(gettext("The form can show this as soon as it is a valid JSON object."));
      return false;
    }
    this.#take(value);
    return true;
  }

  /** @param {Record<string, unknown>} value */
  #take(value) {
    const names = this.#fields.map((field) => field.name);
    this.#more = Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
    // What the JSON leaves out is empty in the form as well.
    this.#form.put(Object.fromEntries(names.map((name) => [name, Object.hasOwn(value, name) ? value[name] : undefined])));
  }

  /** @param {Mode} mode */
  #show(mode) {
    this.#mode = mode;
    this.dataset.mode = mode;
    this.#form.hidden = mode !== "form";
    this.#place.hidden = mode !== "place";
    this.#json.hidden = mode !== "json" && mode !== "text";
    this.#file.hidden = mode !== "text";
    this.#complain("");
    for (const button of this.#switch.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  }

  #drawSwitch() {
    this.#switch.hidden = this.#modes.length < 2;
    const words = { form: gettext("Form"), json: gettext("JSON"), text: gettext("Text"), place: gettext("Place") };
    for (const mode of this.#modes) {
      const button = make("button", { type: "button", class: "switch__part", "data-mode": mode }, words[mode]);
      button.addEventListener("click", () => this.#turnTo(mode));
      this.#switch.append(button);
    }
  }

  /** The mark of an uploaded file goes where the cursor is; the site puts the bot's own id there. */
  #attach() {
    const { kept, value } = this.#file;
    if (!kept || !value) return;
    const isBare = this.#json.value.trim() === "";
    this.#json.insert(isBare ? value : JSON.stringify(value));
    this.#attached.textContent = interpolate(gettext("%(mark)s stands for %(name)s."), { mark: `${value.slice(0, 13)}…`, name: kept.name }, true);
    this.#attached.hidden = false;
    this.#file.fill(undefined);
  }

  /** @param {string} words */
  #complain(words) {
    this.#complaint.textContent = words;
    this.#complaint.hidden = words === "";
  }
}

/** @param {Chat.Action} action @param {boolean} hasForm @returns {Mode[]} the first is shown */
function modesOf({ needs, tool }, hasForm) {
  /** @type {Mode[]} */
  const own = hasForm ? ["form", "json"] : tool?.schema ? ["json"] : ["text"];
  return needs.includes("coordinates") ? ["place", ...own] : own;
}

/** @param {string} text @returns {unknown} undefined for what is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

customElements.define("tool-output", ToolOutput);
