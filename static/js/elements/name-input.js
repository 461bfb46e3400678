/**
 * A name being edited in place. Enter and leaving the field keep it, Escape does not.
 * Calls back once: with the new name, or with null when nothing is to change.
 */

import { isSend } from "../lib/keys.js";
import { make } from "../lib/make.js";

/** Longest name the server takes. */
const NAME_CHARS = "100";

/**
 * @param {string} name
 * @param {(name: string | null) => void} done
 * @returns {HTMLInputElement} to be put in place and focused by the caller
 */
export function nameInput(name, done) {
  const label = gettext("Name of the conversation");
  const input = make("input", { class: "name-input", maxlength: NAME_CHARS, dir: "auto", "aria-label": label });
  input.value = name;
  let isOver = false;
  /** @param {boolean} isKept */
  const finish = (isKept) => {
    if (isOver) return;
    isOver = true;
    const typed = input.value.trim();
    done(isKept && typed && typed !== name ? typed : null);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) finish(false);
    else if (isSend(event, true)) finish(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("blur", () => finish(true));
  return input;
}
