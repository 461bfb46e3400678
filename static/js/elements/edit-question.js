/**
 * <edit-question>: another wording of a question, in its place. Saved as a branch; the conversation stays as it is.
 * What was typed survives failures and reloads. Says `edit-over`.
 */

import { BranchIds, memoryWords } from "../lib/branching.js";
import { createDrafts } from "../lib/drafts.js";
import { make } from "../lib/make.js";
import { sayFailure } from "./say.js";

/** @typedef {{turn: Chat.Turn, page: Chat.Page}} Place */

/** @param {Place} place @returns {string} what was typed and not saved */
export function keptEdit({ turn, page }) {
  return draftsOf(page).read(keyOf(turn));
}

export class EditQuestion extends HTMLElement {
  #field = make("textarea", { class: "edit__field", rows: "2", dir: "auto" });
  #note = make("p", { class: "edit__note" });
  #save = make("button", { type: "submit", class: "button button--primary button--small" }, gettext("Save as a new branch"));
  #ids = new BranchIds();
  #place;

  /** @param {Place} place */
  constructor(place) {
    super();
    this.#place = place;
    this.#field.setAttribute("aria-label", gettext("Edit question"));
    this.#field.value = keptEdit(place) || place.turn.question;
  }

  connectedCallback() {
    if (this.firstChild) return;
    const cancel = make("button", { type: "button", class: "button button--small" }, gettext("Cancel"));
    const form = make("form", { class: "edit" }, this.#field, this.#note, make("div", { class: "edit__buttons" }, cancel, this.#save));
    cancel.addEventListener("click", () => this.#close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#branch();
    });
    form.addEventListener("keydown", (event) => this.#pressed(event));
    this.#field.addEventListener("input", () => this.#typed());
    const words = memoryWords(this.#place.page.store.get(), this.#place.turn);
    this.#note.textContent = [gettext("This conversation stays as it is."), words].filter(Boolean).join(" ");
    this.append(form);
    this.#typed();
  }

  focus() {
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
    // A log that follows its end does so in the next frame, for the editor is higher than the question.
    requestAnimationFrame(() => requestAnimationFrame(() => this.scrollIntoView?.({ block: "nearest" })));
  }

  #typed() {
    const { page, turn } = this.#place;
    const { value } = this.#field;
    draftsOf(page).write(keyOf(turn), value === turn.question ? "" : value);
    this.#save.disabled = value.trim() === "";
    this.#field.rows = Math.min(12, Math.max(2, value.split("\n").length));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    const isSave = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !isSave) return;
    event.preventDefault();
    event.stopPropagation(); // Escape stops an answer elsewhere
    if (isSave) void this.#branch();
    else this.#close();
  }

  async #branch() {
    const { page, turn } = this.#place;
    const text = this.#field.value;
    if (this.#save.disabled) return;
    this.#save.disabled = true;
    try {
      const body = { client_id: this.#ids.of(text), text };
      const { conversation } = await page.commands.post(`/c/${turn.conversation}/turns/${turn.id}/branch/`, body);
      this.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: { id: conversation.id, push: true } }));
      this.#close();
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#save.disabled = false;
    }
  }

  #close() {
    draftsOf(this.#place.page).write(keyOf(this.#place.turn), "");
    this.dispatchEvent(new CustomEvent("edit-over"));
  }
}

/** @param {Chat.Turn} turn beside the drafts of conversations */
function keyOf({ id }) {
  return `edit.${id}`;
}

/** @param {Chat.Page} page */
function draftsOf(page) {
  return createDrafts(() => localStorage, page.store.get().user.name);
}

customElements.define("edit-question", EditQuestion);
