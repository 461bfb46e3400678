/** What a press on something inside an answer does. All but copying code is fetched when it is first pressed. */

import { copyFrom } from "../lib/clipboard.js";
import { isKnownPlace } from "../lib/known-places.js";

/** @param {Event} event a click in the article @param {Chat.Message} message */
export async function pressedInAnswer(event, message) {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a[href]");
  if (link instanceof HTMLAnchorElement) return pressedLink(event, link);
  const button = target?.closest("button[data-does]");
  if (!(button instanceof HTMLButtonElement)) return;
  if (button.dataset.does === "copy-code") await copyFrom(button, button.closest(".code")?.querySelector("code")?.textContent ?? "");
  if (button.dataset.does === "table-menu") (await import("./table-menu.js")).openTableMenu(button, message);
}

/** A page of another site is asked about once a visit. @param {Event} event @param {HTMLAnchorElement} link */
export async function pressedLink(event, link) {
  if (!/^https?:$/.test(link.protocol) || link.origin === location.origin || isKnownPlace(link.href)) return;
  event.preventDefault(); // before anything is waited for
  (await import("./leave-dialog.js")).askToLeave(link, link.href);
}
