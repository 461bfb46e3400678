/**
 * A web worker that finds the kinds of words in code: the page stays quick, and code made to keep a pattern busy
 * for hours keeps nobody waiting but a worker that is ended.
 */

import { runsOf } from "./code-runs.js";

globalThis.addEventListener("message", ({ data: { code, language } }) => globalThis.postMessage(runsOf(code, language)));
