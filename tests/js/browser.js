/** A document for modules that need one. Import it first, and what it is for with `await import()`. */

import { JSDOM } from "jsdom";
import "../../static/js/lib/i18n.js";

const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://chat.example/" });
Object.assign(globalThis, { window, document: window.document });

export { window };
