/** Copies text, also on pages that are not served over HTTPS, where browsers hide `navigator.clipboard`. */

/** @param {string} text @returns {Promise<boolean>} whether it worked */
export async function copyText(text) {
  if (!navigator.clipboard) return copySelected(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return copySelected(text);
    throw error;
  }
}

/** @param {string} text */
function copySelected(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  const { activeElement } = document;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus();
  return isDone;
}

/**
 * Copies and says so on the button for a moment.
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export async function copyFrom(button, text) {
  const label = button.textContent;
  button.textContent = (await copyText(text)) ? gettext("Copied") : gettext("Not copied");
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
