/** A copy button behind every id of the page. */

import { copyFrom } from "../lib/clipboard.js";
import { make } from "../lib/make.js";

/** @param {ParentNode} root */
export function addCopyButtons(root) {
  for (const code of root.querySelectorAll("code[data-copies]")) {
    const text = code.textContent ?? "";
    const label = interpolate(gettext("Copy %(text)s"), { text }, true);
    const button = make("button", { type: "button", class: "button button--plain button--small", "aria-label": label }, gettext("Copy"));
    button.addEventListener("click", () => void copyFrom(button, text));
    const frame = make("span", { class: "copied-text" });
    code.replaceWith(frame);
    frame.append(code, button);
  }
}
