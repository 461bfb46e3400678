/** The composer's elements whose code comes late: fetched once, given the page once. */

import { has, load } from "./composer-loader.js";

/** @typedef {import("./composer-loader.js").Part} Part */

/** @type {[Part, string][]} those that want the page */
const WANT_PAGE = [["waiting", "waiting-line"], ["start", "start-form"], ["files", "attached-files"]];

export class ComposerParts {
  #find;
  /** @type {(part: Part) => void} */
  #settled;
  /** @type {Chat.Page | null} */
  #page = null;
  /** @type {Map<Part, Promise<void>>} what is on its way */
  #loading = new Map();
  /** @type {Set<Part>} what knows the page */
  #equipped = new Set();

  /**
   * @param {(selector: string) => HTMLElement} find
   * @param {(part: Part) => void} settled hears that a part is there, or could not be fetched
   */
  constructor(find, settled) {
    this.#find = find;
    this.#settled = settled;
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    this.#equip();
  }

  /** @param {Part} part */
  isLoading(part) {
    return this.#loading.has(part);
  }

  /** Fetches a part that is needed now. Without it nothing is locked. @param {Part} part @returns {Promise<void>} */
  need(part) {
    const known = has(part) ? Promise.resolve() : this.#loading.get(part);
    if (known) return known;
    const coming = load(part)
      .catch((error) => console.warn(`the composer could not load "${part}"`, error)) // the next need tries again
      .then(() => {
        this.#loading.delete(part);
        this.#equip();
        this.#settled(part);
      });
    this.#loading.set(part, coming);
    return coming;
  }

  #equip() {
    if (!this.#page) return;
    for (const [part, name] of WANT_PAGE) {
      if (!has(part) || this.#equipped.has(part)) continue;
      this.#equipped.add(part);
      /** @type {Chat.PageElement} */ (this.#find(name)).page = this.#page;
    }
  }
}
