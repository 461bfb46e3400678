/** What the palette offers to do: new chats, what the person's menu has, the theme, and what can be done here. */

import { pathOf } from "../lib/opening.js";
import { openConversation } from "./conversation-commands.js";

/** @typedef {import("../lib/palette.js").Entry} Entry */

/** @param {Chat.Page} page @returns {Entry[]} */
export function actionsOf(page) {
  const { conversation } = page.store.get();
  const here = conversation
    ? [
        action("export", gettext("Export this conversation"), () => location.assign(`${pathOf(conversation.id)}export/?format=markdown`)),
        action("print", gettext("Print this conversation"), () => print()),
      ]
    : [];
  return [
    action("new", gettext("New chat"), () => openConversation(document.body, null)),
    action("search", gettext("Search messages"), () => location.assign("/search/")),
    ...fromMenu(),
    ...here,
    ...fromThemes(),
  ];
}

/** @param {string} key @param {string} label @param {() => void} run @returns {Entry} */
function action(key, label, run) {
  return { key: `action-${key}`, group: "actions", label, detail: "", run };
}

/** Whatever stands in the person's menu can be done from here too. */
function fromMenu() {
  return [...document.querySelectorAll(".person-menu .menu__item")].flatMap((item, index) => {
    const label = item.textContent?.trim();
    if (!(item instanceof HTMLElement) || item.hidden || !label) return [];
    return [action(`menu-${index}`, label, () => press(item))];
  });
}

/** @param {HTMLElement} item */
function press(item) {
  const opener = document.querySelector("[data-opens-sidebar]");
  const list = document.querySelector(".sidebar__list");
  if (item.matches("[data-archived]") && opener instanceof HTMLElement && !list?.checkVisibility({ visibilityProperty: true })) opener.click();
  item.click();
}

function fromThemes() {
  return [...document.querySelectorAll("[data-theme-choice]")].flatMap((button, index) => {
    if (!(button instanceof HTMLElement)) return [];
    const label = interpolate(gettext("Theme: %(name)s"), { name: button.getAttribute("aria-label") ?? "" }, true);
    return [action(`theme-${index}`, label, () => button.click())];
  });
}

/** @param {Chat.Conversation} row @returns {Entry} */
export function conversationEntry(row) {
  const label = row.name || row.bot_name;
  return { key: row.id, group: "conversations", label, detail: row.bot_name, run: () => openConversation(document.body, row.id) };
}

/** @param {Chat.Bot} bot @returns {Entry} */
export function botEntry(bot) {
  const label = interpolate(gettext("New chat with %(bot)s"), { bot: bot.name }, true);
  return { key: bot.id, group: "bots", label, detail: "", run: () => beginWith(bot.id) };
}

/** @param {string} bot */
function beginWith(bot) {
  openConversation(document.body, null);
  const radios = document.querySelectorAll("bot-picker input[type=radio]");
  const radio = [...radios].find((one) => one instanceof HTMLInputElement && one.value === bot);
  if (radio instanceof HTMLInputElement) radio.click();
  const field = document.querySelector("chat-composer textarea");
  if (field instanceof HTMLElement) field.focus();
}

/** @param {string} typed @returns {Entry} */
export function searchEntry(typed) {
  const label = interpolate(gettext("Search messages for “%(words)s”"), { words: typed }, true);
  return { key: "search", group: "search", label, detail: "", run: () => location.assign(`/search/?${new URLSearchParams({ q: typed })}`) };
}
