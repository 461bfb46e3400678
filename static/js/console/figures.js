/** The entry of the figures' page: draws what comes near the screen, and shows a choice at once. */

import "../lib/i18n.js";

const AHEAD = "300px";
const form = /** @type {HTMLFormElement} */ (document.querySelector(".figures__filter"));
const dates = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=date]"));
const days = /** @type {HTMLSelectElement} */ (form.elements.namedItem("days"));

/** @type {Promise<void> | null} */
let isDefined = null;

async function define() {
  const library = /** @type {HTMLElement} */ (document.querySelector(".figures")).dataset.library ?? "";
  const [{ FigurePlot, use }, uPlot] = await Promise.all([import("./figure-plot.js"), import(library)]);
  use(uPlot.default);
  if (!customElements.get("figure-plot")) customElements.define("figure-plot", FigurePlot);
}

const near = new IntersectionObserver(
  (seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    near.disconnect();
    isDefined ??= define();
  },
  { rootMargin: AHEAD },
);
for (const plot of document.querySelectorAll("figure-plot")) near.observe(plot);

function redraw() {
  for (const plot of document.querySelectorAll("figure-plot")) /** @type {any} */ (plot).draw?.();
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/** Dates are shown, and sent, where they were chosen. */
function showDates() {
  for (const date of dates) {
    /** @type {HTMLElement} */ (date.closest("label")).hidden = days.value !== "";
    date.disabled = days.value !== "";
  }
}

form.addEventListener("change", (event) => {
  showDates();
  const isDate = event.target instanceof HTMLInputElement;
  if (event.target === days && days.value === "") return void dates[0]?.focus(); // the dates come first
  if (isDate && ![...dates].every((date) => date.value)) return;
  if (!isDate) form.requestSubmit(); // a date is typed digit by digit: "Show" sends it
});
form.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});
showDates();
