/** A place on earth as a tool wants it (wire-workflows 3.6), rounded as its owner likes. Pure. */

/**
 * @typedef {"exact" | "near" | "area"} Precision about 1 m, 1 km, 10 km
 * @typedef {{latitude: number, longitude: number}} Place
 */

/** @type {Record<Precision, number>} decimals: a degree is 111 km */
const DECIMALS = { exact: 5, near: 2, area: 1 };

/** @param {Place} place @param {Precision} precision @returns {string} the output: strings, longitude first */
export function outputOf({ latitude, longitude }, precision) {
  const text = (/** @type {number} */ value) => String(Number(value.toFixed(DECIMALS[precision])));
  return JSON.stringify({ coordinates: { longitude: text(longitude), latitude: text(latitude) } });
}

/**
 * @param {string} latitude as typed; a decimal comma is fine
 * @param {string} longitude
 * @returns {Place | null} null when that is nowhere
 */
export function placeOf(latitude, longitude) {
  const [north, east] = [numberOf(latitude, 90), numberOf(longitude, 180)];
  return north === null || east === null ? null : { latitude: north, longitude: east };
}

/** @param {string} text @param {number} most */
function numberOf(text, most) {
  const trimmed = text.trim().replace(",", ".");
  const value = Number(trimmed);
  return trimmed !== "" && Number.isFinite(value) && Math.abs(value) <= most ? value : null;
}

/** @param {string} output @returns {Place | null} what an earlier output says */
export function placeIn(output) {
  try {
    const { latitude, longitude } = JSON.parse(output)?.coordinates ?? {};
    return placeOf(String(latitude ?? ""), String(longitude ?? ""));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
