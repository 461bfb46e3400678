/** One row of the sidebar, from the template the server prints (templates/chat/_row.html). */

import { make } from "../lib/make.js";

/** @param {Element} list holds the template @returns {HTMLElement} */
export function rowFrom(list) {
  const template = list.querySelector("template[data-draws=row]");
  const row = template instanceof HTMLTemplateElement ? template.content.firstElementChild?.cloneNode(true) : null;
  if (!(row instanceof HTMLElement)) throw new Error("conversation-list: expected a template for a row");
  return row;
}

/**
 * @param {HTMLElement} element
 * @param {Chat.Conversation} row
 * @param {boolean} isOpen whether it is the conversation on screen
 */
export function fillRow(element, row, isOpen) {
  const link = element.querySelector("a");
  const button = element.querySelector("button");
  if (!link || !button) throw new Error("conversation-row: expected a link and a button");
  const name = row.name || row.bot_name;
  link.href = `/c/${row.id}/`;
  link.dataset.open = row.id;
  if (isOpen) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  setText(element, ".row__name", name);
  setText(element, ".row__bot", row.bot_name);
  button.setAttribute("aria-label", interpolate(button.dataset.label ?? "", { name }, true));
  const mark = isOpen && row.mark === "unread" ? "" : row.mark;
  element.dataset.mark = mark;
  drawMark(link, mark);
}

/** @param {HTMLElement} element @param {string} selector @param {string} text */
function setText(element, selector, text) {
  const part = element.querySelector(selector);
  if (part && part.textContent !== text) part.textContent = text;
}

/** @param {HTMLElement} link @param {Chat.Conversation["mark"]} kind */
function drawMark(link, kind) {
  const drawn = link.querySelector(".mark");
  if (drawn instanceof HTMLElement && drawn.dataset.mark === kind) return;
  drawn?.remove();
  if (!kind) return;
  const label = markLabels()[kind];
  link.append(make("span", { class: "mark", "data-mark": kind, role: "img", "aria-label": label, title: label }));
}

/** @returns {Record<"streaming" | "waiting" | "failed" | "unread", string>} */
function markLabels() {
  return {
    streaming: gettext("answering"),
    waiting: gettext("waits for you"),
    failed: gettext("failed"),
    unread: gettext("unread"),
  };
}
