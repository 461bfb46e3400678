/** What a block gets beyond its text once nothing can change it any more: loaded when the first one needs it. */

import { sweep } from "./maths.js";

/** @param {Element} block of sanitised Markdown, on the page for good */
export function finish(block) {
  if (block.querySelector(".maths")) void sweep();
  for (const code of block.querySelectorAll("pre > code[class^='language-']")) void finishCode(code);
}

/** @param {Element} code */
async function finishCode(code) {
  try {
    if (code.className === "language-mermaid") await drawDiagram(code);
    else (await import("./code-colours.js")).colourWhenNear(code);
  } catch (error) {
    console.warn("code stays plain", error);
  }
}

/** @param {Element} code */
async function drawDiagram(code) {
  const { DiagramView } = await import("../elements/diagram-view.js");
  if (!code.closest(".code")?.querySelector("diagram-view")) new DiagramView().over(code);
}
