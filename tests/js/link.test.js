/** The protocol of the tab's socket, step by step, and the shell around it on a socket that tests hold. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it, mock } from "node:test";
import { window } from "./browser.js";
import { backoffMs } from "../../static/js/lib/backoff.js";
import { DEAD_AFTER_MS, newLink, step } from "../../static/js/lib/link.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";
import { pageState } from "./page-state.js";

const { server, client, objects, stream } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));
const outside = { now: 1000, random: 0.5 };

/** Plays happenings; gives the link and every deed. */
function play(happenings, from = newLink()) {
  const deeds = [];
  const link = happenings.reduce((now, { at = outside.now, ...happening }) => {
    const next = step(now, happening, { ...outside, now: at });
    deeds.push(...next.deeds);
    return next.link;
  }, from);
  return { link, deeds };
}

const frame = (object) => ({ type: "frame", text: JSON.stringify(object), frame: object });
const open = [{ type: "start" }, { type: "opened" }, frame(server.welcome)];
const sends = (deeds) => deeds.filter((deed) => deed.do === "send").map((deed) => deed.frame);

describe("back-off", () => {
  it("doubles from half a second to fifteen, half of it by chance", () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, 0.999999));
    assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    assert.equal(backoffMs(3, 0), 2000);
  });
});

describe("the link", () => {
  it("connects, follows on a wish, and says so", () => {
    const { link, deeds } = play([...open, { type: "wanted", conversation: "a", follow: client.follow }]);
    assert.equal(link.phase, "open");
    assert.deepEqual(deeds.map((deed) => deed.do), ["dispatch", "open", "dispatch", "send", "dispatch"]);
    assert.deepEqual(sends(deeds), [client.follow]);
    assert.deepEqual(deeds.at(-1)?.change, { type: "follow_sent" });
  });

  it("unfollows what was left before it follows anew", () => {
    const { deeds } = play([
      ...open,
      { type: "wanted", conversation: objects.conversation.id, follow: client.follow },
      { type: "wanted", conversation: "b", follow: { ...client.follow, conversation: "b" } },
      { type: "wanted", conversation: null, follow: null },
    ]);
    assert.deepEqual(sends(deeds).map((sent) => [sent.type, sent.conversation]), [
      ["follow", objects.conversation.id], ["unfollow", objects.conversation.id], ["follow", "b"], ["unfollow", "b"],
    ]);
  });

  it("asks for nothing before the socket is open", () => {
    assert.deepEqual(sends(play([{ type: "start" }, { type: "wanted", conversation: "a", follow: client.follow }]).deeds), []);
  });

  it("acknowledges each 32 768 units, counted since this socket opened", () => {
    const big = { type: "frame", text: "x".repeat(20_000), frame: server.ping };
    const { link, deeds } = play([...open, big, big, big, big]);
    const welcome = JSON.stringify(server.welcome).length;
    assert.deepEqual(sends(deeds), [{ type: "ack", chars: welcome + 40_000 }, { type: "ack", chars: welcome + 80_000 }]);
    const again = play([{ type: "closed", code: 1006 }, { type: "retry" }, { type: "opened" }, big], link);
    assert.deepEqual(sends(again.deeds), []);
  });

  it("waits longer after each failure and starts anew once the server has spoken", () => {
    const failing = [{ type: "start" }, { type: "closed", code: 1006 }, { type: "retry" }, { type: "closed", code: 1006 }, { type: "retry" }, { type: "closed", code: 1006 }];
    const { link, deeds } = play(failing);
    assert.deepEqual(deeds.filter((deed) => deed.do === "wait").map((deed) => deed.ms), [375, 750, 1500]);
    assert.deepEqual(deeds.findLast((deed) => deed.do === "dispatch")?.change, { type: "socket_lost", attempt: 3, retryAt: 2500, isOffline: false });
    const back = play([{ type: "retry" }, { type: "opened" }, frame(server.welcome), { type: "closed", code: 1012 }], link);
    assert.equal(back.deeds.findLast((deed) => deed.do === "wait")?.ms, 375);
  });

  it("gives up a socket that says nothing for longer than the server's ping allows", () => {
    const late = outside.now + DEAD_AFTER_MS;
    assert.equal(play([...open, { type: "tick", at: late }]).link.phase, "open");
    const { link, deeds } = play([...open, { type: "tick", at: late + 1 }]);
    assert.equal(link.phase, "lost");
    assert.deepEqual(deeds.slice(-3).map((deed) => deed.do), ["close", "dispatch", "wait"]);
    const pinged = play([...open, { ...frame(server.ping), at: late }, { type: "tick", at: late + 1 }]);
    assert.equal(pinged.link.phase, "open");
  });

  it("gives up a connection that does not come about", () => {
    assert.equal(play([{ type: "start" }, { type: "tick", at: outside.now + 9_000 }]).link.phase, "connecting");
    assert.equal(play([{ type: "start" }, { type: "tick", at: outside.now + 11_000 }]).link.phase, "lost");
  });

  it("stops for good when signed out, by frame or by close code", () => {
    for (const end of [frame(server.signed_out), { type: "closed", code: 4401 }]) {
      const { link, deeds } = play([...open, end]);
      assert.equal(link.phase, "ended");
      assert.equal(deeds.at(-1)?.change.type, "signed_out");
      assert.deepEqual(play([{ type: "closed", code: 4401 }, { type: "retry" }, { type: "hint" }, { type: "tick", at: 1e9 }], link).deeds, []);
    }
  });

  it("comes back at once when the tab is looked at, the network returns or a person asks", () => {
    const lost = play([...open, { type: "closed", code: 1006 }]).link;
    for (const hint of [{ type: "hint" }, { type: "online", isOnline: true }]) {
      assert.equal(play([hint], lost).link.phase, "connecting");
    }
    const slept = play([...open, { type: "hint", at: outside.now + DEAD_AFTER_MS + 1 }]);
    assert.deepEqual([slept.link.phase, slept.deeds.at(-1)?.do], ["connecting", "open"]);
  });

  it("tries the server itself when the browser says it is offline", () => {
    const { link, deeds } = play([...open, { type: "online", isOnline: false }]);
    assert.deepEqual([link.phase, link.isOffline], ["connecting", true]);
    assert.deepEqual(deeds.slice(-3).map((deed) => deed.do), ["close", "dispatch", "open"]);
    const failed = play([{ type: "closed", code: 1006 }], link);
    assert.equal(failed.deeds[0]?.change.isOffline, true);
  });

  it("drops a socket that sends what is no JSON", () => {
    const { link, deeds } = play([...open, { type: "frame", text: "<html>", frame: null }]);
    assert.equal(link.phase, "lost");
    assert.ok(deeds.some((deed) => deed.do === "close"));
  });
});

describe("the socket", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  Object.assign(globalThis, { addEventListener: window.addEventListener.bind(window) });
  const { TabSocket } = await import("../../static/js/lib/socket.js");

  class Held {
    static OPEN = 1;
    /** @type {Held[]} */
    static all = [];
    readyState = 0;
    sent = [];
    constructor(url) {
      this.url = url;
      Held.all.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.readyState = 3;
    }
    accept() {
      this.readyState = 1;
      this.onopen();
      this.hear(server.welcome);
    }
    hear(object) {
      this.onmessage({ data: JSON.stringify(object) });
    }
    break(code = 1006) {
      this.readyState = 3;
      this.onclose({ code });
    }
  }

  function started() {
    Held.all = [];
    const store = createStore(stateFromPage(pageState(stream.page), 0));
    const socket = new TabSocket("ws://chat.example/ws/", store, Held);
    socket.start();
    return { store, socket, last: () => Held.all.at(-1) };
  }

  it("follows the open conversation and feeds its frames to the store", () => {
    const { store, last } = started();
    assert.equal(store.get().socket.state, "connecting");
    last().accept();
    assert.deepEqual(last().sent, [{ ...client.follow, position: { ...client.follow.position, seq: 0 } }]);
    last().hear(server.caught_up);
    assert.equal(store.get().socket.state, "caught_up");
    for (const one of stream.frames) last().hear(one);
    assert.equal(store.get().turns[0].state, "completed");
  });

  it("asks again for a gap, once", () => {
    const { store, last } = started();
    last().accept();
    last().hear(server.caught_up);
    last().hear(stream.frames[2]);
    last().hear(stream.frames[3]);
    assert.equal(last().sent.length, 2);
    assert.equal(store.get().isFollowing, false);
    last().hear({ ...server.caught_up, turns: [objects.turn_completed] });
    assert.equal(store.get().turns[0].messages[0].text, "It is 😀 warm.");
  });

  it("comes back to where it was, and no dead socket is heard any more", () => {
    const { store, socket, last } = started();
    const first = last();
    first.accept();
    first.hear(server.caught_up);
    for (const one of stream.frames.slice(0, 3)) first.hear(one);
    first.break();
    assert.equal(store.get().socket.state, "lost");
    socket.reconnect();
    first.hear({ ...server.conversation_gone });
    last().accept();
    assert.deepEqual(last().sent[0].position, { turn: objects.turn.id, epoch: 1, seq: 3 });
    assert.ok(store.get().conversation);
  });

  it("moves its follow when another conversation is opened", () => {
    const { store, last } = started();
    last().accept();
    last().hear(server.caught_up);
    const other = { ...objects.conversation, id: "other" };
    store.dispatch({ type: "conversation_opened", conversation: other, turns: [], has_older: false, at: 1 });
    assert.deepEqual(last().sent.slice(1).map((sent) => [sent.type, sent.conversation]), [["unfollow", objects.conversation.id], ["follow", "other"]]);
    store.dispatch({ type: "conversation_opened", conversation: null, turns: [], has_older: false });
    assert.deepEqual(last().sent.at(-1), { type: "unfollow", conversation: "other" });
  });

  it("says that the user is signed out and tries no more", () => {
    const { store, socket, last } = started();
    last().accept();
    last().hear(server.signed_out);
    last().break(4401);
    socket.reconnect();
    assert.equal(Held.all.length, 1);
    assert.equal(store.get().socket.isSignedOut, true);
  });
});
