/** What the menus of a conversation ask for, carried out: one function a command. Failures go to the toasts. */

import { sayFailure } from "./say.js";

/**
 * @typedef {object} Command
 * @property {string} does pin, archive, print, delete or clear; `rename` belongs to whoever shows the name
 * @property {Chat.Conversation} row
 */

/**
 * @param {HTMLElement} element from where events bubble
 * @param {Chat.Page} page
 * @param {Command} command
 */
export async function carryOut(element, page, { does, row }) {
  try {
    if (does === "delete") await remove(element, page, row);
    if (does === "pin") await post(page, row.id, "pin", { on: !row.is_pinned });
    if (does === "archive") await post(page, row.id, "archive", { on: !row.is_archived });
    if (does === "clear") await post(page, row.id, "clear", {});
    if (does === "print") await print(element, page, row);
  } catch (error) {
    sayFailure(element, page.store, error);
  }
}

/**
 * @param {HTMLElement} element
 * @param {Chat.Page} page
 * @param {string} id
 * @param {string} name
 */
export async function rename(element, page, id, name) {
  try {
    await post(page, id, "rename", { name });
  } catch (error) {
    sayFailure(element, page.store, error);
  }
}

/** @param {Chat.Page} page @param {string} id @param {string} does @param {object} body */
async function post(page, id, does, body) {
  const conversation = await page.commands.post(`/c/${id}/${does}/`, body);
  page.store.dispatch({ type: "row_loaded", conversation });
}

/** Emits `conversation-deleted` {row, wasOpen}, for undo-bar. @param {HTMLElement} element @param {Chat.Page} page @param {Chat.Conversation} row */
async function remove(element, page, row) {
  const { conversation } = page.store.get();
  const wasOpen = conversation?.id === row.id;
  await page.commands.post(`/c/${row.id}/delete/`);
  if (wasOpen) openConversation(element, null);
  const { listVersion } = page.store.get();
  page.store.dispatch({ type: "conversation_gone", conversation: row.id, list_version: listVersion });
  element.dispatchEvent(new CustomEvent("conversation-deleted", { bubbles: true, detail: { row, wasOpen } }));
}

/** @param {HTMLElement} element @param {Chat.Page} page @param {Chat.Conversation} row */
async function print(element, page, row) {
  if (page.store.get().conversation?.id !== row.id) openConversation(element, row.id);
  await (await import("./printing.js")).printConversation(page, row.id);
}

/** @param {HTMLElement} element @param {string | null} id null for the start screen */
export function openConversation(element, id) {
  element.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: { id, push: true } }));
}
