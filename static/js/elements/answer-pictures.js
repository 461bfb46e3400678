/** Asks the server for links to the pictures of a finished answer, for all of them at once, and hands them out. */

import { CommandFailed } from "../lib/commands.js";
import { isKnownPlace } from "../lib/known-places.js";
import { RemotePicture } from "./remote-picture.js";

const NEW = "remote-picture:not([data-state])";
/** As many as the server takes at once. */
const MOST_ADDRESSES = 100;

/** @type {WeakMap<Element, Chat.AnswerPlace>} what is known of each article */
const places = new WeakMap();

/** @param {HTMLElement} article @param {Chat.AnswerPlace} place */
export function showPictures(article, place) {
  const isNew = !places.has(article);
  places.set(article, place);
  if (isNew) article.addEventListener("picture-came", () => void fetchLinks(article));
  void fetchLinks(article);
}

/** @param {HTMLElement} article */
async function fetchLinks(article) {
  await null; // several pictures come in one go
  const place = places.get(article);
  const isOver = place?.turn.ended_at !== null;
  const waiting = [...article.querySelectorAll(isOver ? `${NEW}, [data-state="later"]` : NEW)].filter((one) => one instanceof RemotePicture);
  if (!place || waiting.length === 0) return;
  for (const picture of waiting) picture.dataset.state = "loading";
  const addresses = [...new Set(waiting.map((picture) => picture.address))].slice(0, MOST_ADDRESSES);
  const answer = await linksOf(place, addresses);
  for (const picture of waiting) hand(picture, answer, isOver);
}

/**
 * @param {RemotePicture} picture
 * @param {{links: Record<string, string>, asks: boolean}} answer
 * @param {boolean} isOver of a running turn the server may not have stored all yet: it is asked again in the end
 */
function hand(picture, { links, asks }, isOver) {
  const link = links[picture.address];
  if (!link && !isOver) picture.dataset.state = "later";
  else if (!link) picture.fail();
  else if (asks && !isKnownPlace(picture.address)) picture.ask(link);
  else picture.load(link);
}

/** @param {Chat.AnswerPlace} place @param {string[]} addresses @returns {Promise<{links: Record<string, string>, asks: boolean}>} */
async function linksOf({ turn, message, page }, addresses) {
  try {
    return await page.commands.post(`/c/${turn.conversation}/pictures/`, { message: message.id, addresses });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return { links: {}, asks: false };
  }
}
