/** Leads to one turn of the open conversation, however far back it is: fetched only when somebody comes from a search. */

import { failureFrom } from "../lib/commands.js";
import { ConversationLog } from "./conversation-log.js";
import { sayFailure } from "./say.js";

/** @param {Chat.Page} page @param {string} id of the turn */
export async function revealTurn(page, id) {
  const log = document.querySelector("conversation-log");
  if (!(log instanceof ConversationLog)) return;
  const { conversation } = page.store.get();
  try {
    await load(page, id);
  } catch (error) {
    failureFrom(error);
    return sayFailure(log, page.store, error);
  }
  await new Promise(requestAnimationFrame);
  if (page.store.get().conversation?.id !== conversation?.id || log.reveal(id)) return;
  log.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: { text: gettext("This message is no longer there.") } }));
}

/** Older pages until the turn is there; each reaches as far as a page may. @param {Chat.Page} page @param {string} id */
async function load(page, id) {
  const { conversation } = page.store.get();
  for (;;) {
    const { conversation: open, turns, hasOlder } = page.store.get();
    if (open?.id !== conversation?.id || !hasOlder || turns.some((turn) => turn.id === id)) return;
    await page.loadOlder(id);
    if (page.store.get().turns.length === turns.length) return; // nothing came: do not ask for ever
  }
}
