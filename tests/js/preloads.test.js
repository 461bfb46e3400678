/** The page names every module it needs, so that a browser fetches them side by side and not one after the other. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

const STATIC = new URL("../../static/", import.meta.url);
const TEMPLATES = new URL("../../templates/chat/", import.meta.url);

/** @param {string} path @param {Set<string>} found */
async function closure(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const source = await readFile(new URL(path, STATIC), "utf8");
  // Only what is loaded with the page: import() waits until it is needed.
  for (const [, name] of source.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?"(\.[^"]+)";/gms)) {
    await closure(normalize(join(dirname(path), name)), found);
  }
  return found;
}

/** @param {string} template @returns {Promise<(string | undefined)[]>} */
async function named(template) {
  const text = await readFile(new URL(template, TEMPLATES), "utf8");
  return [...text.matchAll(/<link rel="modulepreload" href="\{% static '([^']+)' %\}">/g)].map((match) => match[1]);
}

test("what page.js imports is preloaded, and nothing else", async () => {
  const needed = await closure("js/page.js");
  needed.delete("js/page.js");
  assert.deepEqual(await named("_preloads.html"), [...needed].toSorted());
});

test("an open conversation preloads what the log needs beside that", async () => {
  const known = await closure("js/page.js");
  const needed = await closure("js/elements/conversation-log.js");
  assert.deepEqual(await named("_log_preloads.html"), [...needed].filter((path) => !known.has(path)).toSorted());
});

test("cards.js names all that cards need, so that a browser fetches it side by side", async () => {
  const needed = await closure("js/elements/action-card.js");
  const source = await readFile(new URL("js/elements/cards.js", STATIC), "utf8");
  const named = [...source.matchAll(/^import (?:\{[^}]+\} from )?"(\.[^"]+)";/gm)].map(([, name]) => normalize(join("js/elements", name)));
  assert.deepEqual(named, [...needed].toSorted());
});
