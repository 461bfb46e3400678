/**
 * Questions that left the composer and are not confirmed: their drafts are kept until the server has them, so
 * that a reload after a failed send finds the text again. Knows no document.
 */

/**
 * @param {import("./drafts.js").Drafts} drafts
 */
export function createSent(drafts) {
  /** @type {Map<string | null, string>} */
  const kept = new Map();
  return {
    /** @param {string | null} conversation @param {string} text */
    keep(conversation, text) {
      kept.set(conversation, text);
      drafts.write(conversation, text);
    },
    /**
     * Forgets what has arrived, unless something else was typed there since.
     * @param {Chat.Pending[]} pending
     * @returns {(string | null)[]} where something did
     */
    settle(pending) {
      const settled = [];
      for (const [conversation, text] of kept) {
        if (pending.some((one) => one.conversation === conversation)) continue;
        kept.delete(conversation);
        settled.push(conversation);
        if (drafts.read(conversation) === text) drafts.write(conversation, "");
      }
      return settled;
    },
    /** Typing anew in a conversation: its draft is that text from now on. @param {string | null} conversation */
    release(conversation) {
      kept.delete(conversation);
    },
  };
}
