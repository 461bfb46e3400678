/** The rules behind cards: drafts, time left, keys, places, links, arguments, words. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import "../../static/js/lib/i18n.js";
import { answerWords, lookOf, lookWords, nameOf, placeWords, titleOf, whoWords } from "../../static/js/lib/action-words.js";
import { faultOf, laidOut, treeOf } from "../../static/js/lib/arguments.js";
import { CardDraft, merged } from "../../static/js/lib/card-drafts.js";
import { deedOf } from "../../static/js/lib/card-keys.js";
import { CommandFailed } from "../../static/js/lib/commands.js";
import { outputOf, placeIn, placeOf } from "../../static/js/lib/coordinates.js";
import { leftOf } from "../../static/js/lib/countdown.js";
import { examine } from "../../static/js/lib/safe-link.js";
import { createUpload, sizeWords } from "../../static/js/lib/uploading.js";

const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));
const { tool_call: toolCall, question } = objects;
const settle = () => new Promise(setImmediate);

describe("the words of a card", () => {
  it("begin with what it is, and say its state", () => {
    assert.equal(nameOf(toolCall, "en"), "Tool call: Chance of rain, waiting for you");
    assert.match(nameOf(question, "en"), /^Question: Where to\?, /);
    assert.deepEqual([titleOf(toolCall, "zh-hans"), titleOf({ ...toolCall, tool: null }, "zh")], ["降水概率", "get_rain_probability"]);
  });
  it("are others for every state", () => {
    const looks = ["pending", "ready", "submitting", "answered", "declined", "refused", "expired", "canceled", "superseded"];
    assert.equal(new Set(looks.map(lookWords)).size, looks.length);
    assert.equal(lookOf(question), "refused", "an answer that came back is no saved one");
    assert.equal(lookOf({ ...question, state: "answered" }), "answered");
  });
  it("count what is ready among several, and name the step", () => {
    const two = [{ ...toolCall, round: 2, state: "ready" }, { ...toolCall, round: 2 }, { ...toolCall, state: "answered" }];
    assert.equal(placeWords(two[1], two), "Step 2 · 1 of 2 ready");
    assert.equal(placeWords(toolCall, [toolCall]), "");
  });
  it("tell the answer in one line, and who gave it", () => {
    const words = (changes) => answerWords({ ...toolCall, ...changes });
    assert.equal(words({ output: '{"a":1,"b":[1]}' }), "a: 1 · b: …");
    assert.equal(words({ output: "plain\nwords" }), "plain words");
    assert.equal(words({ decision: "declined", reason: "no" }), "no");
    assert.equal(whoWords({ ...toolCall, answered_by: "Ann", device: "Firefox" }), "Ann, on Firefox");
    assert.equal(whoWords({ ...toolCall, decision: "auto" }), "Answered by a rule");
  });
});

describe("arguments", () => {
  it("become a tree, and stay text where a model broke off", () => {
    const tree = treeOf('{"a":{"b":[1,true]}}');
    assert.deepEqual([tree.kind, tree.entries[0].value.entries[0].value.entries[1].value.text], ["map", "yes"]);
    assert.deepEqual(treeOf('{"a": tru'), { kind: "text", text: '{"a": tru' });
  });
  it("as deep or as many as one likes are cut", () => {
    assert.equal(JSON.stringify(treeOf("[".repeat(500) + "]".repeat(500))).length < 5_000, true);
    const many = treeOf(JSON.stringify(Array.from({ length: 1_000 }, (_, index) => index)));
    assert.deepEqual([many.entries.length, many.more], [200, 800]);
  });
  it("are laid out, and a fault has its place", () => {
    assert.equal(laidOut('{"a":1}'), '{\n  "a": 1\n}');
    assert.equal(faultOf('{"a":1}'), null);
    assert.equal(faultOf('{\n"a": x}').line, 2);
  });
});

describe("drafts of two tabs", () => {
  it("trap 3: never lose what was typed here", () => {
    assert.deepEqual(merged({}, { text: "mine" }, { text: "theirs" }), { text: "mine" });
    assert.deepEqual(merged({ text: "both" }, { text: "both" }, { text: "theirs" }), { text: "theirs" });
    assert.deepEqual(merged({ text: "both" }, { text: "both" }, { text: "" }), { text: "both" });
  });
  it("come together field by field", () => {
    const [base, mine, theirs] = [{ values: {} }, { values: { a: "mine" } }, { values: { b: "theirs" } }];
    assert.deepEqual(merged(base, mine, theirs), { values: { a: "mine", b: "theirs" } });
  });
});

describe("a draft", () => {
  function draft(t) {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const items = new Map();
    const shelf = { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key) };
    const posts = [];
    const left = [];
    const outside = { post: (sent) => new Promise((done, fail) => posts.push({ sent, done, fail })), leave: (sent) => left.push(sent), shelf: () => shelf };
    return { one: new CardDraft("id", outside), posts, left, again: () => new CardDraft("id", outside), tick: (ms) => t.mock.timers.tick(ms) };
  }
  it("goes out half a second after the last key, and waits for the one before", async (t) => {
    const { one, posts, tick } = draft(t);
    one.write({ text: "a" });
    tick(400);
    one.write({ text: "ab" });
    tick(499);
    assert.equal(posts.length, 0);
    tick(1);
    one.write({ text: "abc" });
    tick(500);
    assert.deepEqual(posts.map((post) => post.sent), [{ text: "ab" }]);
    posts[0].done();
    await settle();
    tick(500);
    assert.deepEqual(posts.map((post) => post.sent), [{ text: "ab" }, { text: "abc" }]);
  });
  it("is in this tab while the server cannot be reached, and goes out later", async (t) => {
    const { one, posts, again, tick } = draft(t);
    one.write({ text: "a" });
    one.flush();
    posts[0].fail(new CommandFailed({ reason: "network", sentence: "", advice: "", fields: {}, status: 0 }));
    await settle();
    assert.deepEqual(again().stored(), { text: "a" });
    tick(5_000);
    posts[1].done();
    await settle();
    assert.equal(again().stored(), null);
  });
  it("is sent along when the page goes away, and not when nothing is new", async (t) => {
    const { one, posts, left } = draft(t);
    one.write({ text: "a" });
    one.leave();
    one.flush();
    posts[0].done();
    await settle();
    one.leave();
    assert.deepEqual(left, [{ text: "a" }]);
  });
  it("waits while the answer itself is on its way, and goes out when that was not taken", (t) => {
    const { one, posts, tick } = draft(t);
    one.write({ text: "a" });
    one.hold();
    tick(10_000);
    assert.equal(posts.length, 0);
    one.resume();
    tick(500);
    assert.equal(posts.length, 1);
  });
  it("of a card that is over is forgotten", async (t) => {
    const { one, posts, again, tick } = draft(t);
    one.write({ text: "a" });
    one.end();
    tick(10_000);
    assert.deepEqual([posts.length, again().stored()], [0, null]);
  });
});

describe("the time left", () => {
  const asked = "2026-01-01T00:00:00Z";
  const left = (minutes, seconds) => leftOf(asked, "2026-01-01T02:00:00Z", Date.parse(asked) + minutes * 60_000 + seconds * 1_000);
  it("is told in minutes, and in seconds only at the end", () => {
    assert.deepEqual([left(0, 0).words, left(30, 1).words, left(119, 15).words], ["2 h 0 min left", "1 h 30 min left", "45 s left"]);
    assert.deepEqual([left(0, 0).nextMs, left(119, 15).nextMs], [60_000, 1_000]);
  });
  it("is warned of when a quarter is left, at that very moment", () => {
    assert.deepEqual([left(89, 59).isLate, left(90, 0).isLate, left(89, 59).nextMs], [false, true, 1_000]);
    assert.deepEqual([left(120, 0).isOver, left(120, 0).nextMs], [true, null]);
  });
});

describe("keys on a card", () => {
  const press = (key, more = {}) => ({ key, isComposing: false, keyCode: 0, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, repeat: false, ...more });
  const card = { isInField: false, isApproval: true, hasOptions: true, isEarly: false };
  it("choose, approve, decline and submit", () => {
    assert.deepEqual([deedOf(press("2"), card), deedOf(press("a"), card), deedOf(press("d"), card), deedOf(press("Enter", { metaKey: true }), { ...card, isInField: true })], [{ does: "choose", index: 1 }, { does: "approve" }, { does: "decline" }, { does: "submit" }]);
  });
  it("mean nothing in a field, with other keys, held down, or just after the card took the focus", () => {
    assert.deepEqual([deedOf(press("a"), { ...card, isInField: true }), deedOf(press("a", { ctrlKey: true }), card), deedOf(press("1", { repeat: true }), card), deedOf(press("a"), { ...card, isEarly: true }), deedOf(press("0"), card)], [null, null, null, null, null]);
  });
  it("trap 9: never submit or choose while an input method composes, in Safari either", () => {
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
      assert.equal(deedOf(press("Enter", { ctrlKey: true, ...composing }), card), null);
      assert.equal(deedOf(press("1", composing), card), null);
    }
  });
});

describe("a place", () => {
  it("is sent as strings, longitude first, as exactly as its owner likes", () => {
    const paris = placeOf("48.856613", "2,352222");
    assert.equal(outputOf(paris, "exact"), '{"coordinates":{"longitude":"2.35222","latitude":"48.85661"}}');
    assert.equal(outputOf(paris, "near"), '{"coordinates":{"longitude":"2.35","latitude":"48.86"}}');
    assert.equal(outputOf(paris, "area"), '{"coordinates":{"longitude":"2.4","latitude":"48.9"}}');
    assert.deepEqual(placeIn(outputOf(paris, "near")), { latitude: 48.86, longitude: 2.35 });
  });
  it("that is nowhere is none", () => {
    assert.deepEqual([placeOf("91", "0"), placeOf("", "0"), placeOf("0", "-181"), placeOf("x", "0"), placeIn("words")], [null, null, null, null, null]);
  });
});

describe("a link to sign in", () => {
  it("shows its real host and what is doubtful about it", () => {
    assert.deepEqual(examine("https://accounts.example.com/a?b"), { href: "https://accounts.example.com/a?b", host: "accounts.example.com", doubts: [] });
    const doubts = (link) => examine(link)?.doubts;
    assert.deepEqual(doubts("http://example.com/"), ["http"]);
    assert.deepEqual(examine("https://раypal.com/"), { href: "https://xn--ypal-43d9g.com/", host: "xn--ypal-43d9g.com", doubts: ["punycode"] });
    for (const host of ["localhost", "10.0.0.1", "192.168.1.2", "172.20.0.1", "intranet", "printer.local", "[::1]", "[fd00::1]"]) {
      assert.deepEqual(doubts(`https://${host}/`), ["private"], host);
    }
    assert.deepEqual(doubts("https://bank.example@evil.example/"), ["credentials"]);
  });
  it("that no browser should open is no link", () => {
    assert.deepEqual([examine("javascript:alert(1)"), examine("data:text/html,x"), examine("not a link")], [null, null, null]);
  });
});

describe("an upload", () => {
  function request() {
    const made = { upload: {}, headers: {}, open: (...call) => (made.call = call), setRequestHeader: (name, value) => (made.headers[name] = value), send: (body) => (made.body = body), abort: () => made.onabort() };
    return made;
  }
  const start = (made, signal = new AbortController().signal) => {
    const parts = [];
    globalThis.FormData ??= class { append() {} };
    const upload = createUpload({ path: "/c/1/files/", csrfToken: () => "token", open: () => made });
    return { parts, done: upload(new File(["x"], "a.txt"), (part) => parts.push(part), signal) };
  };
  it("tells how far it is, and gives the attachment", async () => {
    const made = request();
    const { parts, done } = start(made);
    made.upload.onprogress({ lengthComputable: true, loaded: 1, total: 4 });
    Object.assign(made, { status: 201, responseText: '{"attachment":{"id":"7"}}' });
    made.onload();
    assert.deepEqual([await done, parts, made.call, made.headers["X-CSRFToken"]], [{ id: "7" }, [0.25], ["POST", "/c/1/files/"], "token"]);
  });
  it("fails with the reason: the site's, a proxy's, the network's, or because it was canceled", async () => {
    const reason = async (act, signal) => {
      const made = request();
      const { done } = start(made, signal);
      act(made);
      return done.then(() => "", (error) => error.failure.reason);
    };
    const answered = (status, responseText) => (made) => (Object.assign(made, { status, responseText }), made.onload());
    assert.equal(await reason(answered(413, '{"error":{"reason":"too_large"}}')), "too_large");
    assert.equal(await reason(answered(413, "<html>")), "too_large");
    assert.equal(await reason((made) => made.onerror()), "network");
    const stop = new AbortController();
    assert.equal(await reason(() => stop.abort(), stop.signal), "canceled");
  });
  it("has its size in words", () => {
    assert.deepEqual([sizeWords(1_400_000, "en"), sizeWords(12, "en"), sizeWords(52_000, "en")], ["1.4 MB", "12 bytes", "52 kB"]);
  });
});
