/**
 * Text in flight: applies the ops of one `delta` to a turn (docs/protocol.md, rules 2 and 3).
 * Texts grow by `+`, which engines keep as a rope: no op copies the text so far.
 */

/** Returned when something between the copy and the frame is missing. */
export const GAP = Symbol("gap");

/**
 * @param {Chat.Turn} turn
 * @param {Chat.Delta} frame
 * @returns {Chat.Turn | typeof GAP} the same object when the frame is older than the copy
 */
export function applyDelta(turn, frame) {
  if (frame.epoch < turn.epoch) return turn;
  if (frame.epoch > turn.epoch) return GAP;
  if (frame.seq <= turn.seq) return turn;
  if (frame.seq > turn.seq + 1) return GAP;
  const next = { ...turn, seq: frame.seq, messages: [...turn.messages] };
  for (const op of frame.ops) {
    if (!applyOp(next, op)) return GAP;
  }
  return next;
}

/**
 * @param {Chat.Turn} turn a fresh copy with a `messages` list of its own, altered in place
 * @param {Chat.Op} op
 * @returns {boolean} false for a gap
 */
function applyOp(turn, op) {
  if (op.op === "follow_ups") {
    turn.follow_ups = op.texts;
    return true;
  }
  if (op.op === "sources") {
    turn.sources = op.sources;
    return true;
  }
  if (op.op === "open") {
    if (turn.messages.some((message) => message.id === op.message.id)) return true;
    const place = turn.messages.findLastIndex((message) => message.ordinal < op.message.ordinal) + 1;
    turn.messages.splice(place, 0, op.message);
    return true;
  }
  const index = turn.messages.findLastIndex((message) => message.id === op.id);
  const message = turn.messages[index];
  if (!message) return false;
  const changed = changeMessage(message, op);
  if (!changed) return false;
  if (op.op === "done" && !changed.text && !changed.reasoning) turn.messages.splice(index, 1);
  else turn.messages[index] = changed;
  return true;
}

/**
 * @param {Chat.Message} message
 * @param {Extract<Chat.Op, {id: string}>} op
 * @returns {Chat.Message | null} null for a gap
 */
function changeMessage(message, op) {
  if (op.op === "append") {
    const text = joined(message.text, op.from, op.text);
    return text === null ? null : { ...message, text };
  }
  if (op.op === "think") {
    const reasoning = joined(message.reasoning, op.from, op.text);
    return reasoning === null ? null : { ...message, reasoning };
  }
  return {
    ...message,
    state: "completed",
    reasoning_ms: op.reasoning_ms,
    text: op.text ?? message.text,
    reasoning: op.reasoning ?? message.reasoning,
    content_type: op.content_type ?? message.content_type,
    title: op.title ?? message.title,
  };
}

/**
 * @param {string} text
 * @param {number} from where `more` starts, in UTF-16 units
 * @param {string} more
 * @returns {string | null} null when `from` lies past the end
 */
function joined(text, from, more) {
  if (from > text.length) return null;
  return text + (from === text.length ? more : more.slice(text.length - from));
}
