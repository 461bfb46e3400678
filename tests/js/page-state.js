/** A page state as the server prints it, for tests. */

/** @param {object} values what the test cares about */
export function pageState(values = {}) {
  return {
    user: { name: "demo", sends_with_enter: true, time_zone: "UTC", is_operator: false, shortcuts: {} },
    bots: [],
    conversation: null,
    turns: [],
    has_older: false,
    draft: { text: "", files: [], version: 0 },
    conversations: values.conversation ? [values.conversation] : [],
    next: null,
    list_version: "1",
    sentences: { network: { sentence: "The site cannot be reached.", advice: "Try again.", button: "again" } },
    silence_seconds: 60,
    undo_seconds: 10,
    max_question_chars: 100_000,
    max_comment_chars: 1000,
    feedback_reasons: [],
    max_file_bytes: 1_000_000,
    ...values,
  };
}
