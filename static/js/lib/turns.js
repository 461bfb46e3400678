/** The turns of a conversation as a sorted list: which is live, which copy wins, where a new one goes. */

/** A turn in one of these is being worked on by the server: silence counts. */
const MOVING = new Set(["running", "resuming", "recovering"]);
/** At most one turn of a conversation is in one of these. */
const LIVE = new Set([...MOVING, "waiting"]);

/** @param {Chat.Turn} turn */
export function isLive(turn) {
  return LIVE.has(turn.state);
}

/** @param {Chat.Turn[]} turns @returns {Chat.Turn | undefined} the turn that holds the conversation */
export function liveTurn(turns) {
  return turns.findLast(isLive);
}

/** @param {Chat.Turn[]} turns @returns {Chat.Turn | undefined} the live turn, unless it waits for a person */
export function movingTurn(turns) {
  return turns.findLast((turn) => MOVING.has(turn.state));
}

/**
 * Rule 1: the copy gives way unless it is newer.
 * @param {Chat.Turn[]} turns
 * @param {Chat.Turn} turn
 * @param {boolean} hasOlder then a turn older than all is left to paging, or it would leave a hole
 * @returns {Chat.Turn[]}
 */
export function withTurn(turns, turn, hasOlder) {
  const index = turns.findIndex((one) => one.id === turn.id);
  const copy = turns[index];
  if (copy && isNewer(copy, turn)) return turns;
  if (turn.is_withdrawn) return copy ? turns.toSpliced(index, 1) : turns;
  if (copy?.ordinal === turn.ordinal) return turns.with(index, turn);
  const others = copy ? turns.toSpliced(index, 1) : turns; // "Send now" gives a turn another place
  const place = others.findLastIndex((one) => one.ordinal < turn.ordinal) + 1;
  if (place === 0 && hasOlder && !copy) return turns;
  return others.toSpliced(place, 0, turn);
}

/**
 * @param {Chat.Turn} turn
 * @param {{action: string, draft: Record<string, any>, draft_version: number}} frame
 * @returns {Chat.Turn} the same object when the copy has a newer draft, or no such card
 */
export function withDraft(turn, { action: id, draft, draft_version }) {
  const index = turn.actions.findIndex((action) => action.id === id);
  const action = turn.actions[index];
  if (!action || action.draft_version >= draft_version) return turn;
  return { ...turn, actions: turn.actions.with(index, { ...action, draft, draft_version }) };
}

/** @param {Chat.Turn} a @param {Chat.Turn} b */
function isNewer(a, b) {
  if (a.version !== b.version) return a.version > b.version;
  if (a.epoch !== b.epoch) return a.epoch > b.epoch;
  return a.seq > b.seq;
}

/** @param {Chat.Turn[]} turns */
export function newestVersion(turns) {
  return turns.reduce((newest, turn) => Math.max(newest, turn.version), 0);
}
