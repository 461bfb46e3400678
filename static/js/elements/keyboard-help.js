/**
 * <keyboard-help>: the dialog that lists the keyboard's shortcuts and lets a person rebind each, or switch them off,
 * those of one sign apart (WCAG 2.1.4). Kept on the server at once.
 */

import { make } from "../lib/make.js";
import { isMac } from "../lib/platform.js";
import { SHORTCUTS, bindings, caps, objectionTo, rebound, writtenKeys } from "../lib/shortcuts.js";
import { sayFailure } from "./say.js";

/** @typedef {import("../lib/shortcuts.js").Action} Action */
/** @typedef {import("../lib/shortcuts.js").Choices} Choices */

export class KeyboardHelp extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Action | null} waits for its new keys */
  #listening = null;
  #body = make("div", { class: "keys__groups" });
  #said = make("p", { class: "dialog__fault", role: "status" });
  #on = make("input", { type: "checkbox" });
  #single = make("input", { type: "checkbox" });
  #dialog = make("dialog", { class: "dialog", "aria-labelledby": "keyboard-help-title" });

  connectedCallback() {
    if (this.#dialog.isConnected) return;
    const close = make("button", { type: "button", class: "button button--primary" }, gettext("Close"));
    const reset = make("button", { type: "button", class: "button button--plain" }, gettext("All as usual"));
    const cards = make("p", { class: "keys__note" }, gettext("In a card that has the focus: 1–9 choose an option, a approves, d declines, Ctrl+Enter or ⌘+Enter submits."));
    this.#dialog.append(make("div", { class: "dialog__form" },
      make("h2", { class: "dialog__title", id: "keyboard-help-title" }, gettext("Keyboard shortcuts")),
      make("div", { class: "keys__switches" }, labelled(this.#on, gettext("Use shortcuts")), labelled(this.#single, gettext("Also those of a single sign"))),
      this.#body, cards, this.#said, make("div", { class: "dialog__foot" }, reset, close)));
    this.append(this.#dialog);
    close.addEventListener("click", () => this.#dialog.close());
    reset.addEventListener("click", () => this.#keep({ ...this.#choices, keys: {} }));
    this.#on.addEventListener("change", () => this.#keep({ ...this.#choices, is_off: !this.#on.checked }));
    this.#single.addEventListener("change", () => this.#keep({ ...this.#choices, single_off: !this.#single.checked }));
    this.#body.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("focusout", () => this.#listen(null));
  }

  /** @param {Chat.Page} page */
  open(page) {
    this.#page = page;
    this.#said.textContent = "";
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** @returns {Choices} */
  get #choices() {
    return this.#page?.store.get().user.shortcuts ?? {};
  }

  #draw() {
    const choices = this.#choices;
    const bound = bindings(choices);
    this.#on.checked = !choices.is_off;
    this.#single.checked = !choices.single_off;
    this.#single.disabled = Boolean(choices.is_off);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {};
    this.#body.replaceChildren(...Object.entries(groupNames()).map(([group, name]) => {
      const rows = SHORTCUTS.filter((one) => one.group === group).map(({ action, keys }) => row(action, bound.get(action) ?? "", keys));
      return make("section", { class: "keys__group", "aria-label": name }, make("h3", { class: "keys__group-name" }, name), make("ul", { class: "keys__list" }, ...rows));
    }));
    this.#body.toggleAttribute("data-off", Boolean(choices.is_off));
    if (focused.action) this.#button(focused.does ?? "rebind", focused.action)?.focus();
  }

  /** @param {string} does @param {string} action @returns {HTMLButtonElement | null} */
  #button(does, action) {
    return this.#body.querySelector(`button[data-does="${does}"][data-action="${action}"]`);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const action = /** @type {Action | undefined} */ (button?.dataset.action);
    if (!button || !action) return;
    if (button.dataset.does === "reset") {
      this.#keep(rebound(this.#choices, action, null));
      return this.#button("rebind", action)?.focus();
    }
    this.#listen(this.#listening === action ? null : action);
  }

  /** @param {Action | null} action */
  #listen(action) {
    if (action === this.#listening) return;
    const before = this.#listening && this.#button("rebind", this.#listening);
    if (before && this.#listening) showCaps(before, bindings(this.#choices).get(this.#listening) ?? "");
    this.#listening = action;
    const button = action && this.#button("rebind", action);
    if (!button) return;
    this.#said.textContent = gettext("Press the new keys. Escape leaves them, Delete takes them away.");
    button.replaceChildren(gettext("Press keys…"));
    button.toggleAttribute("data-listening", true);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const action = this.#listening;
    if (!action) return;
    const [keys] = writtenKeys(event, isMac);
    if (event.key === "Tab") return; // the focus goes on, and so does this
    event.preventDefault();
    event.stopPropagation();
    if (!keys) return;
    this.#said.textContent = "";
    if (keys === "Escape" && action !== "stop") return this.#listen(null);
    const wanted = keys === "Delete" || keys === "Backspace" ? "" : keys;
    const objection = objectionTo(this.#choices, action, wanted);
    if (objection) {
      this.#said.textContent = objectionWords(objection, keys);
      return;
    }
    this.#listening = null;
    this.#keep(rebound(this.#choices, action, wanted));
  }

  /** Shown at once; what the server does not take is taken back. @param {Choices} choices */
  async #keep(choices) {
    const page = this.#page;
    const before = this.#choices;
    if (!page) return;
    page.store.dispatch({ type: "shortcuts_changed", shortcuts: choices });
    this.#draw();
    try {
      await page.commands.post("/settings/shortcuts/", choices);
    } catch (error) {
      page.store.dispatch({ type: "shortcuts_changed", shortcuts: before });
      this.#draw();
      sayFailure(this, page.store, error);
    }
  }
}

/** @param {HTMLInputElement} box @param {string} words */
function labelled(box, words) {
  return make("label", { class: "keys__switch" }, box, words);
}

/** @param {Action} action @param {string} keys @param {string} usual */
function row(action, keys, usual) {
  const name = actionNames()[action];
  const button = make("button", { type: "button", class: "keys__caps", "data-does": "rebind", "data-action": action, title: gettext("Change") });
  showCaps(button, keys);
  button.setAttribute("aria-label", interpolate(gettext("%(name)s: %(keys)s, change"), { name, keys: caps(keys, isMac).join(" ") || gettext("none") }, true));
  const reset = make("button", { type: "button", class: "button button--small button--plain", "data-does": "reset", "data-action": action, "aria-label": interpolate(gettext("%(name)s: as usual"), { name }, true) }, gettext("As usual"));
  return make("li", { class: "keys__row" }, make("span", { class: "keys__name" }, name), ...(keys === usual ? [] : [reset]), button);
}

/** @param {HTMLElement} button @param {string} keys */
function showCaps(button, keys) {
  button.removeAttribute("data-listening");
  const shown = caps(keys, isMac).map((cap) => make("kbd", {}, cap));
  button.replaceChildren(...(shown.length ? shown : [gettext("none")]));
}

/** @param {NonNullable<ReturnType<typeof objectionTo>>} objection @param {string} keys */
function objectionWords(objection, keys) {
  const shown = caps(keys, isMac).join(" ");
  switch (objection.kind) {
    case "taken": return interpolate(gettext("%(keys)s is taken: %(name)s. Press others, or change that one first."), { keys: shown, name: actionNames()[objection.by] }, true);
    case "kept": return interpolate(gettext("Browsers keep %(keys)s for themselves. Press others."), { keys: shown }, true);
    case "needed": return interpolate(gettext("%(keys)s is needed to get about the page. Press others."), { keys: shown }, true);
  }
}

/** @returns {Record<string, string>} */
function groupNames() {
  return { places: gettext("Getting about"), asking: gettext("Asking"), answers: gettext("The last answer") };
}

/** @returns {Record<Action, string>} */
function actionNames() {
  return {
    "new-chat": gettext("New chat"),
    "open-palette": gettext("Search and go to"),
    "toggle-sidebar": gettext("Show or hide the list"),
    "previous-conversation": gettext("Previous conversation"),
    "next-conversation": gettext("Next conversation"),
    "open-settings": gettext("Settings"),
    "show-shortcuts": gettext("Keyboard shortcuts"),
    "focus-composer": gettext("To where you type"),
    "stop": gettext("Stop the answer"),
    "regenerate-last": gettext("Answer again"),
    "next-card": gettext("Next card that waits"),
    "copy-last-answer": gettext("Copy the answer"),
    "copy-last-code": gettext("Copy its last code"),
    "read-last-answer": gettext("Read it to a screen reader"),
  };
}

customElements.define("keyboard-help", KeyboardHelp);
