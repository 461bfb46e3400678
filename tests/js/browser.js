/** A document for modules that need one. Import it first, and what it is for with `await import()`. */

import { JSDOM } from "jsdom";
import "../../static/js/lib/i18n.js";

const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://chat.example/", pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document });
for (const name of ["customElements", "CustomEvent", "Element", "FormData", "HTMLButtonElement", "HTMLElement", "MouseEvent", "Text", "requestAnimationFrame"]) {
  globalThis[name] = window[name];
}

export { window };
