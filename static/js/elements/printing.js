/** Prints the whole open conversation: what is older is loaded first, and everything drawn (M-021). */

import { ChatTurn } from "./chat-turn.js";

/** Longer nobody waits for pictures. */
const MOST_WAIT_MS = 8_000;
const LOOK_MS = 100;

/** @param {Chat.Page} page @param {string} id of the conversation that is to be printed */
export async function printConversation(page, id) {
  await opened(page.store, id);
  while (page.store.get().hasOlder && page.store.get().conversation?.id === id) await page.loadOlder();
  for (const turn of document.querySelectorAll("chat-turn")) {
    if (turn instanceof ChatTurn) turn.flush();
  }
  await picturesThere(performance.now() + MOST_WAIT_MS);
  window.print();
}

/** @param {Chat.Store} store @param {string} id @returns {Promise<void>} */
function opened(store, id) {
  return new Promise((resolve) => {
    if (store.get().conversation?.id === id) return resolve();
    const stop = store.subscribe((state) => {
      if (state.conversation?.id !== id) return;
      stop();
      resolve();
    });
  });
}

/** @param {number} until */
async function picturesThere(until) {
  const isWaiting = () => document.querySelector('remote-picture:is(:not([data-state]), [data-state="loading"])') !== null;
  do await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  while (isWaiting() && performance.now() < until);
}
