/** A bot's face: initials on one of a few calm colours. Knows no document. */

const HUES = 8;

/** @param {string} id @returns {number} 0–7, always the same for an id */
export function hueOf(id) {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}

/** @param {string} name @returns {string} one or two letters; one is enough in scripts without capitals */
export function initialsOf(name) {
  const words = name.trim().split(/[\s_\-·]+/u).filter(Boolean);
  const letters = words.map((word) => [...word][0] ?? "");
  const first = letters[0] ?? "?";
  const isCased = first.toLowerCase() !== first.toUpperCase();
  return (isCased ? first + (letters[1] ?? "") : first).toUpperCase();
}
