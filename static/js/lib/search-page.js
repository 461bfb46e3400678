/**
 * Results that come as pages of the site: which answer is still wanted, and how an older page joins the newer one.
 * Knows no document of its own.
 */

/** Of many questions on their way only the last is wanted. */
export class Latest {
  #ticket = 0;

  /** @returns {() => boolean} whether nothing was asked since */
  ask() {
    this.#ticket += 1;
    const ticket = this.#ticket;
    return () => ticket === this.#ticket;
  }
}

/** @param {string} typed @param {string} [path] @returns {string} */
export function addressOf(typed, path = "/search/") {
  return typed.trim() ? `${path}?${new URLSearchParams({ q: typed.trim() })}` : path;
}

/**
 * Puts an older page's hits under what is there: a conversation that goes on keeps its one heading.
 * @param {Element} results
 * @param {Element} older
 */
export function join(results, older) {
  const last = results.querySelector(".found:last-of-type");
  const [first, ...others] = older.querySelectorAll(".found");
  const goesOn = last && first && last.getAttribute("data-conversation") === first.getAttribute("data-conversation");
  const more = results.querySelector("[rel=next]");
  if (goesOn) last.querySelector("ol")?.append(...first.querySelectorAll("li"));
  const groups = goesOn || !first ? others : [first, ...others];
  more?.replaceWith(...groups, ...older.querySelectorAll("[rel=next]"));
}
