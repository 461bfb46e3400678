/** Code as runs of the same kind: what highlight.js finds, flat, so that it can be put on the page part by part. */

import hljs from "../../vendor/highlight.js";

/** @typedef {[units: number, kind: string]} Run `kind`: highlight.js's outer scope, "keyword" of "keyword.control"; "" for plain words */

/** What highlight.js writes into, instead of HTML. Only the methods it calls. */
class Runs {
  /** @type {Run[]} */
  runs = [];
  /** @type {string[]} */
  #scopes = [];

  /** @param {string} text */
  addText(text) {
    const kind = this.#scopes.at(-1) ?? "";
    const last = this.runs.at(-1);
    if (last?.[1] === kind) last[0] += text.length;
    else if (text) this.runs.push([text.length, kind]);
  }

  /** @param {string} scope */
  startScope(scope) {
    this.#scopes.push(scope.split(".", 1)[0] ?? "");
  }

  endScope() {
    this.#scopes.pop();
  }

  /** @param {string} scope */
  openNode(scope) {
    this.startScope(scope);
  }

  closeNode() {
    this.endScope();
  }

  /** Another language inside this one. @param {Runs} other */
  __addSublanguage(other) {
    const outer = this.#scopes.at(-1) ?? "";
    this.runs.push(...other.runs.map(([units, kind]) => /** @type {Run} */ ([units, kind || outer])));
  }

  finalize() {}

  toHTML() {
    return "";
  }
}

hljs.configure({ __emitter: /** @type {any} */ (Runs) });

/**
 * @param {string} code
 * @param {string} language a name or another name of one in static/vendor/highlight.js
 * @returns {Run[]} their units are those of the code
 */
export function runsOf(code, language) {
  const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
  return /** @type {Runs} */ (/** @type {unknown} */ (_emitter)).runs;
}
