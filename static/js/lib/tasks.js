/** What the page "My tasks" lists: cards that wait, and for a moment those that just stopped. Knows no document. */

import { isOpen } from "./waiting.js";

/**
 * @typedef {object} Entry
 * @property {Chat.Task} task
 * @property {boolean} isLeaving it waits no more; shown a moment longer, so that one sees what became of it
 *
 * @typedef {{turn: string, conversation: Chat.Conversation, question: string, entries: Entry[]}} Group cards of one turn
 */

/** @param {Chat.Task[]} tasks @returns {Entry[]} */
export function entriesFrom(tasks) {
  return sorted(tasks.map((task) => ({ task, isLeaving: false })));
}

/**
 * The list as the server has it now. What it no longer names is leaving.
 * @param {Entry[]} entries
 * @param {Chat.Task[]} tasks
 * @returns {Entry[]}
 */
export function withFetched(entries, tasks) {
  const known = new Map(entries.map((entry) => [entry.task.action.id, entry]));
  const waiting = tasks.map((task) => ({ task: { ...task, action: unchanged(known.get(task.action.id), task.action) }, isLeaving: false }));
  for (const task of tasks) known.delete(task.action.id);
  return sorted([...waiting, ...[...known.values()].map((entry) => ({ ...entry, isLeaving: true }))]);
}

/** The very same object when nothing differs: a card draws nothing anew then. @param {Entry | undefined} entry @param {Chat.Action} action */
function unchanged(entry, action) {
  const before = entry?.task.action;
  return before && JSON.stringify(before) === JSON.stringify(action) ? before : action;
}

/**
 * Somebody fills in a card, here or elsewhere.
 * @param {Entry[]} entries
 * @param {Extract<Chat.Frame, {type: "draft"}>} frame
 * @returns {Entry[]}
 */
export function withDraft(entries, { action: id, draft, draft_version }) {
  return entries.map((entry) => {
    const { action } = entry.task;
    if (action.id !== id || action.draft_version >= draft_version) return entry;
    return { ...entry, task: { ...entry.task, action: { ...action, draft, draft_version } } };
  });
}

/**
 * What a turn says of its cards: after an answer from here, or to learn who answered.
 * @param {Entry[]} entries
 * @param {Chat.Turn} turn
 * @returns {Entry[]}
 */
export function withTurn(entries, turn) {
  return entries.map((entry) => {
    const action = turn.actions.find((one) => one.id === entry.task.action.id);
    if (!action) return entry;
    const isLeaving = entry.isLeaving || turn.state !== "waiting" || !isOpen(action);
    return { task: { ...entry.task, action }, isLeaving };
  });
}

/** @param {Entry[]} entries @param {string} action @returns {Entry[]} without that one, if it is still leaving */
export function withoutGone(entries, action) {
  return entries.filter((entry) => !entry.isLeaving || entry.task.action.id !== action);
}

/** @param {Entry[]} entries @returns {number} how many wait */
export function countOf(entries) {
  return entries.filter((entry) => !entry.isLeaving).length;
}

/** @param {Entry[]} entries oldest first @returns {Group[]} a turn stands where its oldest card does */
export function groupsOf(entries) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const entry of entries) {
    const { turn, conversation, question } = entry.task;
    const group = groups.get(turn) ?? { turn, conversation, question, entries: [] };
    group.entries.push(entry);
    groups.set(turn, group);
  }
  return [...groups.values()];
}

/** Always the same order, or a card would move under somebody's hand. @param {Entry[]} entries */
function sorted(entries) {
  return entries.toSorted(({ task: a }, { task: b }) =>
    a.action.asked_at.localeCompare(b.action.asked_at)
    || a.turn.localeCompare(b.turn)
    || a.action.round - b.action.round
    || a.action.ordinal - b.action.ordinal);
}
