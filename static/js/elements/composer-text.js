/** The composer's text field: filled, grown, and what it invites to. */

/** From this part of the limit on, the characters are counted as the server does. */
const NEARLY = 0.9;

export class ComposerText {
  #field;

  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.#field = field;
  }

  get value() {
    return this.#field.value;
  }

  get isEmpty() {
    return !this.#field.value.trim();
  }

  get isDisabled() {
    return this.#field.disabled;
  }

  /** @param {string} text */
  fill(text) {
    this.#field.value = text;
    this.grow();
  }

  /** What was typed already is never thrown away. @param {string} text */
  add(text) {
    const typed = this.value;
    this.fill(typed.trim() && typed !== text ? `${typed.trimEnd()}\n${text}` : text);
  }

  focus() {
    this.#field.focus();
  }

  focusAtEnd() {
    this.#field.focus();
    this.#field.setSelectionRange(this.value.length, this.value.length);
  }

  grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#field.style.blockSize = "auto";
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
  }

  /** The placeholder names whom one asks. @param {string | undefined} bot @param {boolean} isWorkflow */
  invite(bot, isWorkflow) {
    this.#field.placeholder = placeholderOf(bot, isWorkflow);
  }

  /** @param {boolean} isDisabled @returns {boolean} whether that is news */
  disable(isDisabled) {
    if (this.#field.disabled === isDisabled && this.#field.dataset.drawn) return false;
    this.#field.dataset.drawn = "yes";
    this.#field.disabled = isDisabled;
    return true;
  }

  /** @param {number} most @returns {number} characters, exact once they are near the limit */
  lengthNear(most) {
    const { length } = this.value;
    return length < most * NEARLY ? length : [...this.value].length;
  }
}

/** @param {number} length @param {number} most */
export function isNearly(length, most) {
  return length >= most * NEARLY;
}

/** @param {string | undefined} bot @param {boolean} isWorkflow */
function placeholderOf(bot, isWorkflow) {
  if (isWorkflow) return gettext("What is this run about? (optional)");
  return bot ? interpolate(gettext("Ask %(bot)s"), { bot }, true) : gettext("Ask something");
}
