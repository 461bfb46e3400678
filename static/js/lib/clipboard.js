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

/**
 * Rich text, with plain text for programs that take no other.
 * @param {string} html that was sanitised
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyRich(html, text) {
  if (!navigator.clipboard || typeof ClipboardItem === "undefined") return copyByEvent(html, text);
  const item = new ClipboardItem({ "text/html": blobOf(html, "text/html"), "text/plain": blobOf(text, "text/plain") });
  try {
    await navigator.clipboard.write([item]);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return copyByEvent(html, text);
    throw error;
  }
}

/** @param {string} text @param {string} type */
function blobOf(text, type) {
  return new Blob([text], { type });
}

/** The older way: a copy that fills the clipboard itself. @param {string} html @param {string} text */
function copyByEvent(html, text) {
  const fill = (/** @type {ClipboardEvent} */ event) => {
    event.preventDefault();
    event.clipboardData?.setData("text/html", html);
    event.clipboardData?.setData("text/plain", text);
  };
  document.addEventListener("copy", fill, { once: true });
  const isDone = copySelected(text);
  document.removeEventListener("copy", fill);
  return isDone;
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
