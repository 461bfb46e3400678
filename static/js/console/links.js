/** What a press in the transcript does: other sites are asked about every time, code is copied, one keeps one's place. */

import { copyFrom } from "../lib/clipboard.js";

/** @param {MouseEvent} event */
export function glance(event) {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("main a[href]");
  if (link instanceof HTMLAnchorElement) return link.hasAttribute("data-keeps-place") ? keepPlace(link) : askFirst(event, link);
  const button = target?.closest("button[data-does='copy-code']");
  if (button instanceof HTMLButtonElement) void copyFrom(button, button.closest(".code")?.querySelector("code")?.textContent ?? "");
}

/** @param {MouseEvent} event @param {HTMLAnchorElement} link */
async function askFirst(event, link) {
  if (!/^https?:$/.test(link.protocol) || link.origin === location.origin) return;
  event.preventDefault(); // before anything is waited for
  (await import("../elements/leave-dialog.js")).askToLeave(link, link.href);
}

/** The page that comes begins with the turn one is reading. @param {HTMLAnchorElement} link */
function keepPlace(link) {
  const top = document.querySelector(".transcript__bar")?.getBoundingClientRect().bottom ?? 0;
  const read = [...document.querySelectorAll("section.turn")].find((turn) => turn.getBoundingClientRect().bottom > top);
  if (read) link.hash = read.id;
}
