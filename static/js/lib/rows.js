/** The sidebar's part of the reducer: rows in, rows out, newest question first. */

/**
 * A row is new or changed. Archived ones leave the list, but stay open if they are.
 * @param {Chat.State} state
 * @param {Chat.Conversation} row
 * @returns {Chat.State}
 */
export function rowChanged(state, row) {
  const others = state.conversations.filter((one) => one.id !== row.id);
  const conversations = row.is_archived ? others : sorted([...others, row]);
  return { ...state, conversations, conversation: state.conversation?.id === row.id ? row : state.conversation };
}

/** @param {Chat.State} state @param {string} id @returns {Chat.State} */
export function conversationGone(state, id) {
  return { ...state, conversations: state.conversations.filter((row) => row.id !== id) };
}

/**
 * A page of the list: the next one (`isMore`) or the first one again.
 * @param {Chat.State} state
 * @param {Extract<Chat.Change, {type: "list_loaded"}>} change
 * @returns {Chat.State}
 */
export function listLoaded(state, change) {
  const came = new Set(change.conversations.map((row) => row.id));
  const others = state.conversations.filter((row) => !came.has(row.id));
  if (change.isMore) {
    return { ...state, conversations: sorted([...others, ...change.conversations]), next: change.next };
  }
  const conversation = change.conversations.find((row) => row.id === state.conversation?.id) ?? state.conversation;
  const last = change.conversations.at(-1);
  // Pages loaded before stay, so that a refresh does not shorten the list under the reader's finger.
  const kept = change.next && last ? others.filter((row) => row.last_asked_at < last.last_asked_at && !row.is_pinned).map(notWaiting) : [];
  return {
    ...state,
    conversation,
    conversations: sorted([...change.conversations, ...kept]),
    next: kept.length ? state.next : change.next,
    listVersion: change.list_version,
    needs: { ...state.needs, list: false },
  };
}

/** Rows that wait all come with the first page: one that did not come waits no more. @param {Chat.Conversation} row */
function notWaiting(row) {
  return row.mark === "waiting" ? { ...row, mark: /** @type {const} */ (""), waiting: 0 } : row;
}

/** @param {Chat.Conversation[]} rows */
function sorted(rows) {
  return rows.toSorted((a, b) => b.last_asked_at.localeCompare(a.last_asked_at));
}
