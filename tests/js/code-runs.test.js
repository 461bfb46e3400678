/** Colours of code: every character stays, the kinds are those a reader expects, nothing hostile gets into a class. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

const { runsOf } = await import("../../static/js/lib/code-runs.js");
const { default: names } = await import("../../static/vendor/highlight-names.js");

/** @param {string} code @param {string} language @returns {[string, string][]} */
function kinds(code, language) {
  let start = 0;
  return runsOf(code, language).map(([units, kind]) => [code.slice(start, (start += units)), kind]);
}

describe("runs of code", () => {
  it("name what a reader would", () => {
    const found = kinds('def area(r):  # of a circle\n    return 3.14 * r ** 2, "m²"\n', "python");
    for (const one of [["def", "keyword"], ["area", "title"], ["# of a circle", "comment"], ["3.14", "number"], ['"m²"', "string"]]) {
      assert.ok(found.some(([text, kind]) => text === one[0] && kind === one[1]), JSON.stringify([one, found]));
    }
  });

  it("know another language inside one", () => {
    const found = kinds("<style>a { color: red }</style><script>let x = 1;</script>", "html");
    assert.ok(found.some(([text, kind]) => text === "let" && kind === "keyword"));
    assert.ok(found.some(([text, kind]) => text === "color" && kind === "attribute"));
  });

  for (const code of ["", "\n", "x = 1", "<b>&amp;</b> '\"`", "const 名字 = \"🎈\";\r\n\t// ende", "{{{{((((\"'`/*", "\0\ud800"]) {
    it(`keep every character of ${JSON.stringify(code)} in every language`, () => {
      for (const name of names) {
        const found = kinds(code, name);
        assert.equal(found.map(([text]) => text).join(""), code, name);
        for (const [, kind] of found) assert.match(kind, /^[a-z_-]*$/, name);
      }
    });
  }
});
