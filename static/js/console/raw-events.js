/** The JSON of a raw event, fetched when its line is opened and kept from then on. */

import { make } from "../lib/make.js";

/** @param {ParentNode} root */
export function openEvents(root) {
  for (const line of root.querySelectorAll("details[data-event]")) {
    line.addEventListener("toggle", () => void fill(/** @type {HTMLDetailsElement} */ (line)));
  }
}

/** @param {HTMLDetailsElement} line */
async function fill(line) {
  const address = line.dataset.event;
  const place = line.querySelector("p");
  if (!line.open || !address || !place || line.hasAttribute("aria-busy")) return;
  line.setAttribute("aria-busy", "true");
  try {
    const text = await textAt(address);
    place.replaceWith(make("pre", { class: "raw", dir: "ltr", tabindex: "0" }, text));
    delete line.dataset.event;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a fault of the program, not of the network
    place.textContent = gettext("This event could not be fetched. Reload the page and try again.");
  } finally {
    line.removeAttribute("aria-busy");
  }
}

/** @param {string} address @returns {Promise<string>} */
async function textAt(address) {
  const answer = await fetch(address, { headers: { Accept: "text/plain, application/json" }, credentials: "same-origin" });
  const isText = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  if (!answer.ok || !isText) throw new TypeError(`event: ${answer.status}`);
  return answer.text();
}
