/** A menu at a button: made when it opens, closed by a choice, Escape, Tab, or a press elsewhere. */

import { stepOf } from "../lib/keys.js";
import { make } from "../lib/make.js";
import { placeAt } from "../lib/placing.js";

/** @typedef {{label: string, choose: () => void}} Choice */

/**
 * @param {HTMLButtonElement} opener gets the menu as its popover, so that the browser opens and closes it
 * @param {string} label
 * @param {() => Choice[]} choices asked for each time the menu opens
 * @returns {HTMLElement} to be put next to the button
 */
export function choiceMenu(opener, label, choices) {
  const menu = make("div", { class: "menu", popover: "", role: "menu", "aria-label": label });
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.popoverTargetElement = menu;
  menu.addEventListener("beforetoggle", (event) => {
    if (isOpening(event)) menu.replaceChildren(...choices().map((choice) => itemOf(menu, choice)));
  });
  menu.addEventListener("toggle", (event) => toggled(menu, opener, isOpening(event)));
  menu.addEventListener("keydown", (event) => pressed(menu, event));
  return menu;
}

/** @param {Event} event */
function isOpening(event) {
  return /** @type {ToggleEvent} */ (event).newState === "open";
}

/** @param {HTMLElement} menu @param {Choice} choice */
function itemOf(menu, { label, choose }) {
  const item = make("button", { type: "button", class: "menu__item", role: "menuitem", tabindex: "-1" }, label);
  item.addEventListener("click", () => {
    menu.hidePopover();
    choose();
  });
  return item;
}

/** @param {HTMLElement} menu @param {HTMLElement} opener @param {boolean} isOpen */
function toggled(menu, opener, isOpen) {
  opener.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  placeAt(menu, opener.getBoundingClientRect());
  itemsOf(menu)[0]?.focus();
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function pressed(menu, event) {
  if (event.key === "Tab") menu.hidePopover();
  const items = itemsOf(menu);
  const index = stepOf(event.key, items.findIndex((item) => item === document.activeElement), items.length);
  if (index === null) return;
  event.preventDefault();
  items[index]?.focus();
}

/** @param {HTMLElement} menu */
function itemsOf(menu) {
  return [...menu.querySelectorAll("button")];
}
