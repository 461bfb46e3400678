/**
 * <conversation-log>: the turns of the open conversation. Takes over the server's plain drawing, follows the
 * store. It is silent: <live-words> tells a screen reader where an answer begins and ends.
 */

import { movingTurn } from "../lib/turns.js";
import { arrange, make } from "../lib/make.js";
import { LogScroll } from "../lib/log-scroll.js";
import { Turned, questionsOf, versionsOf } from "../lib/versions.js";
import { ChatTurn } from "./chat-turn.js";
import { ContextDivider } from "./context-divider.js";
import { sayFailure } from "./say.js";

const TICK_MS = 1_000;

export class ConversationLog extends HTMLElement {
  #column = make("div", { class: "log__column" });
  #spacer = make("div", { class: "log__spacer", "aria-hidden": "true" });
  #log = make("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0" });
  #older = make("button", { type: "button", class: "button button--plain log__older", hidden: "" }, gettext("Show earlier messages"));
  #newest = make("button", { type: "button", class: "button log__newest", hidden: "" }, gettext("To newest"));
  #scroll = new LogScroll(this.#log, this.#column, this.#spacer, this.#newest);
  /** @type {Map<string, ChatTurn>} by client id, so that a pending question becomes its turn in place */
  #turns = new Map();
  /** Of each question, by its first version, the one that stands in the log. @type {Map<string, ChatTurn>} */
  #standing = new Map();
  #turned = new Turned();
  /** @type {Map<string, ContextDivider>} by the client id of the turn below */
  #dividers = new Map();
  /** Of a branch, once there is one. @type {import("./branch-borders.js").BranchBorders | null} */
  #borders = null;
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Chat.State | null} what was drawn last */
  #drawn = null;
  #isLoadingOlder = false;
  #markedRead = "";

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#log.setAttribute("aria-label", gettext("Conversation"));
    this.#log.append(this.#column, this.#spacer);
    this.#older.addEventListener("click", () => void this.#loadOlder());
    this.#scroll.start({ nearTop: () => void this.#loadOlder(), atEnd: () => void this.#markRead() });
    document.addEventListener("visibilitychange", () => void this.#markRead());
    this.addEventListener("show-version", (event) => this.#turnTo(/** @type {CustomEvent} */ (event).detail));
    page.store.subscribe((state, change) => this.#changed(state, change));
    this.#draw(page.store.get());
    this.replaceChildren(this.#log, this.#newest);
    this.#scroll.toEnd();
    void this.#markRead(); // an answer may have been quicker than this code
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Scrolls to a turn and lights it up, an older version as well. @param {string} id @returns {boolean} whether there is one */
  reveal(id) {
    const state = this.#page?.store.get();
    const versions = state ? versionsOf(state.turns, id) : [];
    if (state && versions.length > 1) {
      this.#turned.to(versions, id);
      this.#draw(state);
    }
    const turn = this.#column.querySelector(`chat-turn[data-turn="${CSS.escape(id)}"]`);
    if (!(turn instanceof ChatTurn)) return false;
    this.#scroll.show(turn);
    turn.classList.remove("turn--found");
    void turn.offsetWidth; // the light goes on again for the same turn
    turn.classList.add("turn--found");
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
    return true;
  }

  /** @param {Chat.State} state @param {Chat.Change} change */
  #changed(state, change) {
    if (state === this.#drawn) return;
    const before = this.#drawn;
    if (change.type === "delta") return this.#drawOne(state, change.turn);
    if (change.type === "stopped_locally") this.#flush(change.turn);
    const isFollowed = this.#scroll.isAtEnd;
    this.#draw(state, change.type === "older_loaded");
    if (isFollowed) this.#anchorNewVersion(before, state);
    if (state.conversation?.id !== before?.conversation?.id && change.type !== "begun") this.#scroll.toEnd();
    if (change.type === "sent") this.#anchor(change.clientId, state);
    void this.#markRead();
  }

  /** The way of every delta: one turn changed, nothing came or went. @param {Chat.State} state @param {string} id */
  #drawOne(state, id) {
    this.#drawn = state;
    const turn = state.turns.findLast((one) => one.id === id);
    if (turn) this.#turns.get(turn.client_id)?.show(turn, this.#around(state, turn));
  }

  /** @param {Chat.State} state @param {boolean} [isOnlyOlder] what is on the page is as it was */
  #draw(state, isOnlyOlder = false) {
    this.#drawn = state;
    const pending = state.pending.filter((one) => one.conversation === (state.conversation?.id ?? null));
    this.hidden = state.conversation === null && pending.length === 0;
    this.#older.hidden = !state.hasOlder;
    const shown = questionsOf(state.turns).map((versions) => this.#version(versions));
    // The newest first: it is what one sees, and not all may find time in this frame.
    const parts = shown.toReversed().map((turn, index, all) => this.#turnParts(state, turn, all[index + 1], isOnlyOlder));
    const unsent = pending.map((one) => this.#pendingPart(state, one));
    arrange(this.#column, [this.#older, ...parts.toReversed().flat(), ...this.#lastDivider(state), ...unsent]);
    this.#forget(state);
  }

  /** @param {Chat.Turn[]} versions of one question @returns {Chat.Turn} the one that stands in the log */
  #version(versions) {
    const turn = this.#turned.shown(versions);
    const [first, element] = [versions[0]?.id ?? turn.id, this.#element(turn.client_id)];
    const before = this.#standing.get(first);
    if (before && before !== element) this.#scroll.swap(before, element);
    this.#standing.set(first, element);
    return turn;
  }

  /** @param {{turn: string, way: "previous" | "next"}} wish */
  #turnTo({ turn: id, way }) {
    const state = this.#page?.store.get();
    const versions = state ? versionsOf(state.turns, id) : [];
    const number = versions.findIndex((turn) => turn.id === id) + 1;
    if (!state || number === 0) return;
    this.#turned.to(versions, id);
    this.#draw(state);
    this.#turns.get(versions[number - 1]?.client_id ?? "")?.focusVersions(way);
    const text = interpolate(gettext("Version %(number)s of %(count)s"), { number, count: versions.length }, true);
    document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
  }

  /** @param {Chat.State} state @param {Chat.Turn} turn @param {Chat.Turn | undefined} before @param {boolean} isOnlyOlder */
  #turnParts(state, turn, before, isOnlyOlder) {
    const element = this.#element(turn.client_id);
    if (!isOnlyOlder || !element.isConnected) element.show(turn, this.#around(state, turn));
    const divider = before && before.section !== turn.section ? [this.#divider(turn.client_id)] : [];
    return [...divider, ...this.#border(state, turn, before), element];
  }

  /** @param {Chat.State} state @param {Chat.Turn} turn @param {Chat.Turn | undefined} before */
  #border(state, turn, before) {
    if (!state.conversation?.branch_of && !turn.copied && !before?.copied) return [];
    if (!this.#borders) void this.#loadBorders();
    return this.#borders?.between(state, turn, before) ?? [];
  }

  async #loadBorders() {
    try {
      const { BranchBorders } = await import("./branch-borders.js");
      this.#borders ??= new BranchBorders();
      if (this.#drawn) this.#draw(this.#drawn);
    } catch (error) {
      console.warn("the borders of the branch could not be loaded", error); // the next change tries again
    }
  }

  /** @param {Chat.State} state @param {Chat.Pending} pending */
  #pendingPart(state, pending) {
    const element = this.#element(pending.clientId);
    element.showPending(pending, state.sentences);
    return element;
  }

  /** @param {Chat.State} state the context is clear and nothing was asked since */
  #lastDivider(state) {
    const last = state.turns.at(-1);
    return last && state.conversation && state.conversation.section > last.section ? [this.#divider("end")] : [];
  }

  /** @param {string} key */
  #divider(key) {
    const divider = this.#dividers.get(key) ?? new ContextDivider();
    this.#dividers.set(key, divider);
    return divider;
  }

  /** @param {string} clientId */
  #element(clientId) {
    let element = this.#turns.get(clientId);
    if (!element) {
      element = new ChatTurn();
      if (this.#page) element.page = this.#page;
      this.#turns.set(clientId, element);
    }
    return element;
  }

  /** @param {Chat.State} state @param {Chat.Turn} turn @returns {import("./chat-turn.js").Around} */
  #around(state, turn) {
    const now = Date.now();
    const isQuiet = state.silentSince !== null && now - state.silentSince >= state.settings.silenceSeconds * 1000;
    return {
      sentences: state.sentences,
      botName: state.conversation?.bot_name ?? "",
      isLast: turn === state.turns.at(-1) && state.pending.length === 0,
      // Without a socket the silence is ours, not the bot's.
      isSilent: isQuiet && state.isFollowing && turn === movingTurn(state.turns),
      now,
    };
  }

  /** @param {Chat.State} state */
  #forget(state) {
    const present = new Set([...state.turns.map((turn) => turn.client_id), ...state.pending.map((one) => one.clientId)]);
    for (const key of this.#turns.keys()) {
      if (!present.has(key)) this.#turns.delete(key);
    }
    for (const first of this.#standing.keys()) {
      if (!state.turns.some((turn) => turn.id === first)) this.#standing.delete(first);
    }
  }

  #tick() {
    const state = this.#page?.store.get();
    const due = state?.turns.filter((turn) => turn.is_busy || turn === movingTurn(state.turns)) ?? [];
    for (const turn of due) {
      if (state) this.#turns.get(turn.client_id)?.show(turn, this.#around(state, turn));
    }
  }

  /** What counts as seen is what is on the screen: draw it before it freezes. @param {string} id */
  #flush(id) {
    const turn = this.#drawn?.turns.find((one) => one.id === id);
    if (turn) this.#turns.get(turn.client_id)?.flush();
  }

  /** The question just sent goes near the top, unless it waits behind another. @param {string} clientId @param {Chat.State} state */
  #anchor(clientId, state) {
    const element = this.#turns.get(clientId);
    const isQueued = state.turns.some((turn) => turn.ended_at === null) || state.pending.length > 1;
    this.#scroll.sent(element && !isQueued ? element : null);
  }

  /** Asked once more: the question goes near the top again. @param {Chat.State | null} before @param {Chat.State} state */
  #anchorNewVersion(before, state) {
    const last = state.turns.at(-1);
    const isNew = last?.replaces && before?.turns.at(-1)?.id === last.replaces;
    if (isNew) this.#scroll.sent(this.#turns.get(last.client_id) ?? null);
  }

  async #loadOlder() {
    const page = this.#page;
    if (!page || this.#isLoadingOlder || !page.store.get().hasOlder) return;
    this.#isLoadingOlder = true;
    this.#scroll.hold();
    try {
      await page.loadOlder();
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#isLoadingOlder = false;
    }
  }

  /** Only a visible tab at the end of the log has read it. */
  async #markRead() {
    const page = this.#page;
    const row = page?.store.get().conversation;
    if (!page || !row || document.hidden || !this.#scroll.isAtEnd) return;
    const mark = `${row.id} ${row.version} ${row.mark}`;
    if ((row.mark !== "unread" && row.mark !== "failed") || mark === this.#markedRead) return;
    this.#markedRead = mark;
    try {
      const conversation = await page.commands.post(`/c/${row.id}/read/`);
      // Deleted meanwhile: the answer must not bring it back into the list.
      const { conversation: open, conversations } = page.store.get();
      const isKnown = open?.id === row.id || conversations.some((one) => one.id === row.id);
      if (isKnown) page.store.dispatch({ type: "row_loaded", conversation });
    } catch (error) {
      console.warn("the conversation could not be marked as read", error);
    }
  }
}

customElements.define("conversation-log", ConversationLog);
