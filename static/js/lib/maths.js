/** Formulas on the page: drawn as soon as KaTeX is there, which is fetched when the first one comes. */

import { formulaOf } from "./maths-syntax.js";

const UNDRAWN = ".maths:not(.maths--drawn, .maths--plain)";
const SLICE_MS = 6;
const MOST_KEPT = 1_000;

/** @type {typeof import("./typeset.js").typeset | null} */
let typeset = null;
/** @type {Promise<void> | null} */
let coming = null;
let isSweeping = false;
/** @type {Map<string, Node | null>} by what was written: a text that grows is drawn many times; null for what is no formula */
const known = new Map();

/** @param {DocumentFragment} fragment sanitised; formulas it has no time for follow once they are on the page */
export function drawFormulas(fragment) {
  const formulas = fragment.querySelectorAll(UNDRAWN);
  if (formulas.length === 0) return;
  const end = performance.now() + SLICE_MS;
  for (const formula of formulas) {
    if (typeset && (known.has(formula.textContent ?? "") || performance.now() < end)) draw(formula);
  }
  void sweep();
}

/** Draws what is on the page and is not drawn yet. */
export async function sweep() {
  if (isSweeping) return;
  isSweeping = true;
  try {
    await (coming ??= load());
    do await new Promise(requestAnimationFrame);
    while (!drawSome());
  } catch (error) {
    coming = null;
    console.warn("formulas stay as they were written", error);
  } finally {
    isSweeping = false;
  }
}

async function load() {
  const module = await import("./typeset.js");
  await module.ready;
  typeset = module.typeset;
}

/** @returns {boolean} whether none is left */
function drawSome() {
  const end = performance.now() + SLICE_MS;
  // The newest first: they are what one sees.
  for (const formula of [...document.querySelectorAll(UNDRAWN)].reverse()) {
    if (performance.now() > end) return false;
    draw(formula);
  }
  return true;
}

/** @param {Element} formula a bad one keeps its source, as it was written */
function draw(formula) {
  const raw = formula.textContent ?? "";
  if (!known.has(raw)) {
    if (known.size >= MOST_KEPT) known.clear();
    known.set(raw, typeset?.(formulaOf(raw)) ?? null);
  }
  const drawn = known.get(raw);
  formula.classList.add(drawn ? "maths--drawn" : "maths--plain");
  if (drawn) formula.replaceChildren(drawn.cloneNode(true));
}
