/** Small choices of this browser's user. Where storage is forbidden they hold until the page is left. */

const PREFIX = "chatweb.";

/** @param {"theme" | "sidebar" | "bot"} name @returns {string} "" when nothing was chosen */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch (error) {
    if (error instanceof DOMException) return "";
    throw error;
  }
}

/** @param {"theme" | "sidebar" | "bot"} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
