/** A document for modules that need one. Import it first, and what it is for with `await import()`. */

import { JSDOM } from "jsdom";
import "../../static/js/lib/i18n.js";

const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://chat.example/", pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document });
const NAMES = [
  "customElements", "CustomEvent", "Element", "FormData", "HTMLButtonElement", "HTMLElement", "HTMLInputElement", "HTMLSelectElement",
  "HTMLTextAreaElement", "MouseEvent", "Node", "Text", "localStorage", "requestAnimationFrame",
];
for (const name of NAMES) {
  globalThis[name] = window[name];
}

export { window };
