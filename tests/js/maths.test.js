/** What is a formula, what only looks like one, and what KaTeX may make of it. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./browser.js";

const { GrowingText } = await import("../../static/js/lib/growing-text.js");
const { dress } = await import("../../static/js/lib/dress.js");
const { halfFormula, formulaOf } = await import("../../static/js/lib/maths-syntax.js");
const { typeset } = await import("../../static/js/lib/typeset.js");

/** @param {string} text @returns {Element} */
function drawn(text) {
  const root = document.createElement("div");
  const growing = new GrowingText(root, dress);
  while (!growing.show(text, false));
  return root;
}

/** @param {string} text @returns {string[]} */
function formulas(text) {
  return [...drawn(text).querySelectorAll(".maths")].map((one) => one.textContent ?? "");
}

describe("formulas", () => {
  const cases = {
    "in dollars": ["so $e^{i\\pi} = -1$ it is", "$e^{i\\pi} = -1$"],
    "beside Chinese": ["设$x$为$y_1$，则", "$x$", "$y_1$"],
    "with a letter behind": ["the $n$th", "$n$"],
    "a percent sign": ["50$\\%$。", "$\\%$"],
    "a number": ["$2 \\times 3$ and $5$", "$2 \\times 3$", "$5$"],
    "in brackets": ["\\(a*b\\) and *c*", "\\(a*b\\)"],
    "display in a line": ["so $$x * y$$ and \\[z\\]", "$$x * y$$", "\\[z\\]"],
    "display over lines": ["text\n$$\n- a\n= b\n$$\nmore", "$$\n- a\n= b\n$$"],
    "display in a list": ["1. so\n   \\[\n   a\n   = b\n   \\]\n2. more", "\\[\na\n= b\n\\]"],
    "in a table": ["|a|\n|-|\n|$x_1$|", "$x_1$"],
    "in bold": ["**so $a*b$ is**", "$a*b$"],
  };
  for (const [name, [text, ...expected]] of Object.entries(cases)) {
    it(`${name}`, () => assert.deepEqual(formulas(text ?? ""), expected));
  }

  for (const text of [
    "$5 and $6", "from $5 to 10$ a day", "$5–$6", "US$5 or A$6", "\\$x\\$", "`$x$`", "```\n$x$\n```", "$HOME/$PATH", "$ x $", "$$", "a $ b",
    "\\[words\\](https://a.example)", "$5美元，$6美元", "$$\nnever closed\n\n- a list", "价格是$5美元到10$", "$\n$", "\\(never",
  ]) {
    it(`are not in ${JSON.stringify(text)}`, () => assert.deepEqual(formulas(text), []));
  }

  it("keep every character in the text", () => {
    for (const text of ["50$\\%$。", "$$\n<b>&amp;</b>\n$$", "a \\(<img src=x onerror=alert(1)>\\)"]) assert.equal(drawn(text).textContent?.trim(), text);
  });
});

describe("a formula that is not complete", () => {
  for (const text of ["so $", "so $x", "so $x + \\frac{1", "so $2^{", "设$x", "so \\(a + b", "so\n$$\nx", "\\[\n a", "$$x$", "a $b$ $c"]) {
    it(`is held back in ${JSON.stringify(text)}`, () => assert.ok(halfFormula(text) >= 0));
  }
  for (const text of ["costs $5", "costs $5 and", "so $x$", "$PATH is a variable", "`$x", "`$x`", "so \\(a\\)", "$ 5", "\\$x", "$x\nnext line"]) {
    it(`is not seen in ${JSON.stringify(text)}`, () => assert.equal(halfFormula(text.startsWith("`$x") && !text.endsWith("`") ? "" : text), -1));
  }
});

describe("KaTeX", () => {
  it("draws MathML for those who listen", () => {
    const root = document.createElement("div");
    root.append(typeset(formulaOf("$$\\frac{a}{b}$$")) ?? "");
    assert.ok(root.querySelector("math mfrac"));
    assert.equal(root.querySelector("annotation")?.textContent, "\\frac{a}{b}");
  });
  it("draws chemistry", () => assert.ok(typeset(formulaOf("$\\ce{2H2 + O2 -> 2H2O}$"))));

  for (const tex of [
    "\\frac{a", "\\unknown", "\\href{javascript:alert(1)}{x}", "\\url{https://a.example}", "\\includegraphics{https://a.example/a.png}",
    "\\htmlClass{shell}{x}", "\\htmlId{page-state}{x}", "\\htmlStyle{position:fixed}{x}", "\\htmlData{a=b}{x}",
    "\\def\\a{\\a\\a}\\a", "\\def\\a#1{#1#1#1#1#1#1#1#1}\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}", "{".repeat(2000),
  ]) {
    it(`gives ${tex.slice(0, 40)} back`, () => assert.equal(typeset(formulaOf(`$${tex}$`)), null));
  }

  it("sets no style attributes in MathML, defines nothing for others", () => {
    const root = document.createElement("div");
    root.append(typeset(formulaOf("$\\fcolorbox{red}{blue}{x}\\pmb{y}\\gdef\\mine{1}$")) ?? "");
    assert.equal(root.querySelectorAll("math [style]").length, 0);
    assert.equal(typeset(formulaOf("$\\mine$")), null);
  });
});
