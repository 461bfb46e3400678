/** <action-card>: a tool call or a question that waits for a person. What is typed outlives every redraw. */

import { failureFrom } from "../lib/commands.js";
import { argumentsOf, defaultText, stateLabel, titleOf, typedValue } from "../lib/action-words.js";
import { make } from "../lib/make.js";

const OPEN = new Set(["pending", "ready"]);

export class ActionCard extends HTMLElement {
  #state = make("span", { class: "action__state" });
  #title = make("p", { class: "action__title" });
  #refusal = make("p", { class: "action__refusal", role: "alert", hidden: "" });
  #form = make("form", { class: "action__form" });
  #submit = make("button", { type: "submit", class: "button button--primary" }, gettext("Submit"));
  #output = make("p", { class: "action__text" });
  /** @type {Chat.Action | null} */
  #action = null;
  /** @type {((outputs: Record<string, string>) => Promise<unknown>) | null} */
  #answer = null;
  #isSending = false;

  /**
   * @param {Chat.Action} action
   * @param {(outputs: Record<string, string>) => Promise<unknown>} answer posts {action id: output}
   */
  show(action, answer) {
    const isFirst = this.#action === null;
    this.#action = action;
    this.#answer = answer;
    if (isFirst) this.#build(action);
    this.dataset.state = action.state;
    this.#state.textContent = stateLabel(action.state);
    this.#form.hidden = !OPEN.has(action.state) && action.state !== "submitting";
    this.#setAside(!OPEN.has(action.state));
    this.#refuse(action.refusal);
    this.#output.textContent = this.#form.hidden ? action.output : "";
    this.#output.hidden = this.#output.textContent === "";
  }

  /** @param {Chat.Action} action */
  #build(action) {
    this.className = "action";
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", titleOf(action));
    this.dataset.kind = action.kind;
    this.#title.append(titleOf(action), " ", this.#state);
    const controls = action.kind === "tool_call" ? [this.#outputOf(action)] : this.#controlsOf(action);
    this.#form.append(...controls, this.#refusal, make("div", { class: "action__buttons" }, this.#submit));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(this.#typed());
    });
    this.append(this.#title, shownOf(action), this.#form, this.#output);
  }

  /** @param {Chat.Action} action */
  #outputOf(action) {
    const label = make("label", { for: `output-${action.id}` }, gettext("Output"));
    const output = make("textarea", { id: `output-${action.id}`, name: "output", rows: "4", dir: "auto", required: "" });
    output.value = action.output;
    return make("div", { class: "action__field" }, label, output);
  }

  /** @param {Chat.Action} action @returns {HTMLElement[]} */
  #controlsOf(action) {
    const { options = [], fields = {} } = action.question ?? {};
    /** @type {HTMLElement[]} */
    const parts = [];
    if (options.length) {
      const buttons = options.map((option) => this.#option(option));
      parts.push(make("div", { class: "action__options" }, ...buttons));
    }
    const names = Object.keys(fields);
    for (const name of names) parts.push(this.#field(`${action.id}-${name}`, name, fields[name]));
    const label = options.length ? gettext("Something else") : gettext("Answer");
    if (!names.length) parts.push(this.#field(`${action.id}-answer`, label, undefined));
    return parts;
  }

  /** @param {string} option */
  #option(option) {
    const button = make("button", { type: "button", class: "chip", dir: "auto" }, option);
    button.addEventListener("click", () => void this.#send(option));
    return button;
  }

  /** @param {string} id @param {string} name @param {Chat.Field | undefined} field undefined for the one answer of a plain question */
  #field(id, name, field) {
    const input = make("input", { id, name: field ? name : "answer", dir: "auto", autocomplete: "off" });
    input.required = field?.required ?? true;
    input.value = defaultText(field);
    /** @type {HTMLElement[]} */
    const parts = [make("label", { for: id }, name), input];
    if (field?.description) parts.push(make("span", { class: "action__help" }, field.description));
    return make("div", { class: "action__field" }, ...parts);
  }

  /** @returns {string} one value as it is; the fields of a form as a JSON object */
  #typed() {
    const values = new FormData(this.#form);
    const fields = Object.entries(this.#action?.question?.fields ?? {});
    if (this.#action?.kind === "tool_call") return String(values.get("output") ?? "");
    if (!fields.length) return String(values.get("answer") ?? "");
    return JSON.stringify(Object.fromEntries(fields.map(([name, field]) => [name, typedValue(field, String(values.get(name) ?? ""))])));
  }

  /** @param {string} output */
  async #send(output) {
    if (this.#isSending || !this.#action || !this.#answer) return; // a double click answers once
    this.#isSending = true;
    this.#setAside(true);
    try {
      await this.#answer({ [this.#action.id]: output });
      this.#refuse("");
    } catch (error) {
      const { sentence, reason } = failureFrom(error);
      this.#refuse(sentence || reason);
    } finally {
      this.#isSending = false;
      this.#setAside(!OPEN.has(this.#action.state));
    }
  }

  /** @param {boolean} isAside nothing can be entered; what was entered stays to be read */
  #setAside(isAside) {
    for (const control of this.#form.elements) {
      if ("disabled" in control) control.disabled = isAside || this.#isSending;
    }
  }

  /** @param {string} words */
  #refuse(words) {
    this.#refusal.textContent = words;
    this.#refusal.hidden = words === "";
  }
}

/** @param {Chat.Action} action @returns {HTMLElement} what is asked */
function shownOf(action) {
  const text = action.question?.text ?? "";
  if (action.kind === "question") return make("p", { class: "action__text", dir: "auto", ...(text ? {} : { hidden: "" }) }, text);
  return make("pre", { class: "action__source", tabindex: "0" }, argumentsOf(action.arguments));
}

customElements.define("action-card", ActionCard);
