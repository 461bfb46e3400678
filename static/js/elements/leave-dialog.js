/** Asks before a link of an answer leads to another site: shows its real host, and what is doubtful about it (M-019). */

import { copyFrom } from "../lib/clipboard.js";
import { glyph } from "../lib/glyphs.js";
import { keepPlace } from "../lib/known-places.js";
import { make } from "../lib/make.js";
import { unicodeHost } from "../lib/punycode.js";
import { doubtWords, examine } from "../lib/safe-link.js";
import { enableStyle } from "../lib/styles.js";

/** @param {HTMLElement} link gets the focus back @param {string} address */
export function askToLeave(link, address) {
  const found = examine(address);
  if (!found) return;
  enableStyle("answer");
  const dialog = dialogOf(found);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {import("../lib/safe-link.js").Examined} found */
function dialogOf(found) {
  const title = make("h2", { class: "dialog__title", id: "leave-title" }, gettext("Open a page of another site?"));
  const warnings = found.doubts.map((doubt) => make("p", { class: "leave__doubt" }, glyph("refused"), make("span", {}, doubtWords(doubt))));
  const address = make("p", { class: "leave__address", dir: "ltr" }, found.href);
  const dialog = make("dialog", { class: "dialog leave", "aria-labelledby": "leave-title" });
  dialog.append(title, ...hostLines(found.host), address, ...warnings, buttonsOf(dialog, found));
  return dialog;
}

/** Both forms of the name where they differ: letters of other scripts can look like ours. @param {string} host */
function hostLines(host) {
  const shown = unicodeHost(host);
  const line = make("p", { class: "leave__host", dir: "ltr" }, make("bdi", {}, shown));
  return shown === host ? [line] : [line, make("p", { class: "leave__real", dir: "ltr" }, host)];
}

/** @param {HTMLDialogElement} dialog @param {import("../lib/safe-link.js").Examined} found */
function buttonsOf(dialog, { href, doubts }) {
  const cancel = make("button", { type: "button", class: "button" }, gettext("Cancel"));
  const copy = make("button", { type: "button", class: "button button--plain" }, gettext("Copy address"));
  const attributes = { class: "button button--primary", href, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" };
  const open = make("a", attributes, gettext("Open"));
  cancel.addEventListener("click", () => dialog.close());
  copy.addEventListener("click", () => void copyFrom(copy, href));
  open.addEventListener("click", () => {
    keepPlace(href);
    dialog.close();
  });
  (doubts.length ? cancel : open).setAttribute("autofocus", "");
  return make("div", { class: "dialog__buttons" }, copy, cancel, open);
}
