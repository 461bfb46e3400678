// The form of a tool: shows what the chosen mode needs, and says while one types what is wrong. Without this
// script all fields are there and the server says it on saving.

const WAIT_MS = 400;
const MARK = "live-error";

/**
 * Hide the rows of fields that the mode does not need; a row with an error of the server's stays.
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} neededBy
 */
export function showNeeded(form, neededBy) {
  const mode = String(new FormData(form).get("mode") ?? "");
  for (const [name, modes] of Object.entries(neededBy)) {
    const row = rowOf(form, name);
    if (row) row.hidden = !modes.includes(mode) && !row.classList.contains("errors");
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {{ errors: Record<string, string[]>, time_limit: string }} answer
 */
export function showFaults(form, answer) {
  for (const [name, sentences] of Object.entries(answer.errors)) {
    const row = rowOf(form, name);
    const list = row && listIn(row);
    list?.replaceChildren(...sentences.map((sentence) => item(sentence)));
    row?.querySelector("textarea, input")?.setAttribute("aria-invalid", String(sentences.length > 0));
  }
  const limit = rowOf(form, "time_limit_seconds");
  if (!limit || answer.errors.time_limit_seconds?.length) return;
  listIn(limit).replaceChildren(...(answer.time_limit ? [item(`= ${answer.time_limit}`, "reading")] : []));
}

/** @param {string} text */
function item(text, kind = "") {
  const one = document.createElement("li");
  one.className = kind;
  one.textContent = text;
  return one;
}

/**
 * @param {HTMLElement} row
 * @returns {HTMLElement}
 */
function listIn(row) {
  const found = row.querySelector(`.${MARK}`);
  if (found instanceof HTMLElement) return found;
  const list = document.createElement("ul");
  list.className = MARK;
  list.setAttribute("aria-live", "polite");
  row.append(list);
  return list;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLElement | null}
 */
function rowOf(form, name) {
  return form.querySelector(`.form-row.field-${name}`);
}

/** @param {HTMLFormElement} form */
function start(form) {
  const url = document.getElementById("tool-check")?.dataset.url;
  const fields = document.getElementById("tool-fields")?.textContent;
  if (!url || !fields) return;
  const neededBy = JSON.parse(fields);
  let asked = 0;
  let timer = 0;

  const check = async () => {
    const mine = ++asked;
    const answer = await fetch(url, { method: "POST", body: new FormData(form) });
    // Saving checks again and says why; a reply that was overtaken says nothing of what is there now.
    if (answer.ok && mine === asked) showFaults(form, await answer.json());
  };
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, WAIT_MS);
  };

  showNeeded(form, neededBy);
  form.addEventListener("change", () => showNeeded(form, neededBy));
  form.addEventListener("input", soon);
  void check();
}

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form#tool_form");
if (form) start(form);
