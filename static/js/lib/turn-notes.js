/** What a turn has to say besides its question and answers, as plain values (M-003, M-005, M-010, M-011). */

/** After this long another device's hold on the bot gets a way out. */
const BUSY_MS = 120_000;
const MOVING = new Set(["running", "resuming", "recovering"]);
const UNANSWERED = new Set(["expired", "canceled", "superseded"]);

/**
 * @typedef {object} NoteButton
 * @property {"again" | "whole" | "fresh" | "stop" | "compose" | "copy" | "sign_in" | "retry"} does
 * @property {string} label
 *
 * @typedef {object} Note
 * @property {"fault" | "calm" | "dots" | "note"} kind how loud it is
 * @property {string} reason
 * @property {string} sentence
 * @property {string} [advice]
 * @property {string} [detail] code and log id, for whoever helps
 * @property {NoteButton[]} buttons
 *
 * @typedef {object} Surroundings
 * @property {Record<string, Chat.Sentence>} sentences
 * @property {boolean} isSilent nothing has come for too long
 * @property {number} now ms since 1970
 */

/**
 * @param {Chat.Turn} turn
 * @param {Surroundings} around
 * @returns {Note[]}
 */
export function notesOf(turn, around) {
  if (turn.copied) return notesOfState(turn, around).map((note) => ({ ...note, buttons: [] })); // to be read only
  const notes = notesOfState(turn, around);
  if (!turn.sees_replaced) return notes;
  return [...notes, { kind: "note", reason: "sees_replaced", sentence: gettext("The old answer could not be deleted: the bot sees both."), buttons: [] }];
}

/** @param {Chat.Turn} turn @param {Surroundings} around @returns {Note[]} */
function notesOfState(turn, around) {
  if (turn.state === "queued") return [queuedNote(turn, around.now)];
  if (MOVING.has(turn.state)) return movingNotes(turn, around);
  if (turn.state === "failed" || turn.state === "lost") return [faultOf(turn, around.sentences)];
  if (turn.state === "canceled") return stoppedNotes(turn);
  return turn.state === "completed" && turn.messages.some(({ state }) => state === "cut") ? [cutNote()] : [];
}

/**
 * A question that did not reach the server.
 * @param {Chat.Pending} pending
 * @param {Record<string, Chat.Sentence>} sentences
 * @returns {Note[]}
 */
export function notesOfPending(pending, sentences) {
  const { failure } = pending;
  if (!failure) return [];
  const told = sentences[failure.reason] ?? sentences.internal;
  const edit = { does: /** @type {const} */ ("compose"), label: gettext("Edit") };
  const retry = { does: /** @type {const} */ ("retry"), label: gettext("Send again") };
  if (failure.reason === "network") {
    const sentence = gettext("Not sent yet: the site cannot be reached.");
    const advice = gettext("It goes out by itself as soon as the connection is back.");
    return [{ kind: "calm", reason: "network", sentence, advice, buttons: [retry, edit] }];
  }
  return [
    {
      kind: "fault",
      reason: failure.reason,
      sentence: failure.sentence || (told?.sentence ?? gettext("The question was not sent.")),
      advice: failure.advice || told?.advice,
      buttons: [
        failure.reason === "signed_out" ? { does: "sign_in", label: gettext("Sign in") } : retry,
        edit,
      ],
    },
  ];
}

/** @param {Chat.Turn} turn @param {number} now @returns {Note} */
function queuedNote(turn, now) {
  if (!turn.is_busy) return { kind: "note", reason: "queued", sentence: gettext("Waiting for its turn."), buttons: [] };
  const isLong = turn.busy_since !== null && now - Date.parse(turn.busy_since) >= BUSY_MS;
  return {
    kind: isLong ? "fault" : "dots",
    reason: "busy",
    sentence: gettext("Another device is talking to this bot…"),
    advice: isLong ? gettext("The question is sent as soon as it is free.") : undefined,
    buttons: isLong ? [{ does: "fresh", label: gettext("Go on in a fresh conversation") }] : [],
  };
}

/** @param {Chat.Turn} turn @param {Surroundings} around @returns {Note[]} */
function movingNotes(turn, { isSilent }) {
  const stop = { does: /** @type {const} */ ("stop"), label: gettext("Stop") };
  if (isSilent) return [{ kind: "calm", reason: "silent", sentence: gettext("Still working…"), buttons: [stop] }];
  if (turn.state === "recovering") {
    return [{ kind: "dots", reason: "recovering", sentence: gettext("The connection to the bot broke. Fetching the answer…"), buttons: [] }];
  }
  const last = turn.messages.at(-1);
  if (last?.state === "streaming" && (last.text || last.reasoning)) return [];
  return [{ kind: "dots", reason: "moving", sentence: gettext("Answering…"), buttons: [] }];
}

/** @param {Chat.Turn} turn @param {Record<string, Chat.Sentence>} sentences @returns {Note} */
function faultOf(turn, sentences) {
  const error = turn.error ?? { reason: turn.state, code: "", message: "", log_id: "" };
  const told = sentences[error.reason] ?? sentences.failed ?? { sentence: gettext("The bot could not finish its answer."), advice: "", button: "again" };
  /** @type {NoteButton[]} */
  const buttons = [];
  if (told.button === "again" && !hasUnanswered(turn)) {
    buttons.push({ does: "again", label: turn.state === "lost" ? gettext("Send again") : gettext("Retry") });
  } else if (told.button === "fresh") {
    buttons.push({ does: "fresh", label: gettext("Go on in a fresh conversation") });
  }
  const detail = detailOf(error);
  if (detail) buttons.push({ does: "copy", label: gettext("Copy") });
  return { kind: "fault", reason: error.reason, sentence: told.sentence, advice: told.advice, detail, buttons };
}

/** @param {Chat.TurnError} error */
export function detailOf({ code, message, log_id }) {
  const parts = [
    code && interpolate(gettext("code %(code)s"), { code }, true),
    message,
    log_id && interpolate(gettext("log id %(id)s"), { id: log_id }, true),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @returns {Note} */
function cutNote() {
  return { kind: "note", reason: "cut", sentence: gettext("The bot reached a limit: its answer breaks off here."), buttons: [] };
}

/** @param {Chat.Turn} turn @returns {Note[]} */
function stoppedNotes(turn) {
  const again = { does: /** @type {const} */ ("compose"), label: gettext("Ask again") };
  if (turn.stop === "was_done") {
    return [{ kind: "calm", reason: "was_done", sentence: gettext("Stopped."), buttons: [{ does: "whole", label: gettext("Show the whole answer") }] }];
  }
  const sentence = turn.stop === "forgotten" ? gettext("Stopped. The bot will not remember this turn.") : gettext("Stopped.");
  // A card that nobody answered has the same button.
  return [{ kind: "calm", reason: turn.stop || "stopped", sentence, buttons: hasUnanswered(turn) ? [] : [again] }];
}

/** @param {Chat.Turn} turn @returns {boolean} then the card has a button to ask again */
function hasUnanswered(turn) {
  return turn.actions.some(({ state }) => UNANSWERED.has(state));
}
