/**
 * The entry of the search page: searches as one types and shows older hits as one scrolls. The server draws both;
 * without this file the page is a form and a link.
 */

import "./lib/i18n.js";
import { Latest, addressOf, join } from "./lib/search-page.js";

const BREATH_MS = 180;
const AHEAD = "600px";

const form = /** @type {HTMLFormElement} */ (document.querySelector(".search__form"));
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
const failure = /** @type {HTMLElement} */ (document.querySelector(".search__failure"));
const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));
const siteName = document.title.split(" · ").at(-1) ?? "";
const latest = new Latest();
const end = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void more(), { rootMargin: AHEAD });
let shown = input.value.trim();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let breath;

function results() {
  return /** @type {HTMLElement} */ (document.getElementById("results"));
}

/** @param {string} address @returns {Promise<Element | null>} null: signed out meanwhile, the page is on its way there */
async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.redirected) location.reload();
  if (!answer.ok) throw new TypeError(`search: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("results");
}

/** @param {string} address @param {(came: Element) => void} take */
async function load(address, take) {
  const isWanted = latest.ask();
  form.setAttribute("aria-busy", "true");
  try {
    const came = await fetched(address);
    if (isWanted() && came) take(document.adoptNode(came));
    if (isWanted()) failure.hidden = true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a fault of the program, not of the network
    if (!isWanted()) return;
    failure.textContent = gettext("The search did not work. Try again.");
    failure.hidden = false;
  } finally {
    if (isWanted()) form.removeAttribute("aria-busy");
  }
}

/** @param {string} typed @param {boolean} isPushed */
function show(typed, isPushed) {
  clearTimeout(breath);
  if (typed.trim() === shown && failure.hidden) return;
  shown = typed.trim();
  const address = addressOf(typed);
  if (isPushed) history.replaceState(null, "", address);
  document.title = [shown, gettext("Search"), siteName].filter(Boolean).join(" · ");
  void load(address, (came) => {
    results().replaceWith(came);
    status.textContent = came.querySelector(".results__count")?.textContent ?? "";
    watchEnd();
  });
}

/** The next page, when its link comes into sight. */
async function more() {
  const link = results().querySelector("a[rel=next]");
  if (!(link instanceof HTMLAnchorElement) || form.hasAttribute("aria-busy")) return;
  end.disconnect();
  await load(link.href, (older) => join(results(), older));
  if (failure.hidden) watchEnd();
}

function watchEnd() {
  end.disconnect();
  const link = results().querySelector("a[rel=next]");
  if (link) end.observe(link);
}

input.addEventListener("input", (event) => {
  clearTimeout(breath);
  if (event instanceof InputEvent && event.isComposing) return; // half a Chinese word is no word
  breath = setTimeout(() => show(input.value, true), BREATH_MS);
});
input.addEventListener("compositionend", () => show(input.value, true));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(input.value, true);
});
watchEnd();
