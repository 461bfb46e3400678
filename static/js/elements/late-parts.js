/** What only some bots need: fetched when the page stands, so that nobody else waits for it. */

/** @param {Chat.Page} page */
export function addLateParts(page) {
  const { bots } = page.store.get();
  if (bots.some((bot) => bot.shortcuts.length > 0)) void add("shortcut-bar", () => import("./shortcut-bar.js"), page);
  if (bots.some((bot) => bot.asked)) {
    void add("asked-values", () => import("./asked-values.js"), page);
    void add("asked-editor", () => import("./asked-editor.js"), page);
  }
}

/** @param {string} name @param {() => Promise<unknown>} load @param {Chat.Page} page */
async function add(name, load, page) {
  try {
    await load();
    for (const element of document.querySelectorAll(name)) /** @type {Chat.PageElement} */ (element).page = page;
  } catch (error) {
    console.warn(`the page goes on without its ${name}`, error);
  }
}
