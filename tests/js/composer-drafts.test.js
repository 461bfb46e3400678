/** What stands in the composer on two devices: the newest counts, what is typed here stays, and nobody echoes (M-024). */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";

const quiet = () => ({ matches: false, addEventListener: () => {} });
Object.assign(globalThis, { matchMedia: quiet, CSS: { supports: () => true }, localStorage: window.localStorage, Event: window.Event });
await import("../../static/js/elements/chat-composer.js");
const { load } = await import("../../static/js/elements/composer-loader.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));
const settle = () => new Promise(setImmediate);

const PARTS = `<waiting-line hidden></waiting-line><start-form hidden></start-form><send-choice hidden></send-choice>
  <div class="drop" hidden></div>
  <form><attached-files hidden></attached-files><input type="file" data-does="pick"><button type="button" data-does="attach" hidden></button><textarea id="message"></textarea><p class="composer__refusal" hidden></p>
  <span class="composer__hint" data-when-enter="" data-when-modifier=""></span><span class="composer__count" hidden></span>
  <button type="button" data-does="stop" aria-label="Stop" hidden></button><button type="submit" aria-label="Send"></button></form>`;

describe("a draft of another device", () => {
  const told = (text, version, tab = "other") => ({ type: "question_draft", conversation: objects.conversation.id, draft: { text, files: [objects.attachment], version }, tab });
  const idle = { conversation: objects.conversation, turns: [], bots: [{ ...objects.bot, id: objects.conversation.bot }] };

  /** What this page would say while it goes away: all that the server has not taken. */
  function unsaid() {
    const said = [];
    globalThis.fetch = async (path, { body }) => said.push(JSON.parse(body).text);
    window.dispatchEvent(new window.Event("pagehide"));
    return said;
  }

  /** A composer on such a page whose server never answers. */
  function composer() {
    const element = document.createElement("chat-composer");
    element.innerHTML = PARTS;
    document.body.replaceChildren(element);
    const store = createStore(stateFromPage(pageState(idle), 0));
    element.page = { store, commands: { post: () => new Promise(() => {}) } };
    return { element, store, text: element.querySelector("textarea") };
  }

  it("is shown with its files as it grows, and never said by a tab that only shows it", async () => {
    const { element, store, text } = composer();
    store.dispatch(told("half a t", 1));
    store.dispatch(told("half a thought", 2));
    await Promise.all([load("files"), import("../../static/js/elements/draft-keeper.js")]);
    await settle();
    await settle();
    assert.equal(text.value, "half a thought");
    assert.equal(element.querySelectorAll(".attached__file").length, 1);
    assert.deepEqual(unsaid(), []);
    store.dispatch({ ...told("", 3, ""), draft: { text: "", files: [], version: 3 } });
    await settle();
    assert.deepEqual([text.value, element.querySelectorAll(".attached__file").length, unsaid()], ["", 0, []]);
  });

  it("gives way to what is typed here and not kept yet", async () => {
    const { store, text } = composer();
    text.value = "mine";
    text.dispatchEvent(new window.Event("input", { bubbles: true }));
    await settle();
    await settle();
    store.dispatch(told("theirs", 4));
    await settle();
    assert.deepEqual([text.value, unsaid()], ["mine", ["mine"]]);
  });
});
