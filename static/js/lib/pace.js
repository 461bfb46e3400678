/** When to draw: at most once a frame, and the rarer the longer drawing takes. */

/** Of the time, at most one part in this many goes into drawing. */
const SHARE = 4;
/** A hidden tab gets no frames; it draws now and then, to be quick when it is shown. */
const HIDDEN_MS = 500;

export class Pace {
  #draw;
  #isDue = false;
  #restUntil = 0;

  /** @param {() => boolean} draw returns false when more is left to draw */
  constructor(draw) {
    this.#draw = draw;
  }

  /** Draw soon. */
  ask() {
    if (this.#isDue) return;
    this.#isDue = true;
    const rest = this.#restUntil - performance.now();
    if (document.hidden) setTimeout(this.#run, HIDDEN_MS);
    else if (rest > 4) setTimeout(() => requestAnimationFrame(this.#run), rest);
    else requestAnimationFrame(this.#run);
  }

  /** Draw now, all of it. */
  flush() {
    while (!this.#draw());
  }

  #run = () => {
    this.#isDue = false;
    const start = performance.now();
    const isDone = this.#draw();
    const end = performance.now();
    this.#restUntil = end + Math.min(1000, (end - start) * (SHARE - 1));
    if (!isDone) this.ask();
  };
}
