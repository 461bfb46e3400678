/**
 * Messages that are new on the page share a slice of time a frame, so that thirty of them at once do not hold it up.
 * Whoever has to wait is drawn in one of the next frames, in the order of asking.
 */

const SLICE_MS = 12;

/** @type {(() => void)[]} */
const waiting = [];
/** The end of the slice of now; 0 between two. */
let end = 0;

/** @param {() => void} draw @returns {boolean} whether it is done already */
export function drawInTurn(draw) {
  if (end === 0) {
    end = performance.now() + SLICE_MS;
    requestAnimationFrame(goOn);
  }
  if (waiting.length === 0 && performance.now() < end) {
    draw();
    return true;
  }
  waiting.push(draw);
  return false;
}

function goOn() {
  end = performance.now() + SLICE_MS;
  while (waiting.length && performance.now() < end) waiting.shift()?.();
  if (waiting.length) requestAnimationFrame(goOn);
  else end = 0;
}
