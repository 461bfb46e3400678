/** Short notes: answers in conversations that are not on screen (M-078), and `say` {text} from anywhere. */

import { make } from "../lib/make.js";
import { openConversation } from "./conversation-commands.js";

const SHOWN_MS = 8_000;
const MOST = 4;

export class ToastStack extends HTMLElement {
  connectedCallback() {
    document.addEventListener("say", (event) => this.#add(/** @type {CustomEvent} */ (event).detail.text, "error"));
    document.addEventListener("open-conversation", (event) => this.#forget(/** @type {CustomEvent} */ (event).detail.id));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    page.store.subscribe((state, change) => {
      if (change.type === "notice" && change.conversation !== state.conversation?.id) this.#notice(state, change);
    });
  }

  /**
   * @param {Chat.State} state
   * @param {Extract<Chat.Change, {type: "notice"}>} notice
   */
  #notice(state, notice) {
    const row = state.conversations.find((one) => one.id === notice.conversation);
    const name = row?.name || row?.bot_name || gettext("A conversation");
    const text = wordsOf(notice.kind, name);
    if (!text) return;
    this.#forget(notice.conversation);
    const toast = this.#add(text, notice.kind);
    toast.dataset.conversation = notice.conversation;
    toast.querySelector(".toast__text")?.after(this.#openButton(notice.conversation));
  }

  /** @param {string} conversation */
  #openButton(conversation) {
    const button = make("button", { type: "button", class: "button button--small" }, gettext("Open"));
    button.addEventListener("click", () => openConversation(this, conversation));
    return button;
  }

  /** @param {string} text @param {string} kind */
  #add(text, kind) {
    const template = this.querySelector("template");
    const toast = template?.content.firstElementChild?.cloneNode(true);
    if (!(toast instanceof HTMLElement)) throw new Error("toast-stack: expected a template for a toast");
    const words = toast.querySelector(".toast__text");
    if (words) words.textContent = text;
    toast.dataset.kind = kind;
    toast.querySelector("[data-does=close]")?.addEventListener("click", () => toast.remove());
    this.append(toast);
    this.#toasts.slice(0, -MOST).forEach((old) => old.remove());
    this.#fade(toast);
    return toast;
  }

  get #toasts() {
    return [...this.querySelectorAll(".toast")].filter((toast) => toast instanceof HTMLElement);
  }

  /** Goes by itself, but not while somebody reads it. @param {HTMLElement} toast */
  #fade(toast) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.#fade(toast) : toast.remove()), SHOWN_MS);
  }

  /** @param {string | null} conversation it is on screen now, or has something newer to say */
  #forget(conversation) {
    for (const toast of this.#toasts) {
      if (conversation && toast.dataset.conversation === conversation) toast.remove();
    }
  }
}

/** @param {string} kind @param {string} name @returns {string} "" for what needs no words: the user stopped it */
function wordsOf(kind, name) {
  switch (kind) {
    case "ready": return interpolate(gettext("“%(name)s” has an answer."), { name }, true);
    case "failed": return interpolate(gettext("“%(name)s” could not be answered."), { name }, true);
    case "waiting": return interpolate(gettext("“%(name)s” waits for you."), { name }, true);
    default: return "";
  }
}

customElements.define("toast-stack", ToastStack);
