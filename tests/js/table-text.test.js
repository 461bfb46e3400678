/** Tables as spreadsheets take them. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./browser.js";

const { tablesIn } = await import("../../static/js/lib/answer-formats.js");
const { toCsv, toTsv } = await import("../../static/js/lib/table-text.js");

describe("the tables of an answer", () => {
  it("are found in lists and quotes too, in order, with the words of their cells", () => {
    const text = "| a | b |\n|---|---|\n| **1** | [x](https://a.example/) |\n\n> | c |\n> |---|\n> | `2\\|3` |\n\n- | d |\n  |---|\n  | 4<br>5 |";
    assert.deepEqual(tablesIn(text).map(({ rows }) => rows), [[["a", "b"], ["1", "x"]], [["c"], ["2|3"]], [["d"], ["4\n5"]]]);
    assert.equal(tablesIn(text)[0]?.markdown, "| a | b |\n|---|---|\n| **1** | [x](https://a.example/) |");
  });
});

describe("for a spreadsheet", () => {
  it("tabs and line ends inside a cell become spaces", () => assert.equal(toTsv([["a\tb", "c\nd"], ["1", "2"]]), "a b\tc d\n1\t2"));

  it("CSV quotes what has to be quoted", () => {
    assert.equal(toCsv([["a", 'say "hi"'], ["1,5", "two\nlines"]]), 'a,"say ""hi"""\r\n"1,5","two\nlines"\r\n');
  });

  it("no cell becomes a formula", () => {
    const cells = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", " =HYPERLINK(1)"];
    for (const cell of cells) assert.ok(toTsv([[cell]]).startsWith("'"), cell);
    for (const cell of cells) assert.match(toCsv([[cell]]), /^"?'/, cell);
  });

  it("numbers stay numbers", () => {
    for (const cell of ["-3.5", "+20 %", "-1,000.50", "12", "-", "--", "a=b"]) assert.equal(toTsv([[cell]]), cell);
  });
});
