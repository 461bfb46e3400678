/** How tool calls and questions are put into words, and what is typed into values. */

/** @param {Chat.Action} action @returns {string} the card's name: begins "Tool call" or "Question" */
export function titleOf(action) {
  if (action.kind === "question") return gettext("Question");
  return interpolate(gettext("Tool call: %(name)s"), { name: action.name }, true);
}

/** @param {Chat.Action["state"]} state */
export function stateLabel(state) {
  switch (state) {
    case "pending": return gettext("waiting for you");
    case "ready": return gettext("answer saved");
    case "submitting": return gettext("submitting");
    case "answered": return gettext("answered");
    case "declined": return gettext("declined");
    case "expired": return gettext("expired");
    case "canceled": return gettext("canceled");
    case "superseded": return gettext("no longer needed");
  }
}

/** @param {string} source JSON, or what a model took for it @returns {string} laid out if it can be read */
export function argumentsOf(source) {
  try {
    return JSON.stringify(JSON.parse(source), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return source;
    throw error;
  }
}

/**
 * @param {Chat.Field} field
 * @param {string} text
 * @returns {string | number | boolean} the text itself where it is no value of the field's type: the bot says why
 */
export function typedValue(field, text) {
  const trimmed = text.trim();
  if (field.type === "boolean" && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true";
  const isNumber = field.type === "integer" || field.type === "number";
  return isNumber && trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

/** @param {Chat.Field | undefined} field @returns {string} what stands in the field before anything is typed */
export function defaultText(field) {
  const value = field?.default ?? "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
