/**
 * The sidebar's list: date groups, marks, endless scroll, the archived view. Hears `conversation-command`
 * {does, row} from any menu of the page; a rename that comes as far as here is edited in its row.
 */

import { groupsOf } from "../lib/dates.js";
import { arrange, make } from "../lib/make.js";
import { carryOut, openConversation, rename } from "./conversation-commands.js";
import { ConversationMenu } from "./conversation-menu.js";
import { fillRow, rowFrom } from "./conversation-row.js";
import { nameInput } from "./name-input.js";
import { sayFailure } from "./say.js";

/** @typedef {{conversations: Chat.Conversation[], next: string | null}} Listed */

export class ConversationList extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} */
  #groups = new Map();
  /** @type {Listed | null} what the archived view shows; null in the ordinary one */
  #archived = null;
  /** @type {unknown[]} what the last drawing showed */
  #drawn = [];
  #isLoading = false;
  #more = make("p", { class: "sidebar__more", hidden: "" }, gettext("Loading more…"));
  #back = make("button", { type: "button", class: "menu__item sidebar__back" }, gettext("Back to all conversations"));
  #empty = make("p", { class: "sidebar__empty" });

  connectedCallback() {
    this.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("conversation-command", (event) => this.#command(/** @type {CustomEvent} */ (event).detail));
    this.querySelector("[data-archived]")?.addEventListener("click", () => this.#show({ conversations: [], next: null }));
    this.#back.addEventListener("click", () => this.#show(null));
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#loadMore(), {
      root: this.#list,
      rootMargin: "300px",
    }).observe(this.#more);
    document.addEventListener("visibilitychange", () => document.hidden || this.#draw(true)); // the day may have changed
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    const archived = this.querySelector("[data-archived]");
    if (archived instanceof HTMLElement) archived.hidden = false;
    page.store.subscribe((_, change) => {
      this.#keepArchived(change);
      this.#draw();
    });
    this.#draw();
  }

  /** @returns {HTMLElement} */
  get #list() {
    return /** @type {HTMLElement} */ (this.querySelector(".sidebar__list"));
  }

  /** @returns {Listed | undefined} */
  get #listed() {
    return this.#archived ?? this.#page?.store.get();
  }

  /** @param {boolean} [isForced] also when nothing changed but the clock */
  #draw(isForced = false) {
    const state = this.#page?.store.get();
    const listed = this.#listed;
    if (!state || !listed) return;
    const shown = [listed.conversations, listed.next, state.conversation?.id];
    if (!isForced && shown.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = shown;
    const where = { timeZone: state.user.time_zone, language: document.documentElement.lang };
    const groups = groupsOf(listed.conversations, Date.now(), where);
    this.#more.hidden = !listed.next;
    this.#empty.hidden = listed.conversations.length > 0;
    this.#empty.textContent = this.#archived ? gettext("Nothing is archived.") : gettext("Your conversations will be listed here.");
    arrange(this.#list, [...(this.#archived ? [this.#back] : []), ...groups.map((group) => this.#group(group, state.conversation?.id)), this.#empty, this.#more]);
    this.#list.dataset.drawn = "";
  }

  /** @param {import("../lib/dates.js").Group} group @param {string | undefined} open */
  #group(group, open) {
    const section = this.#groups.get(group.key) ?? newGroup(group);
    this.#groups.set(group.key, section);
    const list = /** @type {HTMLElement} */ (section.querySelector("ul"));
    if (group.kind === "waiting") drawCount(section, group.rows);
    arrange(list, group.rows.map((row) => this.#row(row, row.id === open)));
    return section;
  }

  /** @param {Chat.Conversation} row @param {boolean} isOpen */
  #row(row, isOpen) {
    const element = this.#rows.get(row.id) ?? rowFrom(this);
    this.#rows.set(row.id, element);
    fillRow(element, row, isOpen);
    return element;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest(".row__menu");
    const row = this.#rowAt(target);
    if (button instanceof HTMLElement && row) return this.#menu?.openFor(button, row);
    const link = target?.closest("a[data-open]");
    if (!(link instanceof HTMLElement) || isForBrowser(event)) return;
    event.preventDefault();
    openConversation(this, link.dataset.open || null);
  }

  /** @param {import("./conversation-commands.js").Command} command */
  #command(command) {
    if (command.does === "rename") this.#rename(command.row);
    else if (this.#page) carryOut(this, this.#page, command);
  }

  /** @returns {ConversationMenu | null} */
  get #menu() {
    const menu = document.querySelector("conversation-menu");
    return menu instanceof ConversationMenu ? menu : null;
  }

  /** @param {Element | null} target @returns {Chat.Conversation | undefined} */
  #rowAt(target) {
    const element = target?.closest(".row");
    return this.#listed?.conversations.find((row) => this.#rows.get(row.id) === element);
  }

  /** @param {Chat.Conversation} row */
  #rename(row) {
    const element = this.#rows.get(row.id);
    const link = element?.querySelector(".row__link");
    if (!(link instanceof HTMLElement)) return;
    const input = nameInput(row.name, (name) => {
      const hadFocus = document.activeElement === input;
      input.parentElement?.remove();
      link.hidden = false;
      if (hadFocus) link.focus();
      if (name !== null && this.#page) rename(this, this.#page, row.id, name);
    });
    link.hidden = true;
    link.before(make("div", { class: "row__rename" }, input));
    input.select();
    input.focus();
  }

  /** @param {Listed | null} archived an empty archive to be filled, or null for the ordinary list */
  async #show(archived) {
    this.querySelector("details")?.removeAttribute("open");
    this.#archived = archived;
    this.#list.scrollTop = 0;
    this.#draw();
    if (!archived) return;
    this.#back.focus();
    await this.#loadMore();
  }

  /** The next page of what is in view; the first one of the archived view. */
  async #loadMore() {
    const page = this.#page;
    if (this.#isLoading || !page) return;
    this.#isLoading = true;
    try {
      if (this.#archived) this.#addArchived(await page.commands.get(archivePath(this.#archived.next)));
      else if (page.store.get().next) await page.loadMoreRows();
    } catch (error) {
      sayFailure(this, page.store, error);
    } finally {
      this.#isLoading = false;
    }
  }

  /** @param {Listed} page */
  #addArchived(page) {
    const known = this.#archived?.conversations ?? [];
    this.#archived = { conversations: [...known, ...page.conversations], next: page.next };
    this.#draw();
  }

  /** The archived view is no part of the store: it follows the same changes here. @param {Chat.Change} change */
  #keepArchived(change) {
    if (!this.#archived) return;
    if (change.type === "conversation_gone") return this.#withArchived(change.conversation, null);
    if (change.type === "conversation" || change.type === "row_loaded") this.#withArchived(change.conversation.id, change.conversation);
  }

  /** @param {string} id @param {Chat.Conversation | null} row */
  #withArchived(id, row) {
    if (!this.#archived) return;
    const conversations = this.#archived.conversations.flatMap((one) => (one.id !== id ? [one] : row?.is_archived ? [row] : []));
    this.#archived = { ...this.#archived, conversations };
  }
}

/** @param {string | null} cursor @returns {string} */
function archivePath(cursor) {
  return `/conversations/?archived=1${cursor ? `&before=${encodeURIComponent(cursor)}` : ""}`;
}

/** @param {MouseEvent} event @returns {boolean} a new tab or window is wanted */
function isForBrowser(event) {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** @param {import("../lib/dates.js").Group} group */
function newGroup({ kind, month }) {
  const heading = make("h2", { class: "sidebar__heading" }, month || headings()[kind]);
  const section = make("section", { class: "sidebar__group", "data-kind": kind }, heading, make("ul", { class: "sidebar__rows" }));
  if (kind !== "waiting") return section;
  heading.append(make("span", { class: "badge" }), make("a", { class: "sidebar__tasks", href: "/tasks/" }, gettext("My tasks")));
  return section;
}

/** @param {HTMLElement} section @param {Chat.Conversation[]} rows */
function drawCount(section, rows) {
  const count = rows.reduce((sum, row) => sum + row.waiting, 0);
  const badge = section.querySelector(".badge");
  if (!(badge instanceof HTMLElement) || badge.textContent === String(count)) return;
  const label = interpolate(ngettext("%(count)s card", "%(count)s cards", count), { count }, true);
  badge.textContent = String(count);
  badge.title = label;
  badge.setAttribute("aria-label", label);
  badge.setAttribute("role", "img");
}

/** @returns {Record<import("../lib/dates.js").GroupKind, string>} */
function headings() {
  return {
    waiting: gettext("Waiting for you"),
    pinned: gettext("Pinned"),
    today: gettext("Today"),
    yesterday: gettext("Yesterday"),
    week: gettext("Previous 7 days"),
    days_30: gettext("Previous 30 days"),
    month: "",
  };
}

customElements.define("conversation-list", ConversationList);
