/** The other sites one agreed to open during this visit: as long as the tab lives. */

const KEY = "chatweb.places";
/** Where storage is forbidden. @type {Set<string>} */
const kept = new Set();

/** @param {string} href @returns {string} scheme and host; "" for what is asked about each time */
function placeOf(href) {
  const { origin, username, password } = new URL(href);
  return username || password ? "" : origin;
}

/** @param {string} href */
export function isKnownPlace(href) {
  const place = placeOf(href);
  return place !== "" && (kept.has(place) || stored().includes(place));
}

/** @param {string} href */
export function keepPlace(href) {
  const place = placeOf(href);
  if (place === "" || isKnownPlace(href)) return;
  kept.add(place);
  try {
    sessionStorage.setItem(KEY, [...stored(), place].join("\n"));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/** @returns {string[]} */
function stored() {
  try {
    return (sessionStorage.getItem(KEY) ?? "").split("\n");
  } catch (error) {
    if (error instanceof DOMException) return [];
    throw error;
  }
}
