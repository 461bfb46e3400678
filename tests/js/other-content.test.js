/** Cards and words with files: always something to read, and nothing that runs. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { window } from "./browser.js";

globalThis.HTMLAnchorElement = window.HTMLAnchorElement;
const { OtherContent } = await import("../../static/js/elements/other-content.js");
const { summaryOf, summaryText } = await import("../../static/js/lib/other-content.js");

const summary = (value, content_type = "card") => summaryOf({ content_type, text: JSON.stringify(value) });
const shown = (value, content_type = "card") => new OtherContent(/** @type {any} */ ({ content_type, text: typeof value === "string" ? value : JSON.stringify(value) }));

describe("a card", () => {
  it("of a chatflow says its title and what it offers, not its layout", () => {
    const info = { card_type: "QUESTION", question_card_data: { Title: "Which city?", Options: [{ name: "Paris" }, { name: "Rome" }] } };
    const found = summary({ card_type: 3, data: '{"elements":{"text":"layout"}}', x_properties: { workflow_card_info: JSON.stringify(info) } });
    assert.deepEqual([found.title, found.texts, found.buttons], ["Which city?", [], ["Paris", "Rome"]]);
  });

  it("of Coze's card program is read through its JSON in JSON", () => {
    const variables = { a: { id: "a", name: "list", defaultValue: { description: "Which city?", list: [{ key: "Paris" }, { key: "Rome" }] } } };
    const found = summary({ card_type: 3, template_url: "", data: JSON.stringify({ elements: {}, rootID: "root", variables }) });
    assert.deepEqual([found.texts, found.buttons], [["Which city?"], ["Paris", "Rome"]]);
  });

  it("unknown to us shows title, words, pictures, links and buttons", () => {
    const found = summary({ header: { title: { content: "Hotel" } }, elements: [{ tag: "div", text: { content: "Near the sea" } }, { tag: "button", text: { content: "Book" } }, { cover: "https://a.example/c.png" }, { url: "https://a.example/" }] });
    assert.deepEqual([found.title, found.buttons, found.pictures[0]?.url, found.files[0]?.url], ["Hotel", ["Book"], "https://a.example/c.png", "https://a.example/"]);
    assert.ok(found.texts.includes("Near the sea"));
    assert.match(summaryText(found), /Hotel\n\nNear the sea/);
  });

  it("is never an empty box", () => {
    for (const value of [{}, [], { a: 1 }, "no JSON at all", "[[[", { x_properties: null }]) assert.notEqual(shown(value).textContent?.trim(), "", JSON.stringify(value));
  });

  it("runs nothing, links to the web only, and ends", () => {
    let deep = /** @type {any} */ ({ text: "x" });
    for (let depth = 0; depth < 3000; depth += 1) deep = { content: deep };
    const element = shown({ title: "<img src=x onerror=alert(1)>", text: "<script>alert(1)</script>", url: "javascript:alert(1)", image: "data:image/svg+xml,x", deep, elements: Array.from({ length: 500 }, (_, text) => ({ text: String(text) })) });
    assert.equal(element.querySelector("script, img, [onerror], a"), null);
    assert.ok(element.children.length <= 70);
  });
});

it("an object_string is its words, pictures and files", () => {
  const element = shown([{ type: "text", text: "**Here**" }, { type: "image", file_url: "https://a.example/p.png" }, { type: "file", file_url: "https://a.example/f.pdf", name: "\u202efdp.exe", size: 2048 }, { type: "file", name: "gone.txt" }, { type: "audio", file_url: "javascript:1", name: "a.mp3" }], "object_string");
  assert.equal(element.querySelector("strong")?.textContent, "Here");
  assert.equal(element.querySelector("remote-picture")?.getAttribute("data-address"), "https://a.example/p.png");
  assert.deepEqual([...element.querySelectorAll("li a")].map((link) => link.getAttribute("href")), ["https://a.example/f.pdf"]);
  assert.equal(element.querySelectorAll("li").length, 3);
});
