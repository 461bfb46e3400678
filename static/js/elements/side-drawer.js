/**
 * The sidebar as a place: hidden and shown on wide screens (remembered), a drawer on narrow ones (with the rest
 * of the page inert), and the user's menu with the theme. Sits around conversation-list's parent, the shell.
 */

import { recall, remember } from "../lib/choices.js";

const NARROW = "(max-width: 52rem)";

export class SideDrawer extends HTMLElement {
  #narrow = matchMedia(NARROW);
  /** @type {HTMLElement | null} who opened the drawer gets the focus back */
  #opener = null;

  connectedCallback() {
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    document.addEventListener("open-conversation", () => this.#closeDrawer());
    this.#narrow.addEventListener("change", () => this.#closeDrawer());
    if (recall("sidebar") === "closed") this.#shell.dataset.sidebar = "closed";
    this.#showThemes();
  }

  /** @returns {HTMLElement} */
  get #shell() {
    const shell = this.closest(".shell");
    if (!(shell instanceof HTMLElement)) throw new Error("side-drawer: expected to be inside .shell");
    return shell;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest("[data-opens-sidebar]");
    const theme = target?.closest("[data-theme-choice]");
    if (theme instanceof HTMLElement) return this.#chooseTheme(theme.dataset.themeChoice ?? "");
    if (!target?.closest(".person-menu")) this.#closePersonMenu();
    if (target?.closest("[data-closes-sidebar]")) this.#close();
    if (!(opener instanceof HTMLElement)) return;
    event.preventDefault();
    this.#open(opener);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = this.querySelector(".person-menu[open]");
    if (menu) {
      this.#closePersonMenu();
      const summary = menu.querySelector("summary");
      return summary?.focus();
    }
    if (this.#shell.dataset.drawer === "open") this.#closeDrawer();
  }

  #closePersonMenu() {
    this.querySelector(".person-menu")?.removeAttribute("open");
  }

  /** @param {HTMLElement} opener */
  #open(opener) {
    if (!this.#narrow.matches) {
      remember("sidebar", "open");
      delete this.#shell.dataset.sidebar;
      return this.#focusFirst();
    }
    this.#opener = opener;
    this.#shell.dataset.drawer = "open";
    opener.setAttribute("aria-expanded", "true");
    this.#setInert(true);
    this.#focusFirst();
  }

  #focusFirst() {
    const first = this.querySelector("[data-closes-sidebar]");
    if (first instanceof HTMLElement) first.focus();
  }

  #close() {
    if (this.#narrow.matches) return this.#closeDrawer();
    remember("sidebar", "closed");
    this.#shell.dataset.sidebar = "closed";
    const opener = document.querySelector("[data-opens-sidebar]");
    if (opener instanceof HTMLElement) opener.focus();
  }

  #closeDrawer() {
    this.#closePersonMenu();
    if (this.#shell.dataset.drawer !== "open") return;
    delete this.#shell.dataset.drawer;
    this.#setInert(false);
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#opener?.focus();
  }

  /** @param {boolean} isInert */
  #setInert(isInert) {
    const main = this.#shell.querySelector("main");
    if (main) main.inert = isInert;
  }

  #showThemes() {
    const themes = this.querySelector(".themes");
    if (themes instanceof HTMLElement) themes.hidden = false;
    const chosen = document.documentElement.dataset.theme ?? "";
    for (const button of this.querySelectorAll("[data-theme-choice]")) {
      if (button instanceof HTMLElement) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  }

  /** @param {string} theme light, dark or "" for the system's */
  #chooseTheme(theme) {
    remember("theme", theme);
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    this.#showThemes();
  }
}

customElements.define("side-drawer", SideDrawer);
