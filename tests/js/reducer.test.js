/** The reducer against tests/frames.json: what the server may send, in every order it may come. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { followFrame, reduce, stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";
import { pageState } from "./page-state.js";

const contract = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));
const { objects, server, stream } = contract;

const loaded = (page) => stateFromPage(pageState(page), 0);
const following = (page) => reduce(reduce(loaded(page), { type: "follow_sent" }), { ...server.caught_up, turns: [] });
const play = (state, frames) => frames.reduce(reduce, state);

const seen = (state) =>
  state.turns.map(({ id, state: name, version, epoch, seq, messages, follow_ups }) => ({
    id, state: name, version, epoch, seq, follow_ups,
    texts: messages.map((message) => message.text),
    reasonings: messages.map((message) => message.reasoning),
  }));

describe("scenarios of the contract", () => {
  for (const { name, page, frames, expected } of contract.scenarios) {
    it(name, () => {
      const before = loaded(page);
      const state = frames.reduce((now, frame) => reduce(now.needs.follow && frame.type === "caught_up" ? reduce(now, { type: "follow_sent" }) : now, frame), before);
      assert.deepEqual(seen(state), expected.turns);
      assert.equal(state.needs.follow, expected.needs_follow);
    });
  }
});

describe("replay", () => {
  const final = play(following(stream.page), stream.frames);

  for (let cut = 0; cut <= stream.frames.length; cut += 1) {
    const page = { ...stream.page, turns: play(following(stream.page), stream.frames.slice(0, cut)).turns };

    it(`a page loaded after frame ${cut} and the rest equal a fresh page`, () => {
      assert.deepEqual(seen(play(following(page), stream.frames.slice(cut))), seen(final));
    });
    it(`a page loaded after frame ${cut} takes every frame again without harm`, () => {
      assert.deepEqual(seen(play(following(page), stream.frames)), seen(final));
    });
  }

  for (let lost = 0; lost < stream.frames.length - 1; lost += 1) {
    it(`without frame ${lost + 1} the tab asks anew and ends up the same`, () => {
      const holed = stream.frames.toSpliced(lost, 1).slice(0, -1);
      const gap = play(following(stream.page), holed);
      const whole = play(following(stream.page), stream.frames.slice(0, -1)).turns;
      assert.equal(gap.needs.follow, lost < stream.frames.length - 2);
      const caughtUp = play(gap, [{ type: "follow_sent" }, { ...server.caught_up, turns: whole }, stream.frames.at(-1)]);
      assert.deepEqual(seen(caughtUp), seen(final));
      assert.equal(caughtUp.needs.follow, false);
    });
  }
});

describe("following", () => {
  it("asks once for a gap, however many frames do not fit", () => {
    const far = { ...stream.frames[3], seq: 9 };
    const state = reduce(following(stream.page), far);
    const asked = reduce(state, { type: "follow_sent" });
    assert.equal(reduce(asked, { ...far, seq: 10 }).needs.follow, false);
  });
  it("names the newest version that came by the socket, and the live turn's position", () => {
    const state = play(following(stream.page), stream.frames.slice(0, 3));
    assert.deepEqual(followFrame(state), { type: "follow", conversation: objects.conversation.id, version: 17, position: { turn: objects.turn.id, epoch: 1, seq: 3 } });
  });
  it("does not count a turn that came by HTTP as proof of having all before it", () => {
    const state = reduce(following(stream.page), { type: "turn_loaded", turn: objects.turn_queued });
    assert.equal(state.turns.length, 2);
    assert.equal(followFrame(state).version, 17);
  });
  it("says where it is in the shape of the contract", () => {
    const live = { ...objects.turn, seq: 6 };
    assert.deepEqual(followFrame(loaded({ ...stream.page, turns: [live] })), contract.client.follow);
    assert.deepEqual(followFrame(loaded({ ...stream.page, turns: [] })), contract.client.follow_nothing);
  });
});

describe("asking and stopping", () => {
  const sent = { type: "sent", clientId: objects.turn.client_id, conversation: objects.conversation.id, bot: null, text: "How is it?", files: [], at: 1 };

  it("the turn takes its pending question's place, by whichever way it comes first", () => {
    const pending = reduce(following({ ...stream.page, turns: [] }), sent);
    assert.equal(pending.pending.length, 1);
    for (const change of [{ type: "turn", turn: objects.turn }, { type: "turn_loaded", turn: objects.turn }]) {
      assert.deepEqual(reduce(pending, change).pending, []);
    }
  });
  it("a failed question keeps its text and its client id through a retry", () => {
    const failure = { reason: "network", sentence: "", advice: "", fields: {}, status: 0 };
    const failed = play(loaded(stream.page), [sent, { type: "send_failed", clientId: sent.clientId, failure }]);
    assert.equal(failed.pending[0].state, "failed");
    const again = reduce(failed, { type: "send_retried", clientId: sent.clientId });
    assert.deepEqual(again.pending[0], { clientId: sent.clientId, conversation: sent.conversation, bot: null, text: "How is it?", files: [], state: "sending", failure: null });
  });
  it("the first question opens its conversation, and what was typed behind it goes there too", () => {
    const start = loaded({ conversation: null, turns: [], has_older: false });
    const first = { ...sent, conversation: null };
    const state = play(start, [first, { ...first, clientId: "second" }, { type: "begun", clientId: first.clientId, conversation: objects.conversation, turn: objects.turn, at: 2 }]);
    assert.equal(state.conversation.id, objects.conversation.id);
    assert.deepEqual(seen(state).map((turn) => turn.id), [objects.turn.id]);
    assert.deepEqual(state.pending.map((one) => [one.clientId, one.conversation]), [["second", objects.conversation.id]]);
    assert.equal(state.needs.follow, true);
  });
  it("a conversation begun after its user went elsewhere does not pull the user back", () => {
    const elsewhere = loaded({ ...stream.page, conversation: { ...objects.conversation, id: "elsewhere" }, turns: [] });
    const state = play(elsewhere, [{ type: "begun", clientId: "x", conversation: objects.conversation, turn: objects.turn, at: 2 }]);
    assert.equal(state.conversation.id, "elsewhere");
    assert.ok(state.conversations.some((row) => row.id === objects.conversation.id));
  });
  it("text stands still from Stop on, until the server's cut comes", () => {
    const before = play(following(stream.page), stream.frames.slice(0, 3));
    const stopped = play(before, [{ type: "stopped_locally", turn: objects.turn.id }, ...stream.frames.slice(3, 6)]);
    assert.equal(stopped.turns[0].messages[0].text, "It is 😀 ");
    assert.equal(stopped.needs.follow, false);
    const cut = reduce(stopped, { type: "turn", turn: objects.turn_stopped });
    assert.deepEqual(cut.stopping, []);
    assert.equal(cut.turns[0].state, "canceled");
  });
  it("a stop that failed fetches what was held back", () => {
    const stopped = play(following(stream.page), [{ type: "stopped_locally", turn: objects.turn.id }, stream.frames[0]]);
    const state = reduce(stopped, { type: "stop_failed", turn: objects.turn.id });
    assert.deepEqual([state.stopping, state.needs.follow], [[], true]);
  });
});

describe("the queue", () => {
  it("shows a question that was put first in its new place", () => {
    const [second, third] = [2, 3].map((ordinal) => ({ ...objects.turn_queued, id: `q${ordinal}`, client_id: `q${ordinal}`, ordinal }));
    const state = following({ ...stream.page, turns: [objects.turn, second, third] });
    const moved = play(state, [
      { type: "turn", turn: { ...third, ordinal: 2, version: 20 } },
      { type: "turn", turn: { ...second, ordinal: 3, version: 20 } },
    ]);
    assert.deepEqual(moved.turns.map((turn) => turn.id), [objects.turn.id, "q3", "q2"]);
  });
});

describe("silence", () => {
  it("runs from the last sign of the live turn, and for no other", () => {
    const state = reduce(following(stream.page), { ...stream.frames[0], at: 5000 });
    assert.equal(state.silentSince, 5000);
    assert.equal(reduce(state, { type: "turn", turn: objects.turn_queued, at: 9000 }).silentSince, 5000);
    assert.equal(reduce(state, { type: "turn", turn: objects.turn_completed, at: 9000 }).silentSince, null);
    assert.equal(reduce(state, { type: "turn", turn: objects.turn_waiting, at: 9000 }).silentSince, null);
  });
});

describe("the list", () => {
  const row = (id, at, more = {}) => ({ ...objects.conversation, id, last_asked_at: at, ...more });
  const page = { conversations: [row("b", "2026-01-02"), row("a", "2026-01-01")], next: null };
  const ids = (state) => state.conversations.map((one) => one.id);

  it("is fetched when another version is named, by welcome or by ping", () => {
    const state = loaded(stream.page);
    assert.equal(reduce(state, { type: "ping", list_version: state.listVersion }).needs.list, false);
    for (const type of ["ping", "welcome"]) assert.equal(reduce(state, { type, list_version: "other" }).needs.list, true);
  });
  it("puts the newest question first and is not reordered by a name", () => {
    const state = reduce(loaded(page), { ...server.conversation, conversation: row("a", "2026-01-01", { name: "new name" }) });
    assert.deepEqual(ids(state), ["b", "a"]);
    assert.deepEqual(ids(reduce(state, { ...server.conversation, conversation: row("a", "2026-01-03") })), ["a", "b"]);
  });
  it("loses what is archived or gone", () => {
    const archived = reduce(loaded(page), { type: "row_loaded", conversation: row("a", "2026-01-01", { is_archived: true }) });
    assert.deepEqual(ids(archived), ["b"]);
    assert.deepEqual(ids(reduce(archived, { ...server.conversation_gone, conversation: "b" })), []);
  });
  it("keeps pages already loaded when its first page is fetched again", () => {
    const state = loaded({ ...page, next: "cursor" });
    const fetched = { type: "list_loaded", conversations: [row("c", "2026-01-03"), row("b", "2026-01-02")], next: "b", list_version: "2", isMore: false };
    const next = reduce(state, fetched);
    assert.deepEqual([ids(next), next.next, next.listVersion, next.needs.list], [["c", "b", "a"], "cursor", "2", false]);
  });
  it("closes the open conversation when it is gone", () => {
    for (const frame of [server.conversation_gone, server.refused]) {
      const state = reduce(following(stream.page), frame);
      assert.deepEqual([state.conversation, state.turns, state.needs.follow], [null, [], false]);
    }
  });
});

describe("a long answer", () => {
  it("of 20 000 deltas keeps every character", () => {
    const word = "word 😀 ";
    let state = reduce(following(stream.page), stream.frames[0]);
    for (let count = 0; count < 20_000; count += 1) {
      state = reduce(state, { type: "delta", turn: objects.turn.id, epoch: 1, seq: count + 2, ops: [{ op: "append", id: objects.message.id, from: count * word.length, text: word }] });
    }
    assert.equal(state.turns[0].messages[0].text, word.repeat(20_000));
  });
});

describe("the store", () => {
  it("lets every listener see a change before one that a listener makes", () => {
    const store = createStore(loaded(stream.page));
    const heard = [];
    store.subscribe((_, change) => {
      heard.push(`first ${change.type}`);
      if (change.type === "notice") store.dispatch({ type: "follow_sent" });
    });
    store.subscribe((_, change) => heard.push(`second ${change.type}`));
    store.dispatch(server.notice);
    assert.deepEqual(heard, ["first notice", "second notice", "first follow_sent", "second follow_sent"]);
  });
  it("does not mind frames of a newer server", () => {
    const state = loaded(stream.page);
    assert.equal(reduce(state, { type: "from_the_future" }), state);
    for (const frame of Object.values(server)) assert.ok(reduce(state, frame));
  });
});
