/** Hostile and ordinary Markdown: what may reach the page, and what may not. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "./browser.js";

const { GrowingText } = await import("../../static/js/lib/growing-text.js");
const { dress } = await import("../../static/js/lib/dress.js");
const { sanitise } = await import("../../static/js/lib/sanitise.js");

/** @param {string} text */
function drawn(text) {
  const root = document.createElement("div");
  const growing = new GrowingText(root, dress);
  while (!growing.show(text, false));
  return root;
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<svg onload=alert(1)>",
  "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<a href=\"javascript:alert(1)\">x</a>",
  "[x](javascript:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](vbscript:msgbox)",
  "[x](//evil.example/path)",
  "[x](/accounts/logout/)",
  "[x](https://a.example \"\" onmouseover=\"alert(1)\")",
  "[x](https://a.example/\"onmouseover=\"alert(1))",
  "![x](javascript:alert(1))",
  "![x](data:image/svg+xml;base64,PHN2Zy8+)",
  "![x\" onerror=\"alert(1)](data:image/png;base64,AAAA)",
  "![x](https://evil.example/pixel.png)",
  "<form action=/c/><input name=csrfmiddlewaretoken><button>Send</button></form>",
  "<input type=text name=body>",
  "<p id=page-state name=getElementById style=\"position:fixed;inset:0\" class=shell>x</p>",
  "<style>body{display:none}</style>",
  "<link rel=stylesheet href=//evil.example>",
  "<base href=//evil.example>",
  "<meta http-equiv=refresh content=0>",
  "<details open ontoggle=alert(1)>",
  "```\"><img/src/onerror=alert(1)>\ncode\n```",
  "```x\" onload=\"alert(1)\ncode\n```",
  "|<img src=x onerror=alert(1)>|\n|-|\n|<script>alert(1)</script>|",
  "[a]: javascript:alert(1)\n\n[a]",
  "<br onclick=alert(1)>",
  "<sub style=color:red>x</sub>",
  "$<img src=x onerror=alert(1)>$",
  "\\(<script>alert(1)</script>\\)",
];

describe("hostile text", () => {
  for (const text of HOSTILE) {
    it(`does nothing: ${JSON.stringify(text).slice(0, 70)}`, () => {
      check(drawn(text));
      const growing = document.createElement("div");
      const one = new GrowingText(growing, dress);
      for (let end = 1; end <= text.length; end += 1) {
        one.show(text.slice(0, end), true);
        check(growing);
      }
    });
  }

  /** @param {Element} root */
  function check(root) {
    const { innerHTML } = root;
    assert.equal(root.querySelector("script, style, iframe, object, embed, svg, math, form, link, meta, base, textarea, select"), null, innerHTML);
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        assert.doesNotMatch(name, /^on|^style$|^id$|^name$|^srcset$|^action$|^formaction$/, innerHTML);
        if (name === "href") assert.match(value, /^(https?:\/\/|mailto:)/, innerHTML);
        if (name === "src") assert.match(value, /^data:image\/png;base64,/, innerHTML);
        if (name === "class") assert.match(value, /^(language-[\w+#.-]+|maths|maths maths--display|code|code__bar|table|button button--plain button--small)$/, innerHTML);
      }
    }
  }

  it("is shown as the text it is", () => {
    assert.equal(drawn("say <script>alert(1)</script>!").textContent, "say <script>alert(1)</script>!");
    assert.match(drawn("<div onclick=x>\nhello\n</div>").textContent ?? "", /<div onclick=x>hello<\/div>/);
  });

  it("does not come through the sanitiser alone either", () => {
    for (const html of HOSTILE) {
      const root = document.createElement("div");
      root.append(sanitise(html));
      check(root);
    }
  });
});

describe("links and pictures", () => {
  it("links open elsewhere and tell nothing of us", () => {
    const link = drawn("[page](https://a.example/?b=1&c=2)").querySelector("a");
    assert.equal(link?.getAttribute("href"), "https://a.example/?b=1&c=2");
    assert.equal(link?.getAttribute("target"), "_blank");
    assert.match(link?.getAttribute("rel") ?? "", /noopener noreferrer/);
  });
  it("a picture of another host is a link that names it", () => {
    const root = drawn("![a cat](https://pictures.example:8080/cat.png)");
    assert.equal(root.querySelector("img"), null);
    assert.equal(root.querySelector("a")?.textContent, "Picture: a cat (pictures.example:8080)");
  });
  it("a picture inside the text itself is shown", () => {
    const picture = drawn("![dot](data:image/png;base64,iVBORw0KGgo=)").querySelector("img");
    assert.equal(picture?.getAttribute("alt"), "dot");
  });
});

describe("ordinary text", () => {
  it("code has its language and a Copy button", () => {
    const root = drawn("```c++\nint x;\n```");
    assert.equal(root.querySelector(".code__bar span")?.textContent, "c++");
    assert.equal(root.querySelector("button")?.textContent, "Copy");
    assert.equal(root.querySelector("code")?.textContent, "int x;\n");
  });
  it("tables scroll in a frame of their own", () => {
    const root = drawn("|a|b|\n|-|-:|\n|1|2|");
    assert.equal(root.querySelector(".table > table td[align=right]")?.textContent, "2");
  });
  it("tasks are checkboxes that cannot be pressed", () => {
    const boxes = [...drawn("- [x] done\n- [ ] open").querySelectorAll("input")];
    assert.deepEqual(boxes.map((box) => [box.type, box.checked, box.disabled]), [["checkbox", true, true], ["checkbox", false, true]]);
  });
  it("single line ends are kept", () => {
    assert.equal(drawn("one\ntwo").querySelectorAll("br").length, 1);
  });
  it("a few bare tags work", () => {
    assert.equal(drawn("H<sub>2</sub>O<br>x").innerHTML, '<p dir="auto">H<sub>2</sub>O<br>x</p>');
  });
  it("every block knows its direction", () => {
    assert.deepEqual([...drawn("שלום\n\nhello").children].map((block) => block.getAttribute("dir")), ["auto", "auto"]);
  });
});
