/** What an answer is when it is copied: HTML that runs nothing, and text without marks. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./browser.js";

const { htmlText, plainText } = await import("../../static/js/lib/answer-formats.js");

describe("plain text", () => {
  const cases = {
    "marks go, words stay": ["# Rain\n\n**Soon**, at `noon`, see [here](https://a.example/).", "Rain\n\nSoon, at noon, see here."],
    "lists keep their marks and levels": ["3. a\n   - b\n   - [x] c\n4. d", "3. a\n   - b\n   - [x] c\n4. d"],
    "a table is columns between tabs": ["| a | b |\n|---|--:|\n| 1 | **2** |", "a\tb\n1\t2"],
    "code is left as it is": ["```py\nif a:\n    b\n```", "if a:\n    b"],
    "a quote, a line, a line's end": ["> a\n> b\n\n---\n\nc  \nd", "> a\n> b\n\n---\n\nc\nd"],
    "raw HTML is what was written": ["<b onclick=x>hi</b> & <br>bye", "<b onclick=x>hi</b> & \nbye"],
  };
  for (const [name, [markdown, expected]] of Object.entries(cases)) {
    it(name, () => assert.equal(plainText(markdown), expected));
  }
});

describe("rich text", () => {
  it("is the drawn Markdown, links and all", () => {
    const html = htmlText("**a** [b](https://c.example/?d&e)\n\n| f |\n|---|\n| g |");
    assert.match(html, /<strong>a<\/strong>/);
    assert.match(html, /href="https:\/\/c\.example\/\?d&amp;e"/);
    assert.match(html, /<td>g<\/td>/);
  });

  it("brings nothing that runs into another program", () => {
    const html = htmlText('<img src=x onerror=alert(1)> [a](javascript:alert(1)) <script>alert(1)</script>');
    const holder = document.createElement("div");
    holder.innerHTML = html;
    assert.deepEqual([...holder.querySelectorAll("script, img, [href], [onerror]")], []);
  });
});
