import assert from "node:assert/strict";
import { test } from "node:test";

import { createDrafts } from "../../static/js/lib/drafts.js";
import { createSent } from "../../static/js/lib/sent.js";

const DAY_MS = 86_400_000;

/** A Storage that lives in a Map. */
function newShelf(entries = {}) {
  const held = new Map(Object.entries(entries));
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    key: (index) => [...held.keys()][index] ?? null,
    get length() {
      return held.size;
    },
  };
}

test("a draft is found again, per conversation and after a reload", () => {
  const shelf = newShelf();
  createDrafts(() => shelf, "ann").write("c1", "half a thou");
  const drafts = createDrafts(() => shelf, "ann");
  drafts.write(null, "a new one");
  assert.equal(drafts.read("c1"), "half a thou");
  assert.equal(drafts.read(null), "a new one");
  assert.equal(drafts.read("c2"), "");
});

test("an emptied field leaves nothing behind", () => {
  const shelf = newShelf();
  const drafts = createDrafts(() => shelf, "ann");
  drafts.write("c1", "x");
  drafts.write("c1", "");
  assert.equal(shelf.held.size, 0);
});

test("another person at the same browser sees no draft of mine", () => {
  const shelf = newShelf();
  createDrafts(() => shelf, "ann").write(null, "secret");
  assert.equal(createDrafts(() => shelf, "ann.new").read(null), "");
  assert.equal(createDrafts(() => shelf, "bob").read(null), "");
});

test("drafts are forgotten after thirty days, other people's and broken ones too; the rest stays", () => {
  const shelf = newShelf({ "chatweb.theme": "dark", "chatweb.draft.ann.c9": "no json" });
  let now = 100 * DAY_MS;
  createDrafts(() => shelf, "bob", () => now).write("c1", "old");
  now += 20 * DAY_MS;
  createDrafts(() => shelf, "ann", () => now).write("c2", "younger");
  now += 11 * DAY_MS;
  const drafts = createDrafts(() => shelf, "ann", () => now);
  assert.equal(drafts.read("c2"), "younger");
  assert.deepEqual([...shelf.held.keys()].toSorted(), ["chatweb.draft.ann.c2", "chatweb.theme"]);
});

test("a forbidden storage means no drafts, not a broken page", () => {
  const drafts = createDrafts(() => {
    throw new DOMException("denied", "SecurityError");
  }, "ann");
  drafts.write("c1", "x");
  assert.equal(drafts.read("c1"), "");
});

test("a full storage does not stop the typing", () => {
  const shelf = newShelf();
  shelf.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  assert.doesNotThrow(() => createDrafts(() => shelf, "ann").write("c1", "x"));
});

test("a fault of the program is not taken for a forbidden storage", () => {
  assert.throws(() => createDrafts(() => { throw new TypeError("oops"); }, "ann"), TypeError);
});

const PENDING = [{ clientId: "1", conversation: "c1", bot: null, text: "sent", state: "sending", failure: null }];

test("what was sent is kept until the server has it", () => {
  const drafts = createDrafts(() => newShelf(), "ann");
  const sent = createSent(drafts);
  sent.keep("c1", "sent");
  sent.settle(PENDING);
  assert.equal(drafts.read("c1"), "sent");
  sent.settle([{ ...PENDING[0], state: "failed" }]);
  assert.equal(drafts.read("c1"), "sent");
  sent.settle([]);
  assert.equal(drafts.read("c1"), "");
});

test("what was typed after sending is not forgotten with it", () => {
  const drafts = createDrafts(() => newShelf(), "ann");
  const sent = createSent(drafts);
  sent.keep("c1", "sent");
  sent.release("c1");
  drafts.write("c1", "next");
  sent.settle([]);
  assert.equal(drafts.read("c1"), "next");
});
