/** Ways in for files: the button, a drop anywhere on the conversation, and paste. What becomes of them is others' business. */

/**
 * @typedef {object} Outside
 * @property {HTMLElement} button
 * @property {HTMLInputElement} input
 * @property {HTMLElement} veil says during a drag that one may let go
 * @property {HTMLElement} field files are pasted into
 * @property {() => boolean} canTake whether the bot takes files at all
 * @property {(files: File[]) => void} take
 * @property {() => void} refuse
 */

export class FileDrops {
  #outside;

  /** @param {Outside} outside */
  constructor(outside) {
    this.#outside = outside;
    const { button, input, field } = outside;
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => this.#picked(input));
    field.addEventListener("paste", (event) => this.#pasted(event));
    document.addEventListener("dragenter", (event) => this.#over(event));
    document.addEventListener("dragover", (event) => this.#over(event));
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && this.#away());
    document.addEventListener("drop", () => this.#away(), { capture: true }); // a card's field may take it
    document.addEventListener("drop", (event) => this.#dropped(event));
  }

  /** @param {HTMLInputElement} input */
  #picked(input) {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file can be picked again
    if (files.length) this.#outside.take(files);
  }

  /** A spreadsheet is copied as words and as a picture of them: then the words are meant. @param {ClipboardEvent} event */
  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || event.clipboardData?.types.includes("text/plain")) return;
    event.preventDefault();
    this.#give(files);
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // or the browser would leave the page for the file
    const { canTake, veil } = this.#outside;
    const isElsewhere = event.target instanceof Element && event.target.closest("file-field, dialog") !== null;
    veil.hidden = isElsewhere || !canTake();
    if (!canTake() && !isElsewhere) event.dataTransfer.dropEffect = "none";
  }

  #away() {
    this.#outside.veil.hidden = true;
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#give([...event.dataTransfer.files]);
  }

  /** @param {File[]} files */
  #give(files) {
    if (this.#outside.canTake()) this.#outside.take(files);
    else this.#outside.refuse();
  }
}
