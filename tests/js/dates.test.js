import assert from "node:assert/strict";
import { test } from "node:test";

import { groupsOf, shortTime } from "../../static/js/lib/dates.js";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const BERLIN = { timeZone: "Europe/Berlin", language: "en" };

function row(last_asked_at, changes = {}) {
  return { id: last_asked_at, name: last_asked_at, last_asked_at, is_pinned: false, ...changes };
}

function kinds(dates, now = NOW, where = BERLIN) {
  return groupsOf(dates.map((date) => row(date)), now, where).map((group) => group.month || group.kind);
}

test("rows fall into the groups of the sidebar, in order", () => {
  const dates = ["2026-03-10T11:00:00Z", "2026-03-09T11:00:00Z", "2026-03-05T11:00:00Z", "2026-02-20T11:00:00Z", "2026-01-15T11:00:00Z", "2025-12-31T11:00:00Z"];
  assert.deepEqual(kinds(dates), ["today", "yesterday", "week", "days_30", "January 2026", "December 2025"]);
});

test("a day ends at midnight in the user's zone, not in UTC", () => {
  const late = "2026-03-09T23:30:00Z"; // half past midnight on the 10th in Berlin
  assert.deepEqual(kinds([late]), ["today"]);
  assert.deepEqual(kinds([late], NOW, { timeZone: "UTC", language: "en" }), ["yesterday"]);
  assert.deepEqual(kinds([late], NOW, { timeZone: "Pacific/Kiritimati", language: "en" }), ["yesterday"]);
});

test("the day the clocks change is one day long", () => {
  const afterChange = Date.parse("2026-03-30T08:00:00Z");
  assert.deepEqual(kinds(["2026-03-29T00:30:00Z"], afterChange), ["yesterday"]);
  assert.deepEqual(kinds(["2026-03-28T22:30:00Z"], afterChange), ["week"]);
});

test("seven days are a week and thirty a month", () => {
  assert.deepEqual(kinds(["2026-03-03T11:00:00Z", "2026-03-02T11:00:00Z"]), ["week", "days_30"]);
  assert.deepEqual(kinds(["2026-02-08T11:00:00Z", "2026-02-07T11:00:00Z"]), ["days_30", "February 2026"]);
});

test("pinned rows come first and leave their day", () => {
  const rows = [row("2026-03-10T11:00:00Z"), row("2025-01-01T11:00:00Z", { is_pinned: true })];
  const groups = groupsOf(rows, NOW, BERLIN);
  assert.deepEqual(groups.map((group) => group.kind), ["pinned", "today"]);
  assert.equal(groups[0].rows[0], rows[1]);
});

test("rows that wait for the user stand above all others, once", () => {
  const rows = [row("2026-03-10T11:00:00Z"), row("2025-01-01T11:00:00Z", { is_pinned: true }), row("2025-02-01T11:00:00Z", { mark: "waiting", is_pinned: true })];
  const groups = groupsOf(rows, NOW, BERLIN);
  assert.deepEqual(groups.map((group) => group.kind), ["waiting", "pinned", "today"]);
  assert.deepEqual(groups.map((group) => group.rows.length), [1, 1, 1]);
});

test("a short time has its date unless that is today, in the user's zone", () => {
  const at = "2026-03-09T23:30:00Z"; // half past midnight on the 10th in Berlin
  assert.equal(shortTime(at, NOW, { timeZone: "Europe/Berlin", language: "de" }), "0:30");
  assert.match(shortTime(at, NOW, { timeZone: "UTC", language: "en" }), /^Mar 9, 11:30\sPM$/u);
});

test("a question asked by a faster clock counts as today", () => {
  assert.deepEqual(kinds(["2026-03-11T09:00:00Z"]), ["today"]);
});

test("months are named in the user's language", () => {
  assert.deepEqual(kinds(["2025-03-10T11:00:00Z"], NOW, { timeZone: "UTC", language: "de" }), ["März 2025"]);
});

test("a zone this browser does not know, and none at all, group all the same", () => {
  for (const timeZone of ["Mars/Olympus", "", undefined]) {
    assert.deepEqual(kinds(["2026-03-10T12:00:00Z"], NOW, { timeZone, language: "en" }), ["today"]);
  }
});

test("no rows make no groups", () => {
  assert.deepEqual(groupsOf([], NOW, BERLIN), []);
});
