/** Style sheets that wait: the page names them, and a browser fetches a disabled one only once it is enabled. */

/** @type {Map<string, Promise<void>>} */
const enabled = new Map();

/**
 * @param {string} name of a `link[data-later]` in templates/chat/_styles.html
 * @returns {Promise<void>} when it is there, or cannot be had: what is unstyled still works
 */
export function enableStyle(name) {
  const known = enabled.get(name);
  if (known) return known;
  const coming = enable(document.querySelector(`link[data-later="${name}"]`));
  enabled.set(name, coming);
  return coming;
}

/** @param {Element | null} link @returns {Promise<void>} */
async function enable(link) {
  if (!link?.hasAttribute("disabled")) return;
  await new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    link.removeAttribute("disabled");
  });
}
