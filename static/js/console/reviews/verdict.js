/** The form of a verdict as one text and back: what a draft keeps. */

/** What people set; the rest of the form is the page's. */
const FIELDS = ["labels", "score", "note", "better_answer"];

/** @param {HTMLFormElement} form @returns {string} */
export function valuesOf(form) {
  const data = new FormData(form);
  return JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, data.getAll(name)])));
}

/** @param {HTMLFormElement} form @param {string} kept what `valuesOf` gave once */
export function filled(form, kept) {
  const values = parsed(kept);
  for (const name of FIELDS) {
    const wanted = values[name] ?? [];
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (field instanceof HTMLInputElement) field.checked = wanted.includes(field.value);
      else if (field instanceof HTMLTextAreaElement) field.value = wanted[0] ?? "";
    }
  }
}

/** @param {string} kept @returns {Record<string, string[]>} */
function parsed(kept) {
  try {
    return JSON.parse(kept);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
