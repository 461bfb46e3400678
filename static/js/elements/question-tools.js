/** <question-tools>: what one can do with a question: copy it, change it in a branch, look at the branches it has. */

import { canBranch } from "../lib/branching.js";
import { copyText } from "../lib/clipboard.js";
import { glyph } from "../lib/glyphs.js";
import { arrange, make } from "../lib/make.js";
import { branchLink } from "./branch-link.js";
import { EditQuestion, keptEdit } from "./edit-question.js";

const SAID_MS = 1_500;

export class QuestionTools extends HTMLElement {
  #copy = button("copy", gettext("Copy question"));
  #edit = button("edit", gettext("Edit"));
  #said = make("span", { class: "visually-hidden", role: "status" });
  #branches = make("span", { class: "branches" });
  #drawnBranches = "[]";
  /** @type {EditQuestion | null} */
  #editor = null;
  /** @type {import("./edit-question.js").Place | null} */
  #place = null;

  /** @param {import("./edit-question.js").Place} place */
  show(place) {
    const isFirst = this.#place === null;
    this.#place = place;
    if (isFirst) this.#begin();
    const { turn, page } = place;
    this.#copy.hidden = turn.question === "";
    this.#edit.hidden = !canBranch(page.store.get(), turn);
    this.#showBranches(turn.branches);
    if (isFirst && !this.#edit.hidden && keptEdit(place)) this.#open();
  }

  #begin() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", gettext("This question"));
    this.#copy.addEventListener("click", () => void this.#copied());
    this.#edit.addEventListener("click", () => this.#open()?.focus());
    arrange(this, [this.#branches, this.#copy, this.#edit, this.#said]);
  }

  /** @param {Chat.Branch[]} branches */
  #showBranches(branches) {
    const drawn = JSON.stringify(branches);
    if (drawn === this.#drawnBranches) return;
    this.#drawnBranches = drawn;
    this.#branches.replaceChildren(...branches.map((branch) => branchLink(branch, gettext("Branch:"))));
  }

  /** In place of the question, which goes on being there for the tools. */
  #open() {
    if (this.#editor || !this.#place) return this.#editor;
    const editor = new EditQuestion(this.#place);
    editor.addEventListener("edit-over", () => {
      editor.remove();
      this.#editor = null;
      this.removeAttribute("data-editing");
      this.#edit.focus({ preventScroll: true });
    });
    this.#editor = editor;
    this.toggleAttribute("data-editing", true);
    this.prepend(editor);
    return editor;
  }

  async #copied() {
    const isDone = await copyText(this.#place?.turn.question ?? "");
    const words = isDone ? gettext("Copied") : gettext("Not copied");
    this.#said.textContent = words;
    this.#copy.replaceChildren(glyph(isDone ? "answered" : "declined"));
    setTimeout(() => {
      this.#said.textContent = "";
      this.#copy.replaceChildren(glyph("copy"));
    }, SAID_MS);
  }
}

/** @param {"copy" | "edit"} icon @param {string} name */
function button(icon, name) {
  return make("button", { type: "button", class: "icon-button tool", "aria-label": name, title: name }, glyph(icon));
}

customElements.define("question-tools", QuestionTools);
