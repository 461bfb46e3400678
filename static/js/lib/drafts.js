/**
 * What was typed and not yet sent, kept in this browser per user and conversation.
 * A storage that is full or forbidden means no drafts, never a failure to type.
 */

const PREFIX = "chatweb.draft.";
const KEPT_MS = 30 * 86_400_000;

/**
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Shelf
 * @typedef {{read(conversation: string | null): string, write(conversation: string | null, text: string): void}} Drafts
 *   `null` is the conversation that does not exist yet; writing "" forgets the draft.
 */

/**
 * @param {() => Shelf} openShelf may throw where storage is forbidden
 * @param {string} owner whose drafts: two people may share a browser
 * @param {() => number} now ms since 1970
 * @returns {Drafts}
 */
export function createDrafts(openShelf, owner, now = Date.now) {
  const prefix = `${PREFIX}${encodeURIComponent(owner)}.`;
  const shelf = attempt(openShelf, null);
  if (!shelf) return { read: () => "", write: () => {} };
  attempt(() => forgetOld(shelf, now()), undefined);
  return {
    read: (conversation) => attempt(() => parsed(shelf.getItem(prefix + (conversation ?? "new"))).text, ""),
    write(conversation, text) {
      const key = prefix + (conversation ?? "new");
      attempt(() => (text ? shelf.setItem(key, JSON.stringify({ text, at: now() })) : shelf.removeItem(key)), undefined);
    },
  };
}

/** @param {Shelf} shelf @param {number} now */
function forgetOld(shelf, now) {
  const keys = Array.from({ length: shelf.length }, (_, index) => shelf.key(index) ?? "");
  for (const key of keys) {
    if (key.startsWith(PREFIX) && parsed(shelf.getItem(key)).at < now - KEPT_MS) shelf.removeItem(key);
  }
}

/** @param {string | null} stored @returns {{text: string, at: number}} */
function parsed(stored) {
  if (!stored) return { text: "", at: 0 };
  try {
    const { text, at } = JSON.parse(stored);
    return { text: String(text ?? ""), at: Number(at) || 0 };
  } catch (error) {
    if (error instanceof SyntaxError) return { text: "", at: 0 };
    throw error;
  }
}

/**
 * @template T, U
 * @param {() => T} action
 * @param {U} otherwise
 * @returns {T | U}
 */
function attempt(action, otherwise) {
  try {
    return action();
  } catch (error) {
    if (error instanceof DOMException) return otherwise;
    throw error;
  }
}
