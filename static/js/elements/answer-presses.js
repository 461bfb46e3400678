/** What a press on something inside an answer does. All but copying code is fetched when it is first pressed. */

import { copyFrom } from "../lib/clipboard.js";

/** @param {Event} event a click in the article @param {Chat.Message} message */
export async function pressedInAnswer(event, message) {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("button[data-does]");
  if (!(button instanceof HTMLButtonElement)) return;
  if (button.dataset.does === "copy-code") await copyFrom(button, button.closest(".code")?.querySelector("code")?.textContent ?? "");
  if (button.dataset.does === "table-menu") (await import("./table-menu.js")).openTableMenu(button, message);
}
