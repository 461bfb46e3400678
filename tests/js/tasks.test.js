/** "My tasks": order, cards answered elsewhere, answers from here, drafts of other tabs (M-064). */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { countOf, entriesFrom, groupsOf, withDraft, withFetched, withTurn, withoutGone } from "../../static/js/lib/tasks.js";

const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

function task(id, asked_at, changes = {}) {
  return { ...objects.task, turn: `turn-${id}`, action: { ...objects.task.action, id, asked_at, ...changes } };
}
const turnWith = (...actions) => ({ ...objects.turn_waiting, actions });
const shown = (entries) => entries.map(({ task: { action }, isLeaving }) => [action.id, action.state, isLeaving]);

const old = task("old", "2026-01-01T10:00:00+00:00");
const young = task("young", "2026-01-02T10:00:00+00:00");

test("the oldest card comes first, cards of one turn in the order they were asked", () => {
  const second = { ...task("second", old.action.asked_at, { ordinal: 1 }), turn: old.turn };
  const entries = entriesFrom([young, second, old]);
  assert.deepEqual(shown(entries).map(([id]) => id), ["old", "second", "young"]);
});

test("cards of one turn stand together under one name", () => {
  const sibling = { ...task("sibling", "2026-01-03T10:00:00+00:00"), turn: old.turn };
  const groups = groupsOf(entriesFrom([young, sibling, old]));
  assert.deepEqual(groups.map((group) => group.entries.map((entry) => entry.task.action.id)), [["old", "sibling"], ["young"]]);
});

test("a card that the list no longer names stays a moment, shows who answered, and goes", () => {
  let entries = withFetched(entriesFrom([old, young]), [young]);
  assert.deepEqual(shown(entries), [["old", "pending", true], ["young", "pending", false]]);
  assert.equal(countOf(entries), 1);
  entries = withTurn(entries, { ...turnWith({ ...old.action, state: "answered", answered_by: "ann" }), state: "completed" });
  assert.deepEqual([shown(entries)[0], entries[0].task.action.answered_by], [["old", "answered", true], "ann"]);
  assert.deepEqual(shown(withoutGone(entries, "old")), [["young", "pending", false]]);
});

test("an answer from here leaves at once; one of two that are needed stays", () => {
  const entries = entriesFrom([old, young]);
  const saved = withTurn(entries, turnWith({ ...old.action, state: "ready" }));
  assert.deepEqual(shown(saved)[0], ["old", "ready", false]);
  const sent = withTurn(entries, { ...turnWith({ ...old.action, state: "submitting" }), state: "resuming" });
  assert.deepEqual(shown(sent)[0], ["old", "submitting", true]);
});

test("an answer that came back brings its card back, and it does not go", () => {
  const leaving = withFetched(entriesFrom([old]), []);
  const refused = task("old", old.action.asked_at, { state: "ready", refusal: objects.question.refusal });
  const back = withFetched(leaving, [refused]);
  assert.deepEqual(shown(back), [["old", "ready", false]]);
  assert.deepEqual(withoutGone(back, "old"), back);
});

test("a list that says the same gives the very same cards: nothing is drawn anew", () => {
  const entries = entriesFrom([old]);
  const again = withFetched(entries, [structuredClone(old)]);
  assert.equal(again[0].task.action, entries[0].task.action);
});

test("what another tab fills in is taken over, older drafts are not", () => {
  const frame = { type: "draft", conversation: "", turn: "", action: "old", draft: { text: "half" }, draft_version: 2, tab: "x" };
  const entries = withDraft(entriesFrom([old, young]), frame);
  assert.deepEqual(entries[0].task.action.draft, { text: "half" });
  assert.equal(withDraft(entries, { ...frame, draft: {}, draft_version: 1 })[0], entries[0]);
  assert.equal(entries[1].task.action, young.action);
});
