/** Prologues without the whole Markdown reader: the same as with it, or left to it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { simpleParagraphs } from "../../static/js/lib/simple-markdown.js";

/** @param {string} source */
function html(source) {
  const tagged = (/** @type {import("../../static/js/lib/simple-markdown.js").Piece} */ { tag, text }) => (tag ? `<${tag}>${text}</${tag}>` : text);
  return simpleParagraphs(source)?.map((lines) => `<p>${lines.map((line) => line.map(tagged).join("")).join("<br>")}</p>`).join("");
}

test("paragraphs, lines, bold, italics and code are read", () => {
  assert.equal(html("Hello Ann, I am **Echo**.\nAsk *anything*, or `help`.\n\n你好，**朋友**。"), "<p>Hello Ann, I am <strong>Echo</strong>.<br>Ask <em>anything</em>, or <code>help</code>.</p><p>你好，<strong>朋友</strong>。</p>");
  assert.equal(html("2 x 3 is six."), "<p>2 x 3 is six.</p>");
});

test("whatever may be more is left to the whole reader", () => {
  for (const source of [
    "# Title", "- one\n- two", "1. one", "> said", "[a](https://a.example)", "see https://a.example", "a | b", "<b>x</b>", "a_b_", "x $y$",
    "**half", "a * b", "``code``", "```\ncode\n```", "***both***", "mail me@example.com", "\\*no\\*", "&lt;", "    code", "Title\n===",
  ]) assert.equal(simpleParagraphs(source), null, source);
});
