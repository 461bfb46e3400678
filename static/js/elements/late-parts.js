/**
 * What the first picture of the page can stand without: fetched with the first sign of somebody being there, so that
 * nothing waits for it. Shortcut commands and asked values are only fetched for bots that have any.
 */

/** A page that nobody touches has them a little later. */
const LATEST_MS = 4_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "touchstart"];

/** @param {Chat.Page} page */
export function addLateParts(page) {
  const { bots } = page.store.get();
  // A question must not go out before its bot could ask for what it needs.
  if (bots.some((bot) => bot.asked)) {
    void add("asked-values", () => import("./asked-values.js"), page);
    void add("asked-editor", () => import("./asked-editor.js"), page);
  }
  atFirstSign(() => {
    if (bots.some((bot) => bot.shortcuts.length > 0)) void add("shortcut-bar", () => import("./shortcut-bar.js"), page);
    void add("quota-line", () => import("./quota-line.js"), page);
    void add("live-words", () => import("./live-words.js"), page);
    void addKeys(page);
  });
}

/** Keys pressed before they could be heard are heard then. @param {Chat.Page} page */
async function addKeys(page) {
  /** @type {KeyboardEvent[]} */
  const early = [];
  const keep = (/** @type {KeyboardEvent} */ event) => void early.push(event);
  addEventListener("keydown", keep);
  await add("page-keys", () => import("./page-keys.js"), page);
  removeEventListener("keydown", keep);
  /** @type {import("./page-keys.js").PageKeys | null} */ (document.querySelector("page-keys"))?.catchUp?.(early);
}

/** @param {string} name of the elements that are to have the page @param {() => Promise<unknown>} load @param {Chat.Page} page */
async function add(name, load, page) {
  try {
    await load();
    for (const element of document.querySelectorAll(name)) /** @type {Chat.PageElement} */ (element).page = page;
  } catch (error) {
    console.warn(`the page goes on without its ${name}`, error);
  }
}

/** @param {() => void} come */
function atFirstSign(come) {
  const once = () => {
    for (const sign of SIGNS) removeEventListener(sign, once, { capture: true });
    clearTimeout(timer);
    come();
  };
  const timer = setTimeout(once, LATEST_MS);
  for (const sign of SIGNS) addEventListener(sign, once, { capture: true, passive: true });
}
