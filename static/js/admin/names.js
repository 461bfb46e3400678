// Names for what Django's own admin templates leave without one: screen readers come to a box to tick, a search
// field or a menu and say nothing of it. Everything works without this script.

/** @param {Document | Element} within */
export function giveNames(within) {
  nameCells(within);
  nameMenus(within);
  nameMoments(within);
  for (const head of within.querySelectorAll("th:empty, th.original")) head.setAttribute("role", "none");
  for (const tip of within.querySelectorAll("span.help-tooltip[aria-label]")) tip.setAttribute("role", "img");
  for (const link of within.querySelectorAll("#changelist-filter a")) {
    if (!link.textContent?.trim()) link.textContent = "–";
  }
  for (const wide of within.querySelectorAll(".inline-group .tabular")) wide.setAttribute("tabindex", "0");
}

/**
 * A field in a table is called like its column: "Delete?", "Offered for".
 * @param {Document | Element} within
 */
function nameCells(within) {
  for (const field of within.querySelectorAll("td :is(input:not([type=hidden]), select, textarea)")) {
    const cell = /** @type {HTMLTableCellElement} */ (field.closest("td"));
    const isNamed = field.hasAttribute("aria-label") || /** @type {HTMLInputElement} */ (field).labels?.length;
    if (isNamed || cell.closest(".action-checkbox")) continue;
    const head = cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
    const name = head?.textContent?.trim();
    if (name) field.setAttribute("aria-label", name);
  }
}

/**
 * The menus that search while one types stand in for a select, and are called like it.
 * @param {Document | Element} within
 */
function nameMenus(within) {
  for (const menu of within.querySelectorAll(".select2-selection")) {
    const select = menu.closest(".select2")?.parentElement?.querySelector("select");
    const name = select?.getAttribute("aria-label") ?? select?.labels?.[0]?.textContent?.trim();
    if (!name) continue;
    for (const part of [menu, ...menu.querySelectorAll("[role=textbox]")]) part.setAttribute("aria-label", name);
  }
}

/**
 * A moment is two fields, a date and a time, with words before each that are no label.
 * @param {Document | Element} within
 */
function nameMoments(within) {
  for (const field of within.querySelectorAll(".datetime input:not([aria-label])")) {
    const whole = field.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
    field.setAttribute("aria-label", `${whole} ${field.previousSibling?.textContent ?? ""}`.replace(/\s+/g, " ").trim());
  }
}

function start() {
  const submit = document.querySelector("#changelist-search [type=submit]");
  document.querySelector("#searchbar")?.setAttribute("aria-label", submit?.getAttribute("value") ?? "");
  giveNames(document);
}

if (typeof document !== "undefined") {
  // Django makes its menus in jQuery's "ready" and the pairs of lists at "load": after each of them it is our turn.
  const jQuery = /** @type {any} */ (globalThis).django?.jQuery;
  if (jQuery) jQuery(start);
  addEventListener("load", start);
  document.addEventListener("formset:added", (added) => giveNames(/** @type {Element} */ (added.target)));
}
