/** Thumbs below an answer: what a press means, what is sent, and that no word is lost. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { CommandFailed } from "../../static/js/lib/commands.js";
import { offered, pressed, toggled } from "../../static/js/lib/rating.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";

const { RateAnswer } = await import("../../static/js/elements/rate-answer.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const reason = (id, offered_for, en = id) => ({ id, titles: { en, zh: `${en}（中文）` }, offered_for });
const [wrong, slow, clear] = [reason("wrong", "bad"), reason("slow", "both"), reason("clear", "good")];
const message = { ...objects.message, feedback: null };
const settle = async () => {
  for (let step = 0; step < 5; step += 1) await new Promise(setImmediate);
};

describe("what a press comes to", () => {
  const bad = { rating: "bad", reasons: [wrong, slow], comment: "so" };

  it("rates, changes and takes back", () => {
    assert.deepEqual(pressed(null, "good"), { rating: "good", reasons: [], comment: "" });
    assert.deepEqual(pressed(bad, "good"), { rating: "good", reasons: [slow], comment: "so" });
    assert.equal(pressed(bad, "bad"), null);
  });

  it("gives a reason and takes it back", () => {
    assert.deepEqual(toggled(bad, wrong).reasons, [slow]);
    assert.deepEqual(toggled(toggled(bad, wrong), wrong).reasons, [slow, wrong]);
  });

  it("offers what fits, and what was given before it was withdrawn", () => {
    assert.deepEqual(offered([wrong, clear, slow], { ...bad, reasons: [reason("old", "bad")] }).map(({ id }) => id), ["wrong", "slow", "old"]);
  });
});

describe("the thumbs", () => {
  /** @type {any[]} */
  let calls;
  /** @type {any[]} */
  let events;
  /** @type {any} */
  let element;
  const page = {
    commands: { post: (path, body) => new Promise((done, fail) => calls.push({ path, body, done, fail })) },
    store: {
      get: () => stateFromPage(pageState({ feedback_reasons: [wrong, slow, clear], max_comment_chars: 20 }), 0),
      dispatch: (change) => element.show(place(change.turn.messages[0], change.turn.state)),
    },
  };
  const place = (shown, state = "completed") => ({ message: shown, turn: { ...objects.turn_completed, state, conversation: "c" }, page });
  const named = (name) => element.querySelector(`[aria-label="${name}"]`);
  const button = (name) => [...element.querySelectorAll("button")].find((each) => each.textContent === name && !each.closest("[hidden]"));
  const isPressed = (name) => named(name).getAttribute("aria-pressed") === "true";
  const comment = () => element.querySelector("textarea");
  const says = (feedback) => ({ turn: { state: "completed", messages: [{ ...message, feedback }] } });
  const seenPanel = () => Boolean(element.querySelector("feedback-panel:not([hidden])"));
  function write(text) {
    comment().value = text;
    comment().dispatchEvent(new window.Event("input", { bubbles: true }));
  }
  function shown(feedback = null, state = "completed") {
    element = new RateAnswer();
    document.body.append(element);
    for (const name of ["say"]) element.addEventListener(name, (event) => events.push(event.detail.text));
    element.show(place({ ...message, feedback }, state));
  }

  beforeEach(() => {
    [calls, events] = [[], []];
    window.localStorage.clear();
    shown();
  });

  it("are pressed at once, sent, and say thank you when it is kept", async () => {
    named("Good answer").click();
    assert.ok(isPressed("Good answer"));
    await settle();
    assert.deepEqual(calls[0].body, { rating: "good" });
    assert.equal(calls[0].path, `/c/c/messages/${message.id}/feedback/`);
    assert.equal(element.querySelector("[role=status]").textContent, "");
    calls[0].done(says({ rating: "good", reasons: [], comment: "" }));
    await settle();
    assert.equal(element.querySelector("[role=status]").textContent, "Thank you for the feedback.");
    assert.ok(!seenPanel());
  });

  it("a bad one asks why; reasons count at once, and the last press is what one sees", async () => {
    named("Bad answer").click();
    assert.ok(seenPanel());
    assert.equal(button("clear"), undefined);
    button("wrong").click();
    button("slow").click();
    await settle();
    assert.equal(calls.length, 1);
    calls[0].done(says({ rating: "bad", reasons: [], comment: "" }));
    await settle();
    assert.equal(button("slow").getAttribute("aria-pressed"), "true");
    calls[1].done(says({ rating: "bad", reasons: [wrong], comment: "" }));
    await settle();
    assert.deepEqual(calls.map(({ body }) => body), [{ rating: "bad" }, { rating: "bad", reasons: ["wrong"] }, { rating: "bad", reasons: ["wrong", "slow"] }]);
  });

  it("a comment that is not taken stays, also over a reload, and goes at the next try", async () => {
    shown({ rating: "bad", reasons: [], comment: "" });
    button("Tell us why").click();
    write(" because ");
    button("Send comment").click();
    assert.ok(button("Send comment").disabled);
    await settle();
    calls[0].fail(new CommandFailed({ reason: "network", sentence: "", advice: "", fields: {}, status: 0 }));
    await settle();
    assert.deepEqual(events, ["The site cannot be reached."]);
    shown({ rating: "bad", reasons: [], comment: "" }); // the page again
    assert.ok(seenPanel());
    assert.equal(comment().value, " because ");
    button("Send comment").click();
    await settle();
    assert.deepEqual(calls[1].body, { rating: "bad", reasons: [], comment: "because" });
    calls[1].done(says({ rating: "bad", reasons: [], comment: "because" }));
    await settle();
    assert.ok(!seenPanel());
    assert.equal(window.localStorage.length, 0);
    assert.ok(button("Change feedback"));
  });

  it("what was taken back by mistake comes back with its words", async () => {
    shown({ rating: "bad", reasons: [wrong], comment: "because" });
    button("Change feedback").click();
    named("Bad answer").click();
    assert.ok(!seenPanel());
    await settle();
    calls[0].done(says(null));
    await settle();
    named("Bad answer").click();
    assert.equal(comment().value, "because");
  });

  it("a rating that the site refuses is put back", async () => {
    named("Bad answer").click();
    await settle();
    calls[0].fail(new CommandFailed({ reason: "not_over", sentence: "Not yet.", advice: "", fields: {}, status: 409 }));
    await settle();
    assert.ok(!isPressed("Bad answer"));
    assert.deepEqual(events, ["Not yet."]);
  });

  it("another device's comment shows, but never in place of what is being written", () => {
    shown({ rating: "bad", reasons: [], comment: "one" });
    button("Change feedback").click();
    element.show(place({ ...message, feedback: { rating: "bad", reasons: [], comment: "two" } }));
    assert.equal(comment().value, "two");
    write("mine");
    element.show(place({ ...message, feedback: { rating: "bad", reasons: [], comment: "three" } }));
    assert.equal(comment().value, "mine");
  });

  it("a comment that is too long is said so and not cut", () => {
    named("Bad answer").click();
    write("x".repeat(22));
    assert.ok(button("Send comment").disabled);
    assert.match(element.textContent, /2 characters too many/);
    assert.equal(comment().value.length, 22);
  });

  it("are not there while the turn moves", () => {
    shown(null, "resuming");
    assert.ok(element.hidden);
    element.show(place(message, "completed"));
    assert.ok(!element.hidden);
  });

  it("Escape closes the panel and nothing else", async () => {
    shown({ rating: "bad", reasons: [], comment: "" });
    button("Tell us why").click();
    const escape = new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    let heard = false;
    document.addEventListener("keydown", () => (heard = true), { once: true });
    comment().dispatchEvent(escape);
    assert.ok(!seenPanel());
    assert.ok(!heard);
    assert.equal(document.activeElement, button("Tell us why"));
  });
});
