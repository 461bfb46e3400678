/** Markdown while it streams: ends like a fresh page, never touches what is settled, never flashes raw syntax. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import "./browser.js";

const { Lexer } = await import("../../static/vendor/marked.js");
const { GrowingText } = await import("../../static/js/lib/growing-text.js");
const { dress } = await import("../../static/js/lib/dress.js");
const { htmlOf, markdownOptions } = await import("../../static/js/lib/markdown.js");
const { sanitise } = await import("../../static/js/lib/sanitise.js");

const showcase = await readFile(new URL("showcase.md", import.meta.url), "utf8");

/** @param {string} text shown at once, over */
function fresh(text) {
  const root = document.createElement("div");
  const growing = new GrowingText(root, dress);
  while (!growing.show(text, false));
  return root;
}

/** @param {string} text @param {number} step units a time @param {(root: Element, prefix: string) => void} look */
function streamed(text, step, look = () => {}) {
  const root = document.createElement("div");
  const growing = new GrowingText(root, dress);
  for (let end = step; end < text.length; end += step) {
    growing.show(text.slice(0, end), true);
    look(root, text.slice(0, end));
  }
  growing.show(text, true);
  while (!growing.show(text, false));
  return root;
}

/** @param {string} text read and drawn by the parser as a whole, nothing of ours between */
function atOnce(text) {
  const root = document.createElement("div");
  const fragment = sanitise(htmlOf(new Lexer(markdownOptions).lex(text)));
  dress(fragment);
  root.append(...fragment.children);
  return root;
}

/** @param {number} seed @returns {(below: number) => number} whole numbers, the same ones for a seed */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a streamed text", () => {
  for (const step of [1, 7, 50, 400]) {
    it(`ends like a fresh page when it comes ${step} units a time`, () => {
      assert.equal(streamed(showcase, step).innerHTML, fresh(showcase).innerHTML);
    });
  }

  it("may be taken up anywhere", () => {
    for (let cut = 0; cut < showcase.length; cut += 151) {
      const root = document.createElement("div");
      const growing = new GrowingText(root, dress);
      growing.show(showcase.slice(0, cut), true);
      growing.show(showcase, true);
      growing.show(showcase, false);
      assert.equal(root.innerHTML, fresh(showcase).innerHTML, `cut at ${cut}`);
    }
  });

  it("is drawn block by block: what stands before the last two blocks is never replaced", () => {
    const text = "# One\n\ntwo\n\n- three\n\nfour\n\n```\nfive\n```\n\nsix\n\n> seven\n\neight";
    let known = [];
    streamed(text, 1, (root) => {
      const now = [...root.children];
      for (const [index, node] of known.slice(0, -2).entries()) assert.equal(now[index], node);
      known = now;
    });
  });

  it("keeps the nodes of a long list while its last item grows", () => {
    const root = document.createElement("div");
    const growing = new GrowingText(root, dress);
    growing.show("- one\n- two\n- thr", true);
    const items = [...root.querySelectorAll("li")];
    growing.show("- one\n- two\n- three", true);
    assert.deepEqual([...root.querySelectorAll("li")].map((item, index) => item === items[index]), [true, true, true]);
  });

  it("ends like a fresh page also where long lists and tables grow part by part", () => {
    const numbered = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join("");
    const texts = [
      numbered(40, (index) => `- item **${index}**\n`) + "\nafter\n",
      numbered(40, (index) => `${index + 3}. item\n${index === 20 ? "\n" : ""}`) + "\nafter",
      numbered(30, (index) => `- item\n  - nested ${index}\n\n      code ${index}\n`) + "# after\n\nmore",
      numbered(30, (index) => `- [${index % 2 ? "x" : " "}] task ${index}\n`),
      `|a|b|\n|-|-:|\n${numbered(40, (index) => `|${index}|*b*|\n`)}\nafter`,
      `|a|b|\n|-|-:|\n${numbered(40, (index) => `|same|same|\n`)}no bars any more\n\n- a\n- b`,
    ];
    for (const text of texts) {
      for (const step of [4, 37]) assert.equal(streamed(text, step).innerHTML, fresh(text).innerHTML, text.slice(0, 60));
    }
  });

  it("is drawn anew when it is another text", () => {
    const root = document.createElement("div");
    const growing = new GrowingText(root, dress);
    growing.show("# Old\n\ntext\n\nmore", true);
    growing.show("# New", false);
    assert.equal(root.textContent, "New");
  });

  it("is drawn in portions when it is very long", () => {
    const root = document.createElement("div");
    const growing = new GrowingText(root, dress);
    const long = "A paragraph of some words.\n\n".repeat(3000);
    let goes = 1;
    while (!growing.show(long, false)) goes += 1;
    assert.ok(goes > 1);
    assert.equal(root.innerHTML, fresh(long).innerHTML);
    assert.equal(root.children.length, 3000);
  });
});

const WORDS = [
  "plain", "words", "and", "more", "of", "them", "snake_case", "5 * 3", "**bold**", "*slanted*", "***both***", "~~gone~~", "`code`",
  "``a ` b``", "[link](https://a.example/b_c)", "[*page*](https://a.example \"title\")", "https://b.example/x", "me@c.example", "\\*", "&amp;",
  "H<sub>2</sub>O", "<kbd>Esc</kbd>", "List<String>", "a[0]", "[1]", "$5", "$x_1$", "$a*b$ and *c*", "\\(p_i*\\)", "设$x*$为", "**这是：**粗体", "中文。", "“quoted”", "**two words**", "_so it is_",
  "**a *nested* one**", "(**in** brackets)", "one<br>two", "*open", "`tick", "**",
];

/** @param {(below: number) => number} random @param {number} count */
function phrase(random, count) {
  return Array.from({ length: count }, () => WORDS[random(WORDS.length)]).join(" ");
}

/** @param {(below: number) => number} random @returns {string} a block that looks like a model's */
function block(random) {
  const lines = (/** @type {(index: number) => string} */ line) => Array.from({ length: 1 + random(70) }, (_, index) => line(index)).join("\n");
  switch (random(11)) {
    case 0: return `${"#".repeat(1 + random(4))} ${phrase(random, 4)}`;
    case 1: return lines((index) => `- ${phrase(random, 4)}${index % 9 === 8 ? "\n  - below\n\n    behind" : ""}`);
    case 2: return lines((index) => `${index + 1}. ${phrase(random, 3)}${random(40) === 0 ? "\n" : ""}`);
    case 3: return `\`\`\`js\n${lines(() => `${"x".repeat(random(200))}${random(9) ? ";" : "\n"}`)}\n\`\`\``;
    case 4: return `|a|b|\n|-|:-:|\n${lines(() => `|${phrase(random, 2)}|${random(9)}|`)}`;
    case 5: return lines(() => `> ${phrase(random, 5)}`);
    case 6: return phrase(random, 1500);
    case 7: return lines(() => phrase(random, 12));
    case 8: return `$$\n${lines((index) => `- x_${index} &= *y*`)}\n$$`;
    case 9: return `${phrase(random, 6)}\n\\[\n  a\n= b\n\\]\n${phrase(random, 6)}`;
    default: return phrase(random, 30);
  }
}

describe("any text, in any cuts, is what the parser makes of it as a whole:", () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    it(`seed ${seed}`, () => {
      const random = dice(seed);
      const text = Array.from({ length: 3 + random(6) }, () => block(random)).join(random(4) ? "\n\n" : "\n");
      const root = document.createElement("div");
      const growing = new GrowingText(root, dress);
      for (let end = random(3000); end < text.length; end += 1 + random(random(3) ? 3000 : 300)) growing.show(text.slice(0, end), true);
      while (!growing.show(text, false));
      const whole = atOnce(text).innerHTML;
      assert.equal(fresh(text).innerHTML, whole);
      assert.equal(root.innerHTML, whole);
    });
  }
});

describe("text no parser is quick with", () => {
  const many = (/** @type {string} */ part, /** @type {number} */ units) => part.repeat(Math.ceil(units / part.length));
  const cases = {
    "bold words": many("**bold words** and plain ones ", 40_000),
    "marks that nothing closes": many("*open _more ", 30_000),
    "marks that close nothing they should": many("*_x**a b* c** __~~d ** e*", 15_000),
    "brackets that nothing closes": many("[a [b ", 30_000),
    "links that nothing closes": many("[a](b", 30_000),
    "ticks that nothing closes": many("`` a ``` b ", 30_000),
    "stars alone": `x${many("*", 30_000)}`,
    "Chinese without a space": many("**简短：**这个", 15_000),
    "quotes in quotes": many(">", 30_000),
    "lists in lists": many("- ", 5_000) + "x",
  };
  for (const [name, text] of Object.entries(cases)) {
    it(`${name} come out the same however they came`, () => {
      const whole = fresh(text);
      assert.equal(streamed(text, 4999).innerHTML, whole.innerHTML);
      assert.ok(whole.textContent !== "");
    });
  }

  it("keeps what is settled of a long paragraph", () => {
    const root = document.createElement("div");
    const growing = new GrowingText(root, dress);
    const text = many("**bold words** and plain ones ", 20_000);
    while (!growing.show(text, true));
    const nodes = [...root.querySelectorAll("strong")].slice(0, 300);
    while (!growing.show(`${text} and **more**`, true));
    assert.deepEqual([...root.querySelectorAll("strong")].slice(0, 300).map((node, index) => node === nodes[index]), nodes.map(() => true));
  });

  it("a picture in the middle of a long paragraph is not cut", () => {
    const text = `${many("words ", 9_000)}![one dot](data:image/png;base64,${many("iVBORw0KGgo", 30_000)}=) ${many("words ", 9_000)}`;
    assert.equal(streamed(text, 4999).querySelectorAll("img").length, 1);
    assert.equal(fresh(text).innerHTML, atOnce(text).innerHTML);
  });

  it("long code is copied letter by letter", () => {
    const code = `${many("a line of code\n\n", 20_000)}}\n`;
    assert.equal(streamed(`\`\`\`\n${code}\`\`\``, 777).querySelector("code")?.textContent, code);
  });
});

describe("half-open syntax", () => {
  const cases = {
    "strong": ["so **very bold** it is", /\*/],
    "emphasis": ["so *very slanted* it is", /\*/],
    "both": ["so ***very loud*** it is", /\*/],
    "nested": ["so **very *very* bold** it is", /\*/],
    "Chinese": ["这是**粗体**文字", /\*/],
    "struck": ["so ~~very wrong~~ it is", /~/],
    "code": ["call `now()` or ``later()`` please", /`/],
    "link": ["see [the page](https://a.example/b_c(d)?e=*f* \"a title\") now", /[[\]()]|https/],
    "image": ["see ![the page](https://a.example/b.png) now", /[[\]!]|https/],
    "table": ["|a|b|\n|--|:-:|\n|1|2|", /[|:-]/],
    "table behind text": ["text\n\n| a | b |\n|---|---|\n| 1 | 2 |", /[|-]/],
    "fence": ["```python\nx = 1\n```\ndone", /`/],
    "fence in a list": ["1. do\n   ```sh\n   ls\n   ```\n2. done", /`/],
    "heading": ["text\n\n## Heading two\n\ntext", /#/],
    "setext": ["Title\n-----\n\ntext", /-/],
    "rule": ["text\n\n---\n\nmore", /-/],
    "task": ["- [x] done\n- [ ] open", /[[\]x-]/],
    "list with bold": ["- **one**: first\n- **two**: second", /[*-]/],
    "escape": ["a \\* star is", /\\/],
    "entity": ["black &amp; white", /amp/],
    "inline formula": ["so $e^{i\\pi}$ it is, \\(a_b\\) too, 设$x_1$为", /[$\\^{]\S*[^$)]$/],
    "formula behind text": ["is:\n$$\n- a\n= b\n$$\ndone", /^is:\s*\$\$\s*(?:- a\s*)?(?:=.{0,3})?\$?$/],
    "formula": ["\\[\n- a\n= b\n\\]\n\ndone", /^\\\[?\s*[^\]]*$/],
    "quote": ["> **well** said\n> by `me`", /[>*`]/],
  };
  for (const [name, [text, raw]] of Object.entries(cases)) {
    it(`${name} never shows its marks`, () => {
      streamed(text, 1, (root, prefix) => assert.doesNotMatch(root.textContent ?? "", raw, JSON.stringify(prefix)));
    });
  }

  it("of prose that only looks like it stays as it is", () => {
    for (const text of ["5 * 3 = 15 and 2 < 3", "snake_case_name", "[1] is a note, a[0] too", "50$\\%$。", "C# and F#", "- dash - dash"]) {
      assert.equal(streamed(text, 1).textContent?.trim(), fresh(text).textContent?.trim());
    }
    assert.equal(fresh("50$\\%$。").textContent, "50$\\%$。");
  });

  it("shows no word later than two steps after it came", () => {
    const text = "plain words, **bold ones**, `code` and [links](https://a.example) all come through";
    streamed(text, 1, (root, prefix) => {
      const complete = prefix.split(" ").slice(0, -2).filter((word) => /^[a-z,]+$/.test(word));
      for (const word of complete) assert.ok(root.textContent?.includes(word), `${word} in ${JSON.stringify(prefix)}`);
    });
  });
});
