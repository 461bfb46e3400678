/** Below "Try a text" of a redaction pattern: what operators would read instead, as one types. */

import "../lib/i18n.js";
import { csrfToken } from "../lib/csrf.js";

const BREATH_MS = 500;
const sample = document.querySelector("textarea[data-preview]");

/** @param {HTMLTextAreaElement} field @param {HTMLFormElement} form */
function watch(field, form) {
  const shown = document.createElement("output");
  shown.className = "redaction-preview";
  shown.setAttribute("aria-live", "polite");
  field.after(shown);
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let breath;
  form.addEventListener("input", () => {
    clearTimeout(breath);
    asked += 1;
    const mine = asked;
    breath = setTimeout(async () => {
      const text = await previewOf(field, form);
      if (mine === asked) shown.textContent = text;
    }, BREATH_MS);
  });
}

/** @param {HTMLTextAreaElement} field @param {HTMLFormElement} form @returns {Promise<string>} */
async function previewOf(field, form) {
  const values = new FormData(form);
  const body = new URLSearchParams();
  for (const name of ["name", "expression", "replacement", "sample"]) body.set(name, String(values.get(name) ?? ""));
  if (!body.get("sample") || !body.get("expression")) return "";
  try {
    const answer = await fetch(field.dataset.preview ?? "", { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
    if (!answer.ok) return gettext("The preview did not work. Try again.");
    const { problem, shown } = await answer.json();
    return problem || shown;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a fault of the program, not of the network
    return gettext("The preview did not work. Try again.");
  }
}

if (sample instanceof HTMLTextAreaElement && sample.form) watch(sample, sample.form);
