/** Where a link leads is said, and asked about once. */

import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { window } from "./browser.js";

globalThis.HTMLAnchorElement = window.HTMLAnchorElement;
globalThis.location = window.location;
globalThis.sessionStorage = window.sessionStorage;
window.HTMLDialogElement.prototype.showModal = function () { this.open = true; };
window.HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new window.Event("close")); };

const { ChatMessage } = await import("../../static/js/elements/chat-message.js");
const { linkHtml } = await import("../../static/js/lib/markdown-links.js");
const { unicodeHost } = await import("../../static/js/lib/punycode.js");

it("a link names its host, visibly where its own words name another", () => {
  const behind = (href, text) => linkHtml(href, "", text, text).split("</a>")[1];
  const title = (href) => /title="([^"]*)"/.exec(linkHtml(href, "", "x", "x"))?.[1];
  assert.equal(title("https://a.example:8080/b"), "a.example:8080");
  assert.equal(title("mailto:me@a.example"), "me@a.example");
  assert.equal(behind("https://a.example/", "read more"), "");
  assert.equal(behind("https://www.a.example/b", "a.example/b"), "");
  assert.equal(behind("https://evil.example/", "https://bank.example"), " (evil.example)");
  assert.equal(behind("https://bank.example@evil.example/", "https://bank.example@evil.example/"), " (evil.example)");
  assert.equal(behind("https://xn--bcher-kva.example/", "bücher.example"), "");
  assert.equal(behind("https://xn--80ak6aa92e.com/", "apple.com"), " (xn--80ak6aa92e.com)");
  assert.equal(behind("mailto:me@a.example", "me@a.example"), "");
});

it("punycode is read back, and nonsense left alone", () => {
  const cases = { "xn--bcher-kva.example": "bücher.example", "xn--fiqs8s": "中国", "xn--80ak6aa92e.com": "аррӏе.com", "xn--mgbh0fb": "مثال", "xn--a-": "xn--a-", "xn--999999999": "xn--999999999", "a.example:80": "a.example:80" };
  for (const [host, shown] of Object.entries(cases)) assert.equal(unicodeHost(host), shown);
});

describe("a click on a link", () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
  const dialog = () => document.querySelector("dialog");

  async function click(markdown, type = "click") {
    document.body.replaceChildren();
    const element = new ChatMessage();
    document.body.append(element);
    element.showAnswer({ id: "m", ordinal: 0, type: "answer", content_type: "text", title: "", text: markdown, reasoning: "", reasoning_ms: null, state: "completed" }, { botName: "", thinkingSince: 0 });
    element.flush();
    const event = new window.MouseEvent(type, { bubbles: true, cancelable: true });
    element.querySelector("a").dispatchEvent(event);
    if (event.defaultPrevented) while (!dialog()) await settle();
    event.preventDefault(); // jsdom does not go anywhere
    return dialog();
  }

  beforeEach(() => sessionStorage.clear());

  it("asks with the real host, and not again for that host", async () => {
    const asked = await click("[x](https://once.example/a)");
    assert.match(asked.textContent, /once\.example/);
    const open = asked.querySelector("a");
    assert.equal(open.getAttribute("rel"), "noopener noreferrer");
    open.addEventListener("click", (event) => event.preventDefault());
    open.click();
    assert.equal(await click("[y](https://once.example/b)"), null);
    assert.ok(await click("[y](http://once.example/b)"), "not encrypted is another place");
  });

  it("asks on a middle click too, and a cancel keeps asking", async () => {
    const asked = await click("[x](https://twice.example/)", "auxclick");
    [...asked.querySelectorAll("button")].find((button) => button.textContent === "Cancel").click();
    assert.ok(await click("[x](https://twice.example/)"));
  });

  it("warns of what is doubtful", async () => {
    const words = async (href) => [...(await click(`[x](${href})`)).querySelectorAll(".leave__doubt")].length;
    assert.deepEqual(
      [await words("https://fine.example/"), await words("http://192.168.0.1/"), await words("https://xn--80ak6aa92e.com/"), await words("https://bank.example@evil.example/")],
      [0, 2, 1, 1],
    );
    assert.match((await click("[x](https://xn--80ak6aa92e.com/)")).textContent, /аррӏе\.com.*xn--80ak6aa92e\.com/);
  });

  it("leads on at once within this site, and to mail", async () => {
    assert.equal(await click("[x](http://chat.example/settings/)"), null);
    assert.equal(await click("[x](mailto:me@a.example)"), null);
  });
});
