/**
 * The chat page's entry: reads the page state, makes the store, the socket and the commands, and hands them to
 * the elements, which do the rest.
 */

import "./lib/i18n.js";
import { Asking } from "./lib/asking.js";
import { createCommands } from "./lib/commands.js";
import { csrfToken } from "./lib/csrf.js";
import { putInOlder } from "./lib/older-turns.js";
import { Opening, idOf, pathOf, turnOf } from "./lib/opening.js";
import { painted } from "./lib/painted.js";
import { stateFromPage } from "./lib/reducer.js";
import { TabSocket } from "./lib/socket.js";
import { stopTurn } from "./lib/stopping.js";
import { createStore } from "./lib/store.js";
import { nextWaiting } from "./lib/waiting.js";
import { listenForPalette } from "./elements/palette-loader.js";
import { focusNextCard, isAtLastCard } from "./elements/card-focus.js";
import { loadCards } from "./elements/card-loader.js";
import { addLateParts } from "./elements/late-parts.js";
import { bringLog, bringOnce } from "./elements/log-loader.js";
import "./elements/bot-picker.js";
import "./elements/chat-composer.js";
import "./elements/connection-banner.js";
import "./elements/conversation-header.js";
import "./elements/conversation-list.js";
import "./elements/question-queue.js";
import "./elements/side-drawer.js";
import "./elements/start-screen.js";
import "./elements/toast-stack.js";
import "./elements/undo-bar.js";

const state = document.getElementById("page-state");
if (!state?.textContent) throw new Error("page.js: expected a script element with the id page-state");
const store = createStore(stateFromPage(JSON.parse(state.textContent), Date.now()));
const commands = createCommands({ fetch: (...args) => fetch(...args), csrfToken });
const socket = new TabSocket(new URL("/ws/", location.href.replace(/^http/, "ws")).href, store);
const asking = new Asking(store, commands, say);
const opening = new Opening(store, commands);

/** @type {Chat.Page} */
const page = {
  store,
  commands,
  retry: (clientId) => asking.retry(clientId),
  drop: (clientId) => asking.drop(clientId),
  reconnect: () => socket.reconnect(),
  loadOlder,
  loadMoreRows: () => loadRows(store.get().next),
};

/** @param {string} [until] a turn to be reached if possible */
async function loadOlder(until = "") {
  const { conversation, turns } = store.get();
  const first = turns[0];
  if (!conversation || !first) return;
  const { turns: older, has_older } = await commands.get(`${pathOf(conversation.id)}turns/?before=${first.ordinal}${until && `&until=${until}`}`);
  if (store.get().turns[0]?.id !== first.id) return; // something else was loaded or opened meanwhile
  await putInOlder(store, { conversation: conversation.id, turns: older, has_older }, painted);
}

/** @param {string | null} before a cursor, or null for the first page */
async function loadRows(before) {
  const query = before ? `?before=${encodeURIComponent(before)}` : "";
  const asked = store.get().listVersion;
  const { conversations, next, list_version } = await commands.get(`/conversations/${query}`);
  const known = store.get().listVersion;
  // A row changed while this was on its way: it may tell of rows that are gone.
  if (before === null && known !== asked && known !== list_version) return loadRows(null);
  store.dispatch({ type: "list_loaded", conversations, next, list_version, isMore: before !== null });
}

/**
 * @param {string} name
 * @param {(detail: any) => void} listener
 */
function hear(name, listener) {
  document.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
}

/** @param {Chat.Failure | null} failure */
function say(failure) {
  if (!failure) return;
  const text = failure.sentence || store.get().sentences[failure.reason]?.sentence || gettext("This did not work. Try again.");
  document.dispatchEvent(new CustomEvent("say", { detail: { text } }));
}

/** @param {string | null} id @param {boolean} isPushed @param {string | null} [turn] to be shown in it */
async function openConversation(id, isPushed, turn = null) {
  const failure = await opening.open(id, turn);
  say(failure);
  if (failure) return;
  if (isPushed && location.pathname + location.search !== pathOf(id, turn)) history.pushState(null, "", pathOf(id, turn));
  if (turn) await reveal(turn);
}

/** Search leads here: to a turn somewhere in the conversation. @param {string} turn */
async function reveal(turn) {
  await bringOnce(page);
  const { revealTurn } = await import("./elements/reveal-turn.js");
  await revealTurn(page, turn);
}

/** The address follows what is open when that changes by itself: a first question, a conversation gone. */
function followAddress() {
  const id = store.get().conversation?.id ?? null;
  if (id !== idOf(location.pathname)) history.replaceState(null, "", pathOf(id));
}

/** The first card of a page waits for its code. */
async function cardsDrawn() {
  try {
    await loadCards();
    await new Promise(requestAnimationFrame);
  } catch (error) {
    console.warn("the cards could not be loaded", error); // the conversation is open all the same
  }
}

/** From card to card, through all conversations that wait. */
async function jumpToCard() {
  const next = nextWaiting(store.get());
  if (next && isAtLastCard()) {
    await openConversation(next, true);
    await cardsDrawn();
  }
  focusNextCard();
}

hear("ask", ({ text, bot, ...how }) => asking.ask(text, bot ?? store.get().bots[0]?.id ?? null, how));
hear("open-conversation", ({ id, push, turn }) => void openConversation(id, push, turn));
hear("stop-turn", ({ turn }) => void stopTurn(store, commands, turn).then(say));
hear("regenerate-last", () => void import("./lib/regenerating.js").then(({ regenerateLast }) => regenerateLast(page)).then(say));
addEventListener("popstate", () => void openConversation(idOf(location.pathname), false, turnOf(location.search)));
hear("next-card", () => void jumpToCard());

store.subscribe((now, change) => {
  if (change.type === "begun" && now.conversation?.id === change.conversation.id) history.pushState(null, "", pathOf(change.conversation.id));
  if (change.type === "conversation_gone" || change.type === "refused") followAddress();
  if (!now.needs.list) return;
  store.dispatch({ type: "list_asked" });
  // A list that could not be fetched is asked for again at the next ping.
  loadRows(null).catch((error) => console.warn("the list could not be fetched", error));
});

/** @param {string} names of elements that begin now */
function begin(names) {
  for (const element of document.querySelectorAll(names)) /** @type {Chat.PageElement} */ (element).page = page;
}

const drawn = bringLog(page);
begin("chat-composer, connection-banner, conversation-header, question-queue, start-screen, toast-stack, undo-bar");
// Who opens a conversation came to read it: the list beside it is drawn behind its last answers.
void drawn.then(painted).then(() => begin("conversation-list"));
addLateParts(page);
listenForPalette(page);
void drawn.then(() => socket.start());
const wanted = turnOf(location.search);
if (wanted && store.get().conversation) void reveal(wanted);
