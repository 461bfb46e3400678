/**
 * The log without waiting: a search that stopped at its time limit goes on by itself until it finds something.
 * Without this file its link does it. Menus close with Esc and with a press elsewhere.
 */

const MOST_STEPS = 40;

/** @param {HTMLElement} results what was found so far, told by `data-goes-on` where to go on */
async function goOn(results) {
  for (let step = 0; step < MOST_STEPS && results.dataset.goesOn && !results.querySelector(".found"); step += 1) {
    const answer = await fetch(`?${results.dataset.goesOn}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("results");
    if (!next) return;
    results.replaceWith(document.adoptNode(next));
    results = next;
  }
}

/** @param {Event} event */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.log__menu[open]")) {
    if (event instanceof KeyboardEvent) {
      if (event.key !== "Escape") return;
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    } else if (menu.contains(/** @type {Node} */ (event.target))) continue;
    menu.removeAttribute("open");
  }
}

document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeMenus);

const first = document.getElementById("results");
if (first) void goOn(first);
