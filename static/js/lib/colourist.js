/** Asks the worker for the runs of code, one block after the other. */

/** @typedef {import("./code-runs.js").Run} Run */

/** Longer than this, and the block stays plain. */
const PATIENCE_MS = 4_000;

/** @type {Worker | null} */
let worker = null;
/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * @param {string} code
 * @param {string} language
 * @returns {Promise<Run[]>} none where the code is too hard, or the worker cannot be had
 */
export function runsOf(code, language) {
  const runs = before.then(() => asked(code, language));
  before = runs;
  return runs;
}

/** @param {string} code @param {string} language @returns {Promise<Run[]>} */
function asked(code, language) {
  const one = (worker ??= new Worker(new URL("./colour-worker.js", import.meta.url), { type: "module" }));
  return new Promise((resolve) => {
    const answered = (/** @type {Run[]} */ runs) => {
      clearTimeout(timer);
      [one.onmessage, one.onerror] = [null, null];
      resolve(runs);
    };
    const givenUp = () => {
      one.terminate();
      worker = null;
      answered([]);
    };
    const timer = setTimeout(givenUp, PATIENCE_MS);
    one.onmessage = ({ data }) => answered(data);
    one.onerror = givenUp;
    one.postMessage({ code, language });
  });
}
