/**
 * What one sees of a picture that is enlarged: how much, and how far it is moved from the middle of its frame. Pure.
 *
 * @typedef {{scale: number, x: number, y: number}} Sight `scale` 1: as large as fits; x, y: px from the middle
 * @typedef {{x: number, y: number}} Point px from the middle of the frame
 * @typedef {{width: number, height: number}} Size px
 */

/** @type {Sight} */
export const WHOLE = { scale: 1, x: 0, y: 0 };
const MOST = 8;
export const STEP = 1.5;

/**
 * @param {Sight} sight
 * @param {number} factor
 * @param {Point} [point] stays where it is
 * @returns {Sight}
 */
export function zoomed(sight, factor, point = { x: 0, y: 0 }) {
  const scale = Math.min(MOST, Math.max(1, sight.scale * factor));
  const ratio = scale / sight.scale;
  return { scale, x: point.x - (point.x - sight.x) * ratio, y: point.y - (point.y - sight.y) * ratio };
}

/** @param {Sight} sight @param {number} dx @param {number} dy @returns {Sight} */
export function moved(sight, dx, dy) {
  return { ...sight, x: sight.x + dx, y: sight.y + dy };
}

/** @param {Sight} sight @param {Size} picture at scale 1 @param {Size} frame @returns {Sight} nothing is lost from view */
export function kept(sight, picture, frame) {
  const most = (/** @type {number} */ shown, /** @type {number} */ room) => Math.max(0, (shown * sight.scale - room) / 2);
  return {
    scale: sight.scale,
    x: within(sight.x, most(picture.width, frame.width)),
    y: within(sight.y, most(picture.height, frame.height)),
  };
}

/** @param {number} value @param {number} most */
function within(value, most) {
  return Math.min(most, Math.max(-most, value)) || 0;
}
