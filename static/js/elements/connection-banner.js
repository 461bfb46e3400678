/**
 * Says how the connection is, after a short grace: most losses are over before anybody needs to know (M-077).
 * Says nothing of turns: what a lost socket means for them is not known here.
 */

import { troubleOf } from "../lib/banner.js";
import { make } from "../lib/make.js";

const GRACE_MS = 2_500;
const BACK_MS = 2_000;
const TICK_MS = 1_000;

export class ConnectionBanner extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {import("../lib/banner.js").Fault} */
  #trouble = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #text = make("span");
  #retry = make("button", { type: "button", class: "button button--link" }, gettext("Try now"));
  #signIn = make("a", { class: "button button--link" }, gettext("Sign in again"));

  connectedCallback() {
    this.#retry.addEventListener("click", () => this.#page?.reconnect());
    this.append(this.#text, this.#retry, this.#signIn);
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe((state) => this.#look(state.socket));
    this.#look(page.store.get().socket);
  }

  /** @param {Chat.Socket} socket */
  #look(socket) {
    const trouble = troubleOf(socket);
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    clearTimeout(this.#timer);
    if (!trouble) return this.hidden ? undefined : this.#back();
    if (!this.hidden || trouble === "signed_out") return this.#show();
    this.#timer = setTimeout(() => this.#show(), GRACE_MS);
  }

  #show() {
    this.hidden = false;
    this.dataset.state = this.#trouble;
    this.#retry.hidden = this.#trouble === "signed_out";
    this.#signIn.hidden = this.#trouble !== "signed_out";
    this.#signIn.href = `${this.dataset.signInUrl}?next=${encodeURIComponent(location.pathname)}`;
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => this.#say(), TICK_MS);
    this.#say();
  }

  #say() {
    const retryAt = this.#page?.store.get().socket.retryAt ?? null;
    const text = wordsOf(this.#trouble, retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1000));
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }

  #back() {
    clearInterval(this.#ticking);
    this.dataset.state = "back";
    this.#retry.hidden = true;
    this.#signIn.hidden = true;
    this.#text.textContent = gettext("Connected again.");
    this.#timer = setTimeout(() => (this.hidden = true), BACK_MS);
  }
}

/** @param {import("../lib/banner.js").Fault} trouble @param {number} seconds until the next try @returns {string} */
function wordsOf(trouble, seconds) {
  if (trouble === "signed_out") return gettext("You are signed out. What you typed is kept.");
  if (trouble === "offline") return gettext("You are offline. Answers go on and will be here when you are back.");
  if (seconds < 2) return gettext("Connection lost. Trying again…");
  return interpolate(gettext("Connection lost. Trying again in %(seconds)s s."), { seconds }, true);
}

customElements.define("connection-banner", ConnectionBanner);
