/**
 * What a tab knows, as one pure function of what it knew and one change. Page load, live frames and replay go
 * the same way (docs/protocol.md). Knows no document, no clock and no network.
 */

import { GAP, applyDelta } from "./delta.js";
import { conversationGone, listLoaded, rowChanged } from "./rows.js";
import { isLive, liveTurn, movingTurn, newestVersion, withDraft, withTurn } from "./turns.js";

/**
 * @param {Chat.PageState} page
 * @param {number} now ms since 1970
 * @returns {Chat.State}
 */
export function stateFromPage(page, now) {
  const turns = page.turns.filter((turn) => !turn.is_withdrawn);
  return {
    user: page.user,
    bots: page.bots,
    conversation: page.conversation,
    turns,
    hasOlder: page.has_older,
    draft: page.draft,
    conversations: page.conversations,
    next: page.next,
    listVersion: page.list_version,
    socket: { state: "idle", attempt: 0, retryAt: null, isOffline: false, isSignedOut: false },
    pending: [],
    stopping: [],
    silentSince: movingTurn(turns) ? now : null,
    version: newestVersion(turns),
    isFollowing: false,
    needs: { follow: page.conversation !== null, list: false },
    sentences: page.sentences,
    settings: {
      sendsWithEnter: page.user.sends_with_enter,
      silenceSeconds: page.silence_seconds,
      undoSeconds: page.undo_seconds,
      maxQuestionChars: page.max_question_chars,
      maxCommentChars: page.max_comment_chars,
      maxFileBytes: page.max_file_bytes,
    },
    feedbackReasons: page.feedback_reasons,
  };
}

/**
 * @param {Chat.State} state
 * @param {Chat.Change} change
 * @returns {Chat.State} the same object when nothing changed
 */
export function reduce(state, change) {
  switch (change.type) {
    case "delta": return deltaCame(state, change);
    case "turn": return turnCame(state, change.turn, true, change.at);
    case "turn_loaded": return turnCame(state, change.turn, false, change.at);
    case "draft": return draftCame(state, change);
    case "caught_up": return caughtUp(state, change);
    case "older_loaded": return olderLoaded(state, change);
    case "conversation_opened": return conversationOpened(state, change);
    case "welcome": return welcomed(state, change.list_version);
    case "ping": return withListVersion(state, change.list_version);
    case "conversation": return { ...rowChanged(state, change.conversation), listVersion: change.list_version };
    case "shortcuts_changed": return { ...state, user: { ...state.user, shortcuts: change.shortcuts } };
    case "row_loaded": return rowChanged(state, change.conversation);
    case "conversation_gone": return { ...gone(state, change.conversation), listVersion: change.list_version };
    case "refused": return gone(state, change.conversation);
    case "list_asked": return { ...state, needs: { ...state.needs, list: false } };
    case "list_loaded": return listLoaded(state, change);
    case "sent": return { ...state, pending: [...state.pending, pendingFrom(change)] };
    case "send_retried": return withPending(state, change.clientId, { state: "sending", failure: null });
    case "send_failed": return withPending(state, change.clientId, { state: "failed", failure: change.failure });
    case "send_dropped": return { ...state, pending: state.pending.filter((one) => one.clientId !== change.clientId) };
    case "begun": return begun(state, change);
    case "stopped_locally": return { ...state, stopping: [...state.stopping, change.turn] };
    case "stop_failed": return stopFailed(state, change.turn);
    case "follow_sent": return { ...state, needs: { ...state.needs, follow: false } };
    case "socket_connecting": return socketConnecting(state);
    case "socket_lost": return socketLost(state, change);
    case "signed_out": return signedOut(state);
    case "question_draft":
    case "notice":
    case "error": return state;
  }
  return state; // a frame of a newer server
}

/**
 * The `follow` that brings a tab with this state up to date.
 * @param {Chat.State} state
 */
export function followFrame(state) {
  const live = liveTurn(state.turns);
  return {
    type: "follow",
    conversation: state.conversation?.id,
    version: state.version,
    position: live ? { turn: live.id, epoch: live.epoch, seq: live.seq } : null,
  };
}

/** @param {Chat.State} state @param {Chat.Delta} frame @returns {Chat.State} */
function deltaCame(state, frame) {
  const index = state.turns.findLastIndex((turn) => turn.id === frame.turn);
  const turn = state.turns[index];
  // Before `caught_up` a stranger's delta is the tail of the conversation that was left.
  if (!turn) return withGap(state);
  if (state.stopping.includes(turn.id)) return state;
  const next = applyDelta(turn, frame);
  if (next === turn) return state;
  if (next === GAP) return withGap(state);
  return { ...state, turns: state.turns.with(index, next), silentSince: frame.at ?? state.silentSince };
}

/** @param {Chat.State} state @returns {Chat.State} asks once; further gaps wait for the answer */
function withGap(state) {
  if (!state.isFollowing) return state;
  return { ...state, isFollowing: false, needs: { ...state.needs, follow: true } };
}

/**
 * @param {Chat.State} state
 * @param {Chat.Turn} turn
 * @param {boolean} isFromSocket only then all older changes are known too, so that the version may grow
 * @param {number} [at]
 * @returns {Chat.State}
 */
function turnCame(state, turn, isFromSocket, at) {
  if (turn.conversation !== state.conversation?.id) return withoutPending(state, [turn]);
  const turns = withTurn(state.turns, turn, state.hasOlder);
  const version = isFromSocket ? Math.max(state.version, turn.version) : state.version;
  return settled({ ...state, turns, version }, [turn], at);
}

/**
 * No position moves: a draft is no step of the turn.
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "draft"}>} frame
 * @returns {Chat.State}
 */
function draftCame(state, frame) {
  const index = state.turns.findLastIndex((turn) => turn.id === frame.turn);
  const turn = state.turns[index];
  const next = turn && withDraft(turn, frame);
  return next && next !== turn ? { ...state, turns: state.turns.with(index, next) } : state;
}

/**
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "caught_up"}>} frame
 * @returns {Chat.State}
 */
function caughtUp(state, frame) {
  if (frame.conversation.id !== state.conversation?.id) return state;
  const newest = newestVersion(frame.turns);
  // The server subscribes before it reads: a frame may have overtaken this one, and stays.
  const isKept = (/** @type {Chat.Turn} */ turn) =>
    !frame.is_reset || turn.version > newest || frame.turns.some((one) => one.id === turn.id);
  const base = state.turns.filter(isKept);
  const hasOlder = frame.is_reset ? (frame.has_older ?? false) : state.hasOlder;
  const turns = frame.turns.reduce((known, turn) => withTurn(known, turn, !frame.is_reset && hasOlder), base);
  const version = Math.max(state.version, newest);
  const socket = { ...state.socket, state: /** @type {const} */ ("caught_up"), attempt: 0, retryAt: null, isOffline: false };
  const next = { ...rowChanged(state, frame.conversation), turns, hasOlder, version, socket, isFollowing: true };
  return settled(next, frame.turns, frame.at);
}

/**
 * What follows from turns that came: their pending copies and stops are over, silence starts anew.
 * @param {Chat.State} state
 * @param {Chat.Turn[]} came
 * @param {number} [at]
 * @returns {Chat.State}
 */
function settled(state, came, at) {
  const stopping = state.stopping.filter((id) => state.turns.some((turn) => turn.id === id && isLive(turn)));
  const moving = movingTurn(state.turns);
  const hasMoved = moving && came.some((turn) => turn.id === moving.id);
  const silentSince = moving ? ((hasMoved ? at : undefined) ?? state.silentSince ?? at ?? null) : null;
  return withoutPending({ ...state, stopping, silentSince }, came);
}

/** @param {Chat.State} state @param {Chat.Turn[]} came @returns {Chat.State} */
function withoutPending(state, came) {
  const pending = state.pending.filter((one) => !came.some((turn) => turn.client_id === one.clientId));
  return pending.length === state.pending.length ? state : { ...state, pending };
}

/**
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "older_loaded"}>} change
 * @returns {Chat.State}
 */
function olderLoaded(state, change) {
  if (change.conversation !== state.conversation?.id) return state;
  const turns = change.turns.reduce((known, turn) => withTurn(known, turn, false), state.turns);
  return { ...state, turns, hasOlder: change.has_older };
}

/**
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "conversation_opened"}>} change
 * @returns {Chat.State}
 */
function conversationOpened(state, change) {
  const turns = change.turns.filter((turn) => !turn.is_withdrawn);
  const next = {
    ...state,
    conversation: change.conversation,
    turns,
    hasOlder: change.has_older,
    stopping: [],
    silentSince: movingTurn(turns) ? (change.at ?? null) : null,
    version: newestVersion(turns),
    isFollowing: false,
    needs: { ...state.needs, follow: change.conversation !== null },
  };
  return withoutPending(change.conversation ? rowChanged(next, change.conversation) : next, turns);
}

/** @param {Chat.State} state @param {string} id @returns {Chat.State} */
function gone(state, id) {
  const next = conversationGone(state, id);
  if (id !== state.conversation?.id) return next;
  return conversationOpened(next, { type: "conversation_opened", conversation: null, turns: [], has_older: false });
}

/** @param {Chat.State} state @param {string} listVersion @returns {Chat.State} */
function welcomed(state, listVersion) {
  const next = withListVersion(state, listVersion);
  if (state.conversation) return next; // caught up only when `caught_up` has come
  return { ...next, socket: { ...state.socket, state: "caught_up", attempt: 0, retryAt: null, isOffline: false } };
}

/** @param {Chat.State} state @param {string} listVersion @returns {Chat.State} */
function withListVersion(state, listVersion) {
  if (listVersion === state.listVersion) return state;
  return { ...state, needs: { ...state.needs, list: true } };
}

/** @param {Extract<Chat.Change, {type: "sent"}>} change @returns {Chat.Pending} */
function pendingFrom({ clientId, conversation, bot, text, files, parameters }) {
  return { clientId, conversation, bot, text, files, ...(parameters && { parameters }), state: "sending", failure: null };
}

/** @param {Chat.State} state @param {string} clientId @param {Partial<Chat.Pending>} values @returns {Chat.State} */
function withPending(state, clientId, values) {
  return { ...state, pending: state.pending.map((one) => (one.clientId === clientId ? { ...one, ...values } : one)) };
}

/**
 * The first question of a conversation was taken: what was typed behind it belongs to the conversation too.
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "begun"}>} change
 * @returns {Chat.State}
 */
function begun(state, { clientId, conversation, turn, at }) {
  const isHere = state.conversation === null && state.pending.some((one) => one.clientId === clientId);
  const pending = state.pending.map((one) => (one.conversation ? one : { ...one, conversation: conversation.id }));
  const next = withoutPending({ ...state, pending }, [turn]);
  if (!isHere) return rowChanged(next, conversation);
  return conversationOpened(next, { type: "conversation_opened", conversation, turns: [turn], has_older: false, at });
}

/** @param {Chat.State} state @param {string} turn @returns {Chat.State} what came meanwhile was not shown: fetch it */
function stopFailed(state, turn) {
  const stopping = state.stopping.filter((id) => id !== turn);
  return withGap({ ...state, stopping });
}

/** @param {Chat.State} state @returns {Chat.State} */
function socketConnecting(state) {
  return {
    ...state,
    socket: { ...state.socket, state: "connecting", retryAt: null },
    isFollowing: false,
    needs: { ...state.needs, follow: state.conversation !== null },
  };
}

/**
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "socket_lost"}>} change
 * @returns {Chat.State}
 */
function socketLost(state, { attempt, retryAt, isOffline }) {
  return { ...state, isFollowing: false, socket: { ...state.socket, state: "lost", attempt, retryAt, isOffline } };
}

/** @param {Chat.State} state @returns {Chat.State} */
function signedOut(state) {
  return { ...state, isFollowing: false, socket: { ...state.socket, state: "lost", retryAt: null, isSignedOut: true } };
}
