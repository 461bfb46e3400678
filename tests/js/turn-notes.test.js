/** What a turn says besides its answer: every state has words and a way on, none spins for ever (M-011). */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import "../../static/js/lib/i18n.js";
import { notesOf, notesOfPending } from "../../static/js/lib/turn-notes.js";

const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const sentences = {
  quota: { sentence: "No credit.", advice: "Ask an administrator.", button: "" },
  failed: { sentence: "The bot could not finish.", advice: "Send it again.", button: "again" },
  conversation_missing: { sentence: "Gone.", advice: "", button: "fresh" },
};
const around = { sentences, isSilent: false, now: Date.parse(objects.turn_busy.busy_since) };
const brief = (notes) => notes.map((note) => [note.kind, note.reason, note.buttons.map((button) => button.does)]);
const of = (turn, more = {}) => brief(notesOf({ ...objects.turn, ...turn }, { ...around, ...more }));

describe("a turn", () => {
  it("that is answered needs no words", () => {
    assert.deepEqual(of(objects.turn_completed), []);
  });
  it("whose answer came to a limit says so", () => {
    const messages = [{ ...objects.message, state: "cut" }];
    assert.deepEqual(of({ ...objects.turn_completed, messages }), [["note", "cut", []]]);
  });
  it("that is answering shows life until the first word", () => {
    assert.deepEqual(of({}), [["dots", "moving", []]]);
    assert.deepEqual(of({ messages: [{ ...objects.message, state: "streaming" }] }), []);
    assert.deepEqual(of({ messages: [objects.message] }), [["dots", "moving", []]]);
  });
  it("that is silent for too long can be stopped", () => {
    assert.deepEqual(of({}, { isSilent: true }), [["calm", "silent", ["stop"]]]);
  });
  it("that failed has the sentence, the code and the log id, and the button the sentence names", () => {
    const [note] = notesOf(objects.turn_failed, around);
    assert.deepEqual([note.sentence, note.advice, note.detail], ["No credit.", "Ask an administrator.", "code 4028 · no credit · log id 20260102"]);
    assert.deepEqual(note.buttons.map((button) => button.does), ["copy"]);
    const failed = (reason) => of({ state: "failed", error: { reason, code: "", message: "", log_id: "" } });
    assert.deepEqual(failed("failed"), [["fault", "failed", ["again"]]]);
    assert.deepEqual(failed("conversation_missing"), [["fault", "conversation_missing", ["fresh"]]]);
  });
  it("with an unknown reason still has words and a way on", () => {
    assert.deepEqual(of({ state: "lost", error: null }), [["fault", "lost", ["again"]]]);
    assert.deepEqual(brief(notesOf({ ...objects.turn, state: "lost" }, { ...around, sentences: {} })), [["fault", "lost", ["again"]]]);
  });
  it("that was stopped says what the bot remembers", () => {
    const words = (stop) => notesOf({ ...objects.turn_stopped, stop }, around)[0];
    assert.match(words("forgotten").sentence, /The bot will not remember this turn\./);
    assert.doesNotMatch(words("was_done").sentence, /remember/);
    assert.deepEqual(of({ state: "canceled", stop: "was_done" }), [["calm", "was_done", ["whole"]]]);
    assert.deepEqual(of({ state: "canceled", stop: "local" }), [["calm", "local", ["compose"]]]);
  });
  it("that was stopped over a card leaves asking again to the card", () => {
    const actions = [{ ...objects.tool_call, state: "canceled" }];
    assert.deepEqual(of({ state: "canceled", stop: "forgotten", actions }), [["calm", "forgotten", []]]);
  });
  it("behind another device offers a fresh conversation after two minutes, not before", () => {
    assert.deepEqual(of(objects.turn_busy), [["dots", "busy", []]]);
    assert.deepEqual(of(objects.turn_busy, { now: around.now + 119_000 }), [["dots", "busy", []]]);
    assert.deepEqual(of(objects.turn_busy, { now: around.now + 120_000 }), [["fault", "busy", ["fresh"]]]);
  });
  it("has words in every state that is not over", () => {
    for (const state of ["queued", "running", "resuming", "recovering", "failed", "lost", "canceled"]) {
      const notes = notesOf({ ...objects.turn, state }, around);
      assert.ok(notes.length === 1 && notes[0].sentence, state);
    }
  });
});

describe("a question that was not sent", () => {
  const failure = (reason, sentence = "") => ({ reason, sentence, advice: "", fields: {}, status: 0 });
  const pending = (reason, sentence) => ({ clientId: "x", conversation: null, bot: null, text: "hi", state: "failed", failure: failure(reason, sentence) });

  it("offers to send it again or to change it", () => {
    assert.deepEqual(brief(notesOfPending(pending("quota"), sentences)), [["fault", "quota", ["retry", "compose"]]]);
    assert.equal(notesOfPending(pending("quota"), sentences)[0].sentence, "No credit.");
    assert.equal(notesOfPending(pending("quota", "The server's words."), sentences)[0].sentence, "The server's words.");
  });
  it("for want of a network is no fault: it goes out by itself", () => {
    assert.deepEqual(brief(notesOfPending(pending("network"), sentences)), [["calm", "network", ["retry", "compose"]]]);
  });
  it("offers to sign in when that is what it takes", () => {
    assert.deepEqual(brief(notesOfPending(pending("signed_out"), sentences)), [["fault", "signed_out", ["sign_in", "compose"]]]);
  });
});
