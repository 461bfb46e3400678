/** The composer while a card is open, and in front of a workflow: it is never locked, and no failure loses a text. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { CommandFailed } from "../../static/js/lib/commands.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";

const quiet = () => ({ matches: false, addEventListener: () => {} });
Object.assign(globalThis, { matchMedia: quiet, CSS: { supports: () => true }, localStorage: window.localStorage, Event: window.Event, KeyboardEvent: window.KeyboardEvent });
await import("../../static/js/elements/chat-composer.js");
const { load } = await import("../../static/js/elements/composer-loader.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const settle = () => new Promise(setImmediate);
const question = { ...objects.question, state: "pending", refusal: null, output: "", question: { ...objects.question.question, fields: {} } };
const waiting = { ...objects.turn_waiting, actions: [question] };
const workflow = {
  ...objects.bot,
  id: objects.conversation.bot,
  kind: "workflow",
  parameters: { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } }, required: ["days"] },
  kept_parameters: {},
};

const PARTS = `<waiting-line hidden></waiting-line><start-form hidden></start-form><send-choice hidden></send-choice>
  <div class="drop" hidden></div>
  <form><attached-files hidden></attached-files><input type="file" data-does="pick"><button type="button" data-does="attach" hidden></button><textarea id="message"></textarea><p class="composer__refusal" hidden></p>
  <span class="composer__hint" data-when-enter="" data-when-modifier=""></span><span class="composer__count" hidden></span>
  <button type="button" data-does="stop" aria-label="Stop" hidden></button><button type="submit" aria-label="Send"></button></form>`;

/** A composer on a page like this, whose commands the test answers. */
function composer(page) {
  const element = document.createElement("chat-composer");
  element.innerHTML = PARTS;
  document.body.replaceChildren(element);
  const store = createStore(stateFromPage(pageState(page), 0));
  const calls = [];
  const asked = [];
  const said = [];
  element.addEventListener("ask", (event) => asked.push(event.detail));
  element.addEventListener("say", (event) => said.push(event.detail.text));
  const post = (path, body) => new Promise((done, fail) => calls.push({ path, body, done, fail }));
  element.page = { store, commands: { post } };
  const [text, send, stop, choice, start] = ["textarea", "[type=submit]", "[data-does=stop]", "send-choice", "start-form"].map((one) => element.querySelector(one));
  const type = (value) => {
    text.value = value;
    text.dispatchEvent(new window.Event("input", { bubbles: true }));
  };
  const press = (target, key, more = {}) => target.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  const ways = () => [...choice.querySelectorAll("button")].map((button) => button.textContent);
  const go = (label) => [...choice.querySelectorAll("button")].find((button) => button.textContent === label).click();
  return { element, store, calls, asked, said, text, send, stop, choice, start, type, press, ways, go };
}

const open = { conversation: objects.conversation, turns: [waiting], bots: [objects.bot] };

beforeEach(() => window.localStorage.clear());

describe("while a card is open", () => {
  it("fetches the code of the choice when a turn waits, and offers it when it is there", async () => {
    const { text, choice, type, press, ways, asked } = composer(open);
    type("early");
    press(text, "Enter");
    await load("waiting");
    await settle();
    assert.deepEqual([choice.hidden, ways()[0], asked, text.value], [false, "Answer the card", [], "early"]);
  });

  it("says so, leads to the card, and takes text as ever", () => {
    const { element, text, stop, send, type } = composer(open);
    const line = element.querySelector("waiting-line");
    assert.equal(line.hidden, false);
    assert.match(line.textContent, /Echo waits for your answer to 1 card\./);
    assert.deepEqual([text.disabled, stop.hidden, send.hidden, stop.getAttribute("aria-label")], [false, false, true, "Stop"]);
    type("something");
    assert.deepEqual([text.disabled, send.hidden, send.disabled], [false, false, false]);
  });

  it("asks what is to become of the text, the likeliest first and focused; Escape keeps typing", () => {
    const { text, choice, type, press, ways, asked, calls } = composer(open);
    type("Rome");
    press(text, "Enter");
    assert.deepEqual([choice.hidden, ways()], [false, ["Answer the card", "Send after", "Stop and send"]]);
    assert.equal(document.activeElement.textContent, "Answer the card");
    press(document.activeElement, "ArrowRight");
    assert.equal(document.activeElement.textContent, "Send after");
    press(document.activeElement, "Escape");
    assert.deepEqual([choice.hidden, text.value, document.activeElement], [true, "Rome", text]);
    assert.deepEqual([asked, calls], [[], []]);
  });

  it("offers no answer in words to a card that takes none", () => {
    const { text, type, press, ways } = composer({ ...open, turns: [objects.turn_waiting] });
    type("Rome");
    press(text, "Enter");
    assert.deepEqual(ways(), ["Send after", "Stop and send"]);
  });

  it("leaves an empty composer alone", () => {
    const { text, choice, press, type } = composer(open);
    press(text, "Enter");
    assert.equal(choice.hidden, true);
    type("x");
    press(text, "Enter");
    type("");
    assert.equal(choice.hidden, true);
  });

  it("the Enter that opened the choice, held too long, chooses nothing", () => {
    const { text, type, press } = composer(open);
    type("Rome");
    press(text, "Enter");
    assert.equal(press(document.activeElement, "Enter", { repeat: true }), false);
    assert.equal(press(document.activeElement, "Enter"), true);
  });

  it("answers the card with the words, once, and lets go of them when the server has them", async () => {
    const { text, choice, type, press, go, calls, asked } = composer(open);
    type("Rome");
    press(text, "Enter");
    go("Answer the card");
    go("Answer the card");
    assert.equal(calls.length, 1);
    assert.deepEqual([calls[0].path, calls[0].body], [`/c/${waiting.conversation}/turns/${waiting.id}/answer/`, { outputs: { [question.id]: "Rome" } }]);
    assert.equal(text.value, "Rome");
    calls[0].done({ turn: { ...waiting, version: 99, state: "resuming" } });
    await settle();
    assert.deepEqual([text.value, choice.hidden, window.localStorage.length, asked], ["", true, 0, []]);
  });

  it("keeps the words when the answer is refused, and says why", async () => {
    const { text, type, press, go, calls, said } = composer(open);
    type("Rome");
    press(text, "Enter");
    go("Answer the card");
    calls[0].fail(new CommandFailed({ reason: "network", sentence: "", advice: "", fields: {}, status: 0 }));
    await settle();
    assert.deepEqual([text.value, text.disabled, said], ["Rome", false, ["The site cannot be reached."]]);
  });

  it("sends after, or stops and sends", () => {
    for (const [label, isAtOnce] of [["Send after", false], ["Stop and send", true]]) {
      const { text, choice, type, press, go, asked } = composer(open);
      type("later");
      press(text, "Enter");
      go(label);
      assert.deepEqual(asked.map((one) => [one.text, one.isAtOnce]), [["later", isAtOnce]]);
      assert.deepEqual([text.value, choice.hidden], ["", true]);
    }
  });

  for (const state of ["resuming", "running", "completed", "failed", "canceled", "lost"]) {
    it(`comes back when the turn is ${state} (trap 6)`, () => {
      const { element, store, text, choice, send, type, press, asked } = composer(open);
      type("typed meanwhile");
      press(text, "Enter");
      store.dispatch({ type: "turn", turn: { ...waiting, version: 99, state, actions: [] } });
      assert.deepEqual([choice.hidden, element.querySelector("waiting-line").hidden, text.value, text.disabled], [true, true, "typed meanwhile", false]);
      assert.equal(document.activeElement, text);
      assert.equal(send.disabled, false);
      press(text, "Enter");
      assert.deepEqual(asked.map((one) => one.text), ["typed meanwhile"]);
    });
  }

  it("comes back when the run is stopped here, and when the conversation is gone (trap 6)", () => {
    for (const change of [{ type: "stopped_locally", turn: waiting.id }, { type: "conversation_gone", conversation: waiting.conversation, list_version: "2" }]) {
      const { store, text, choice, type, press } = composer(open);
      type("typed");
      press(text, "Enter");
      store.dispatch(change);
      assert.deepEqual([choice.hidden, text.disabled], [true, false]);
    }
  });
});

describe("a workflow", () => {
  const workflowPage = { conversation: objects.conversation, turns: [], bots: [workflow] };
  it("fetches the code of its form only when one is looked at, and is not started before", async () => {
    const { start, send } = composer({ ...workflowPage, bots: [{ ...workflow, kept_parameters: { days: 2 } }] });
    assert.deepEqual([start.hidden, send.disabled], [true, true]);
    await load("start");
    await settle();
    assert.deepEqual([start.hidden, send.disabled], [false, false]);
  });

  const field = (start, name) => [...start.querySelectorAll("label")].find((label) => label.textContent === name).control;
  const fill = (input, value) => {
    input.value = value;
    input.dispatchEvent(new window.Event("input", { bubbles: true }));
  };

  it("is started by its values, without words", () => {
    const { text, send, start, asked } = composer(workflowPage);
    assert.equal(start.hidden, false);
    assert.equal(text.placeholder, "What is this run about? (optional)");
    assert.equal(send.disabled, true);
    fill(field(start, "days"), "3");
    assert.equal(send.disabled, false);
    send.click();
    assert.deepEqual(asked, [{ text: "", bot: undefined, parameters: { days: 3 }, isAtOnce: false, files: [], isDraft: true }]);
  });

  it("begins with what it was started with last", () => {
    const { send, start } = composer({ ...workflowPage, bots: [{ ...workflow, kept_parameters: { city: "Ulm", days: 2 } }] });
    assert.deepEqual([field(start, "city").value, field(start, "days").value, send.disabled], ["Ulm", "2", false]);
  });

  it("keeps values through a reload until the server has them, and then leaves that to the server", () => {
    const first = composer(workflowPage);
    fill(field(first.start, "days"), "7");
    const again = composer(workflowPage);
    assert.equal(field(again.start, "days").value, "7");
    again.store.dispatch({ type: "sent", clientId: "c", conversation: waiting.conversation, bot: null, text: "", at: 0 });
    again.send.click();
    assert.equal(field(composer(workflowPage).start, "days").value, "7");
    again.store.dispatch({ type: "send_dropped", clientId: "c" });
    assert.equal(field(composer(workflowPage).start, "days").value, "");
    assert.equal(field(again.start, "days").value, "7");
  });

  it("says at the field what is wrong and sends nothing", () => {
    const { text, send, start, asked, type } = composer(workflowPage);
    type("about");
    fill(field(start, "days"), "soon");
    send.click();
    assert.deepEqual([asked, text.value], [[], "about"]);
    assert.match(start.textContent, /A whole number, please\./);
  });

  it("takes words for its one field of text", () => {
    const { start, asked, send, type } = composer({ ...workflowPage, bots: [{ ...workflow, parameters: { ...workflow.parameters, required: ["city"] } }] });
    assert.equal(send.disabled, true);
    type("Ulm");
    assert.equal(send.disabled, false);
    send.click();
    assert.deepEqual(asked.map((one) => [one.text, one.parameters]), [["Ulm", { city: "Ulm" }]]);
    assert.equal(field(start, "city").value, "Ulm");
  });

  it("lets words answer its card though start values are missing, and asks for those only to start anew", () => {
    const { text, send, choice, type, press, ways, go, asked, start } = composer({ ...workflowPage, turns: [waiting] });
    type("tomorrow");
    assert.equal(send.disabled, false);
    press(text, "Enter");
    assert.deepEqual(ways(), ["Answer the card", "Send after", "Stop and send"]);
    go("Send after");
    assert.deepEqual([asked, text.value, choice.hidden], [[], "tomorrow", true]);
    assert.match(start.textContent, /This is needed\./);
    assert.equal(document.activeElement, field(start, "days"));
  });

  it("shows no form for a bot that is simply asked", () => {
    const { start, text } = composer({ ...workflowPage, bots: [objects.bot] });
    assert.deepEqual([start.hidden, text.placeholder], [true, "Ask Echo"]);
  });
});
