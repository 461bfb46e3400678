/**
 * Shortcut commands of a bot (M-028): which there are, what each asks for, the question it makes. Pure. The server
 * makes the question anew (chatweb/turns/shortcuts.py); this one is shown until its word comes.
 */

const SLOT = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** @param {Chat.Shortcut} shortcut @returns {[string, Record<string, any>][]} names and schemas of what is asked for */
function askedOf({ schema }) {
  return Object.entries(schema?.properties ?? {});
}

/** @param {Chat.Shortcut} shortcut */
function needsFile(shortcut) {
  return askedOf(shortcut).some(([name, { format }]) => format === "file" && shortcut.schema?.required?.includes(name));
}

/**
 * A file goes to a conversation: before there is one, what cannot do without is not offered.
 * @param {Chat.Bot | undefined} bot
 * @param {boolean} hasConversation
 * @returns {Chat.Shortcut[]}
 */
export function usableShortcuts(bot, hasConversation) {
  return (bot?.shortcuts ?? []).filter((one) => hasConversation || !needsFile(one));
}

/**
 * @param {Chat.Shortcut} shortcut
 * @param {Record<string, unknown>} values of its fields; a file's is its name here
 * @returns {string}
 */
export function questionOf(shortcut, values) {
  const known = { ...defaultsOf(shortcut), ...given(values), ...shortcut.hidden };
  return shortcut.template.replace(SLOT, (slot, /** @type {string} */ name) => (Object.hasOwn(known, name) ? String(known[name]) : slot)).trim();
}

/** @param {Chat.Shortcut} shortcut @returns {Record<string, unknown>} "" for what has none */
function defaultsOf(shortcut) {
  return Object.fromEntries(askedOf(shortcut).map(([name, field]) => [name, field.default ?? ""]));
}

/** @param {Record<string, unknown>} values @returns {Record<string, unknown>} without what says nothing */
function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined && value !== null));
}

/**
 * What "/" and more letters in an otherwise empty composer look for.
 * @param {string} text
 * @returns {string | null} null when the text is no such search
 */
export function searchIn(text) {
  const found = /^\/([^\n/]{0,40})$/.exec(text);
  return found ? (found[1] ?? "").trim().toLocaleLowerCase() : null;
}

/**
 * Those whose command, or a word of whose name, begins so; the command's first.
 * @param {Chat.Shortcut[]} shortcuts
 * @param {string} search in lower case
 * @returns {Chat.Shortcut[]}
 */
export function matching(shortcuts, search) {
  const byCommand = shortcuts.filter(({ command }) => command.toLocaleLowerCase().startsWith(search));
  const byName = shortcuts.filter((one) => !byCommand.includes(one) && hasWord(one.name.toLocaleLowerCase(), search));
  return [...byCommand, ...byName];
}

/** @param {string} name @param {string} search Chinese has no blanks between words: there anywhere will do */
function hasWord(name, search) {
  return /[^\x00-\x7f]/.test(search) ? name.includes(search) : name.split(/[\s_-]+/).some((word) => word.startsWith(search)) || name.startsWith(search);
}
