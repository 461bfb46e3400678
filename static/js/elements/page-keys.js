/**
 * <page-keys>: the page's keyboard. It hears every key, does what is the page's own, and emits the action's name on the document for
 * what others do: `open-palette`, `regenerate-last`, `copy-last-answer`, `copy-last-code`, `read-last-answer`,
 * `next-card`, `show-shortcuts`. Whoever stops the event, or prevents a key's default, has done it.
 */

import { copyText } from "../lib/clipboard.js";
import { lastAnswer, lastCode } from "../lib/last-answer.js";
import { pathOf } from "../lib/opening.js";
import { isMac } from "../lib/platform.js";
import { actionOf } from "../lib/shortcuts.js";
import { movingTurn } from "../lib/turns.js";
import { enableStyle } from "../lib/styles.js";

/** @typedef {import("../lib/shortcuts.js").Action} Action */

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";
/** While one of these is open, Escape is theirs, and so is every key without Ctrl or ⌘. */
const OVER = "dialog[open], .person-menu[open], .shell[data-drawer=open]";

export class PageKeys extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    document.addEventListener("keydown", (event) => this.#pressed(event));
    document.addEventListener("copy-last-answer", () => void this.#copy(lastAnswer(this.#state.turns)));
    document.addEventListener("copy-last-code", () => void this.#copy(lastCode(lastAnswer(this.#state.turns))));
    document.addEventListener("read-last-answer", () => this.#read());
    document.addEventListener("show-shortcuts", () => void this.#showHelp());
    for (const button of document.querySelectorAll("[data-shows-shortcuts]")) {
      /** @type {HTMLElement} */ (button).hidden = false;
      button.addEventListener("click", () => {
        button.closest("details")?.removeAttribute("open");
        tell("show-shortcuts", {});
      });
    }
  }

  /** What was pressed before this was here; with Ctrl or ⌘ the browser has done its own by now. @param {KeyboardEvent[]} early */
  catchUp(early) {
    for (const event of early) if (!event.ctrlKey && !event.metaKey) this.#pressed(event);
  }

  get #state() {
    if (!this.#page) throw new Error("page-keys: expected a page first");
    return this.#page.store.get();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.getModifierState("AltGraph")) return;
    const target = event.target instanceof Element ? event.target : null;
    const isTyping = Boolean(target?.closest(TYPING)) || Boolean(target?.closest("[role=menu], [role=listbox]"));
    const action = actionOf(event, { choices: this.#state.user.shortcuts, isMac, isTyping });
    if (!action || this.#isOthers(event, action, target) || !this.#can(action)) return;
    event.preventDefault();
    this.#do(action);
  }

  /** @param {KeyboardEvent} event @param {Action} action @param {Element | null} target */
  #isOthers(event, action, target) {
    if (document.querySelector(OVER) || document.querySelector(":popover-open")) return action !== "show-shortcuts" || Boolean(document.querySelector("dialog[open]"));
    if (target?.closest("select") && !event.ctrlKey && !event.metaKey) return true; // Alt with an arrow opens its list
    // Escape in a field of a card, or of a name, leaves that field.
    return action === "stop" && event.key === "Escape" && Boolean(target?.closest(TYPING)) && !target?.closest("chat-composer");
  }

  /** A key that does nothing now stays the browser's. @param {Action} action */
  #can(action) {
    const { turns } = this.#state;
    switch (action) {
      case "stop": return movingTurn(turns) !== undefined; // what waits for a person is not stopped by a slip
      case "copy-last-answer": case "read-last-answer": return lastAnswer(turns) !== "";
      case "copy-last-code": return lastCode(lastAnswer(turns)) !== "";
      case "previous-conversation": return this.#neighbour(-1) !== null;
      case "next-conversation": return this.#neighbour(1) !== null;
      default: return true;
    }
  }

  /** @param {Action} action */
  #do(action) {
    switch (action) {
      case "new-chat": return tell("open-conversation", { id: null, push: true });
      case "open-settings": return location.assign("/settings/");
      case "toggle-sidebar": return toggleSidebar();
      case "previous-conversation": return tell("open-conversation", { id: this.#neighbour(-1), push: true });
      case "next-conversation": return tell("open-conversation", { id: this.#neighbour(1), push: true });
      case "focus-composer": return document.querySelector(/** @type {"textarea"} */ ("chat-composer textarea"))?.focus();
      case "stop": return tell("stop-turn", { turn: movingTurn(this.#state.turns)?.id });
      default: return tell(action, {});
    }
  }

  /** In the order of the sidebar. @param {1 | -1} step @returns {string | null} */
  #neighbour(step) {
    const rows = [...document.querySelectorAll("conversation-list .row__link")].map((link) => link.getAttribute("href") ?? "");
    const open = this.#state.conversation?.id;
    const here = open ? rows.findIndex((path) => path.endsWith(pathOf(open))) : -1;
    if (here < 0 && step < 0) return null;
    return /\/c\/([0-9a-f-]{36})\//.exec(rows[here + step] ?? "")?.[1] ?? null;
  }

  /** @param {string} text */
  async #copy(text) {
    if (!text) return;
    const isDone = await copyText(text);
    tell(isDone ? "announce" : "say", { text: isDone ? gettext("Copied") : gettext("Not copied") });
  }

  /** For screen readers, and only when asked: an answer is never read out by itself (M-108). */
  #read() {
    const answers = [...document.querySelectorAll('chat-turn article[data-role="assistant"]')];
    const turn = answers.at(-1)?.closest("chat-turn");
    const words = answers.filter((answer) => answer.closest("chat-turn") === turn).map((answer) => answer.querySelector(".message__text")?.textContent ?? "");
    tell("announce", { text: words.join("\n").trim() || lastAnswer(this.#state.turns) });
  }

  async #showHelp() {
    try {
      const [{ KeyboardHelp }] = await Promise.all([import("./keyboard-help.js"), enableStyle("dialog")]);
      const help = document.querySelector("keyboard-help") ?? document.body.appendChild(new KeyboardHelp());
      if (help instanceof KeyboardHelp && this.#page) help.open(this.#page);
    } catch (error) {
      console.warn("the list of shortcuts could not be loaded", error); // the next press tries again
    }
  }
}

/** @param {string} name @param {object} detail */
function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** By its own buttons, so that it is remembered and the focus goes along. */
function toggleSidebar() {
  const isShown = (/** @type {Element} */ button) => button instanceof HTMLElement && button.checkVisibility();
  const buttons = [...document.querySelectorAll("[data-closes-sidebar]:not(.veil), [data-opens-sidebar]")].filter(isShown);
  const isOpen = document.querySelector(".shell")?.getAttribute("data-sidebar") !== "closed";
  const wanted = buttons.find((button) => button.hasAttribute(isOpen ? "data-closes-sidebar" : "data-opens-sidebar")) ?? buttons[0];
  if (wanted instanceof HTMLElement) wanted.click();
}

customElements.define("page-keys", PageKeys);
