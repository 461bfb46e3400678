/** Questions on their way: order, retries with the same client id, stops, and failures in plain reasons. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Asking } from "../../static/js/lib/asking.js";
import { CommandFailed, createCommands } from "../../static/js/lib/commands.js";
import { newId } from "../../static/js/lib/new-id.js";
import { Opening, idOf, pathOf } from "../../static/js/lib/opening.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { stopTurn } from "../../static/js/lib/stopping.js";
import { createStore } from "../../static/js/lib/store.js";
import { pageState } from "./page-state.js";

const { objects, server, stream } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

/** Commands whose answers the test gives, one by one. */
function held() {
  const calls = [];
  const post = (path, body) => new Promise((answer, fail) => calls.push({ path, body, answer, fail }));
  return { calls, commands: { post, get: (path) => post(path) } };
}

const failed = (reason) => new CommandFailed({ reason, sentence: "", advice: "", fields: {}, status: 0 });
const settle = () => new Promise(setImmediate);
const storeOf = (page) => createStore(stateFromPage(pageState(page), 0));

describe("asking", () => {
  it("sends one after the other, so that the server sees them in order", async () => {
    const store = storeOf({ ...stream.page, turns: [] });
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("one", null);
    asking.ask("two", null);
    await settle();
    assert.deepEqual(calls.map((call) => call.body.text), ["one"]);
    calls[0].answer({ turn: { ...objects.turn, client_id: calls[0].body.client_id } });
    await settle();
    assert.deepEqual(calls.map((call) => call.body.text), ["one", "two"]);
    assert.deepEqual(store.get().pending.map((one) => one.text), ["two"]);
  });

  it("keeps the client id through failures and retries", async () => {
    const store = storeOf(stream.page);
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("one", null);
    await settle();
    calls[0].fail(failed("internal"));
    await settle();
    const [{ clientId, state, failure }] = store.get().pending;
    assert.deepEqual([state, failure?.reason], ["failed", "internal"]);
    asking.retry(clientId);
    asking.retry(clientId);
    await settle();
    assert.equal(calls.length, 2);
    assert.deepEqual(calls[1].body, calls[0].body);
  });

  it("sends what the network lost by itself when the tab is back, and nothing else", async () => {
    const store = storeOf(stream.page);
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("lost", null);
    asking.ask("refused", null);
    await settle();
    calls[0].fail(failed("network"));
    await settle();
    calls[1].fail(failed("no_grant"));
    await settle();
    store.dispatch(server.welcome);
    await settle();
    assert.deepEqual(calls.slice(2).map((call) => call.body), [calls[0].body]);
  });

  it("does not send again what the socket says has arrived", async () => {
    const store = storeOf({ ...stream.page, turns: [] });
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("one", null);
    await settle();
    const { client_id } = calls[0].body;
    store.dispatch({ ...server.turn, turn: { ...objects.turn, client_id } });
    calls[0].fail(failed("network"));
    await settle();
    store.dispatch(server.welcome);
    await settle();
    assert.equal(calls.length, 1);
    assert.deepEqual(store.get().pending, []);
  });

  it("begins a conversation, and what follows goes into it", async () => {
    const store = storeOf({ conversation: null });
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("one", objects.bot.id);
    asking.ask("two", objects.bot.id);
    await settle();
    assert.equal(calls[0].path, "/conversations/");
    assert.equal(calls[0].body.bot, objects.bot.id);
    calls[0].answer({ conversation: objects.conversation, turn: { ...objects.turn, client_id: calls[0].body.turn_client_id } });
    await settle();
    assert.equal(store.get().conversation?.id, objects.conversation.id);
    assert.deepEqual([calls[1].path, calls[1].body.text], [`/c/${objects.conversation.id}/ask/`, "two"]);
  });
});

describe("asking at once, while a card is open (M-062)", () => {
  const begin = () => {
    const store = storeOf({ ...stream.page, conversation: objects.conversation, turns: [objects.turn_waiting] });
    const failures = [];
    const { calls, commands } = held();
    const asking = new Asking(store, commands, (failure) => failures.push(failure.reason));
    asking.ask("now this", null, { isAtOnce: true });
    return { store, failures, calls, asking };
  };
  const queued = (call) => ({ ...objects.turn_queued, id: "new", ordinal: 9, conversation: objects.conversation.id, client_id: call.body.client_id });
  const overtaking = `/c/${objects.conversation.id}/turns/new/send-now/`;

  it("asks, and then lets the question overtake what waits", async () => {
    const { calls } = begin();
    await settle();
    calls[0].answer({ turn: queued(calls[0]) });
    await settle();
    assert.deepEqual(calls.map((call) => call.path), [`/c/${objects.conversation.id}/ask/`, overtaking]);
  });

  it("overtakes also when only the socket says that the question arrived, and only once", async () => {
    const { store, calls } = begin();
    await settle();
    store.dispatch({ ...server.turn, turn: queued(calls[0]) });
    calls[0].fail(failed("network"));
    await settle();
    store.dispatch({ ...server.turn, turn: { ...queued(calls[0]), version: 99 } });
    await settle();
    assert.deepEqual(calls.slice(1).map((call) => call.path), [overtaking]);
  });

  it("after a failure it is sent again with the same wish", async () => {
    const { store, calls, asking } = begin();
    await settle();
    calls[0].fail(failed("internal"));
    await settle();
    asking.retry(store.get().pending[0].clientId);
    await settle();
    calls[1].answer({ turn: queued(calls[1]) });
    await settle();
    assert.equal(calls[2].path, overtaking);
  });

  it("does not overtake what ended by itself, and says why it could not", async () => {
    const { calls, failures } = begin();
    await settle();
    calls[0].answer({ turn: { ...queued(calls[0]), state: "running" } });
    await settle();
    assert.equal(calls.length, 1);
    for (const [reason, said] of [["not_queued", []], ["internal", ["internal"]]]) {
      const one = begin();
      await settle();
      one.calls[0].answer({ turn: queued(one.calls[0]) });
      await settle();
      one.calls[1].fail(failed(reason));
      await settle();
      assert.deepEqual(one.failures, said);
    }
    assert.deepEqual(failures, []);
  });
});

describe("starting a workflow", () => {
  it("sends its start values, again with every retry, and begins a conversation with them", async () => {
    const store = storeOf({ conversation: null });
    const { calls, commands } = held();
    const asking = new Asking(store, commands);
    asking.ask("", objects.bot.id, { parameters: { city: "Ulm" } });
    await settle();
    calls[0].fail(failed("internal"));
    await settle();
    asking.retry(store.get().pending[0].clientId);
    await settle();
    assert.deepEqual(calls[1].body, calls[0].body);
    assert.deepEqual([calls[1].path, calls[1].body.text, calls[1].body.parameters], ["/conversations/", "", { city: "Ulm" }]);
  });
  it("names none for a bot that is simply asked", async () => {
    const store = storeOf(stream.page);
    const { calls, commands } = held();
    new Asking(store, commands).ask("hi", null);
    await settle();
    assert.equal("parameters" in calls[0].body, false);
  });
});

describe("stopping", () => {
  it("says what was on screen, freezes at once and thaws when it did not work", async () => {
    const store = storeOf(stream.page);
    store.dispatch({ type: "follow_sent" });
    store.dispatch({ ...server.caught_up, turns: [] });
    for (const frame of stream.frames.slice(0, 3)) store.dispatch(frame);
    const { calls, commands } = held();
    const stopped = stopTurn(store, commands, objects.turn.id);
    void stopTurn(store, commands, objects.turn.id);
    store.dispatch(stream.frames[3]);
    assert.equal(store.get().turns[0].messages[0].text, "It is 😀 ");
    assert.equal(calls.length, 1);
    assert.deepEqual(calls[0].body, { shown: { [objects.message.id]: 9 }, thought: { [objects.message.id]: 6 } });
    calls[0].fail(failed("network"));
    assert.equal((await stopped)?.reason, "network");
    assert.deepEqual([store.get().stopping, store.get().needs.follow], [[], true]);
  });
});

describe("opening", () => {
  it("shows only the conversation that was chosen last", async () => {
    const store = storeOf({ conversation: null });
    const { calls, commands } = held();
    const opening = new Opening(store, commands);
    void opening.open("a");
    void opening.open("b");
    calls[1].answer({ conversation: { ...objects.conversation, id: "b" }, turns: [], has_older: false });
    calls[0].answer({ conversation: { ...objects.conversation, id: "a" }, turns: [], has_older: false });
    await settle();
    assert.equal(store.get().conversation?.id, "b");
  });
  it("says why it could not, and stays", async () => {
    const { calls, commands } = held();
    const opened = new Opening(storeOf(stream.page), commands).open("a");
    calls[0].fail(failed("not_found"));
    assert.equal((await opened)?.reason, "not_found");
  });
  it("reads and writes addresses", () => {
    const { id } = objects.conversation;
    assert.deepEqual([pathOf(null), pathOf(id), idOf(pathOf(id)), idOf("/"), idOf("/settings/")], ["/", `/c/${id}/`, id, null, null]);
  });
});

describe("commands", () => {
  const answering = (body, init) => createCommands({ fetch: async () => new Response(body, init), csrfToken: () => "token" });
  const json = { "Content-Type": "application/json" };
  const reasonOf = (promise) => promise.then(() => null, (error) => error.failure?.reason);

  it("send JSON with the CSRF token and give the parsed answer", async () => {
    let seen;
    const fetch = async (path, init) => {
      seen = { path, ...init };
      return new Response('{"turn": 1}', { headers: json });
    };
    const answer = await createCommands({ fetch, csrfToken: () => "token" }).post("/c/x/ask/", { text: "hé" });
    assert.deepEqual(answer, { turn: 1 });
    assert.deepEqual([seen.path, seen.method, seen.headers["X-CSRFToken"], seen.body], ["/c/x/ask/", "POST", "token", '{"text":"hé"}']);
  });
  it("tell the server's reason and sentence", async () => {
    const body = JSON.stringify({ error: { reason: "empty", sentence: "Write a question first.", advice: "" } });
    await assert.rejects(answering(body, { status: 400, headers: json }).post("/x/"), (error) => {
      assert.deepEqual(error.failure, { reason: "empty", sentence: "Write a question first.", advice: "", fields: {}, status: 400 });
      return true;
    });
  });
  it("put every answer that is none of ours into a reason", async () => {
    const html = (status) => ({ status, headers: { "Content-Type": "text/html" } });
    const reasons = [502, 504, 500, 403, 404, 413, 429, 401].map((status) => reasonOf(answering("<html>", html(status)).get("/x/")));
    assert.deepEqual(await Promise.all(reasons), ["network", "network", "internal", "malformed", "not_found", "too_large", "rate_limit", "signed_out"]);
  });
  it("call it the network when no answer comes, or half of one", async () => {
    const broken = createCommands({ fetch: async () => { throw new TypeError("fetch failed"); }, csrfToken: () => "" });
    assert.equal(await reasonOf(broken.get("/x/")), "network");
    assert.equal(await reasonOf(answering('{"turn": ', { headers: json }).get("/x/")), "network");
  });
  it("make ids that are version 4 UUIDs, all different", () => {
    const ids = new Set(Array.from({ length: 100 }, newId));
    assert.equal(ids.size, 100);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
