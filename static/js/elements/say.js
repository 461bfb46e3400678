/** Tells the user, by the toasts, why a command did not work: a bubbling `say` {text}. */

import { failureFrom } from "../lib/commands.js";

/**
 * @param {HTMLElement} element where it went wrong
 * @param {Chat.Store | null} store for the sentences
 * @param {unknown} error anything but a failed command is thrown on: a fault of the program
 */
export function sayFailure(element, store, error) {
  const failure = failureFrom(error);
  const known = store?.get().sentences[failure.reason];
  const text = failure.sentence || known?.sentence || gettext("This did not work. Try again.");
  element.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: { text } }));
}
