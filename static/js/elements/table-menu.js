/** The menu of a table in an answer: copy it in the form another program takes, or download it (M-015). */

import { tablesIn } from "../lib/answer-formats.js";
import { copyFrom } from "../lib/clipboard.js";
import { make } from "../lib/make.js";
import { BYTE_ORDER_MARK, toCsv, toTsv } from "../lib/table-text.js";
import { choiceMenu } from "./choice-menu.js";

/**
 * @param {HTMLButtonElement} button at the table; from now on it opens the menu by itself
 * @param {Chat.Message} message that has the table
 */
export function openTableMenu(button, message) {
  if (button.popoverTargetElement) return;
  const menu = choiceMenu(button, gettext("Copy table"), () => choicesOf(button, message));
  button.after(menu);
  menu.showPopover();
}

/** @param {HTMLButtonElement} button @param {Chat.Message} message @returns {import("./choice-menu.js").Choice[]} */
function choicesOf(button, message) {
  const found = tableOf(button, message);
  if (!found) return [];
  const { markdown, rows } = found;
  return [
    { label: gettext("Copy for a spreadsheet (TSV)"), choose: () => void copyFrom(button, toTsv(rows)) },
    { label: gettext("Copy as CSV"), choose: () => void copyFrom(button, toCsv(rows)) },
    { label: gettext("Copy as Markdown"), choose: () => void copyFrom(button, markdown) },
    { label: gettext("Download as CSV"), choose: () => download(toCsv(rows)) },
  ];
}

/** Taken from the Markdown, not from the page: what is drawn may have been dressed. @param {Element} button @param {Chat.Message} message */
function tableOf(button, message) {
  const frames = [...(button.closest(".prose")?.querySelectorAll(".table") ?? [])];
  const index = frames.findIndex((frame) => frame.contains(button));
  return tablesIn(message.text)[index];
}

/** @param {string} csv */
function download(csv) {
  const url = URL.createObjectURL(new Blob([BYTE_ORDER_MARK + csv], { type: "text/csv;charset=utf-8" }));
  make("a", { href: url, download: `${gettext("table")}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
