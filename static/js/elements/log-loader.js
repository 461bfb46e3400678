/**
 * Brings the log, and with it all that draws Markdown: at once where there is something to read, else with the first
 * key or press, so that who only looks at the start screen does not wait for it.
 */

/** @param {Chat.Page} page @returns {Promise<void>} when what is open is drawn; at once if nothing is */
export function bringLog(page) {
  const bring = () => void bringOnce(page);
  const look = () => {
    const { conversation, pending } = page.store.get();
    if (conversation !== null || pending.length > 0) bring();
  };
  for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, bring, { once: true, capture: true });
  page.store.subscribe(look);
  look();
  return coming ?? Promise.resolve();
}

/** @type {Promise<void> | null} */
let coming = null;

/** @param {Chat.Page} page @returns {Promise<void>} */
export function bringOnce(page) {
  coming ??= bringNow(page);
  return coming;
}

/** @param {Chat.Page} page */
async function bringNow(page) {
  try {
    await import("./conversation-log.js");
    const log = document.querySelector("conversation-log");
    if (log) /** @type {Chat.PageElement} */ (log).page = page;
  } catch (error) {
    coming = null; // the next change asks again
    console.warn("the log could not be loaded", error);
  }
}
