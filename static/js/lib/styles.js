/** Style sheets that wait: the page names them, and a browser fetches a disabled one only once it is enabled. */

/** @param {string} name of a `link[data-later]` in templates/chat/_styles.html */
export function enableStyle(name) {
  document.querySelector(`link[data-later="${name}"]`)?.removeAttribute("disabled");
}
