/**
 * Colours finished blocks of code as they come near the screen. Only colours change, never sizes: nothing moves,
 * and what is copied stays the same.
 */

import names from "../../vendor/highlight-names.js";
import { runsOf } from "./colourist.js";

/** @typedef {import("./code-runs.js").Run} Run */

/** Longer code stays plain: it is searched, not read. */
const MOST_UNITS = 60_000;
const NEAR = "800px 0px";
const SLICE_MS = 3;
const KNOWN = new Set(names);

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void colour(target);
    }
  },
  { rootMargin: NEAR },
);

/** @param {Element} code `<code class="language-…">` that no further text changes */
export function colourWhenNear(code) {
  if (KNOWN.has(languageOf(code)) && (code.textContent?.length ?? 0) <= MOST_UNITS) near.observe(code);
}

/** @param {Element} code @returns {string} */
function languageOf(code) {
  return code.className.replace(/^language-/, "").toLowerCase();
}

/** @param {Element} code */
async function colour(code) {
  const text = code.textContent ?? "";
  const runs = await runsOf(text, languageOf(code));
  // Drawn anew meanwhile: then another element has taken its place.
  if (runs.length === 0 || !code.isConnected || code.textContent !== text || code.querySelector("span")) return;
  const brush = strokes(text, runs);
  let end = performance.now() + SLICE_MS;
  for (const part of [...code.childNodes]) {
    if (performance.now() > end) {
      await new Promise(requestAnimationFrame);
      end = performance.now() + SLICE_MS;
    }
    const fragment = coloured(brush, part.textContent?.length ?? 0);
    if (part instanceof Element) part.replaceChildren(fragment);
    else part.replaceWith(fragment);
  }
}

/** @typedef {(most: number) => [text: string, kind: string]} Brush the next run, or as much of it as still fits */

/** @param {string} text @param {Run[]} runs @returns {Brush} */
function strokes(text, runs) {
  let [index, start, used] = [0, 0, 0];
  return (most) => {
    const [units, kind] = runs[index] ?? [most, ""];
    const count = Math.min(most, units - used);
    const stroke = text.slice(start, start + count);
    start += count;
    used += count;
    if (used === units) [index, used] = [index + 1, 0];
    return [stroke, kind];
  };
}

/** @param {Brush} brush @param {number} units */
function coloured(brush, units) {
  const fragment = document.createDocumentFragment();
  for (let left = units; left > 0; ) {
    const [text, kind] = brush(left);
    fragment.append(kind ? span(text, kind) : text);
    left -= text.length;
  }
  return fragment;
}

/** @param {string} text @param {string} kind */
function span(text, kind) {
  const element = document.createElement("span");
  element.className = `hljs-${kind}`;
  element.textContent = text;
  return element;
}
