/** Which files may go with a question, told before they are uploaded. Knows no document; the server checks again. */

import { sizeWords } from "./uploading.js";

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const DOCUMENTS = new Set(["doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "numbers", "csv", "cpp", "py", "java", "c"]);
const ARCHIVES = new Set(["rar", "zip", "7z", "gz", "gzip", "bz2"]);
const VIDEOS = new Set(["mp4", "avi", "mov", "3gp", "3gpp", "flv", "webm", "wmv", "rmvb", "m4v", "mkv"]);
const SOUNDS = new Set(["wav", "mp3", "flac", "m4a", "aac", "ogg", "wma", "midi"]);

/**
 * @typedef {object} Rules
 * @property {Chat.FileKind[]} kinds the bot takes; none: no files
 * @property {number} most files with one question
 * @property {string[]} types extensions
 * @property {number} maxBytes
 */

/** @param {string} name @returns {string} as it reads: no controls, nothing that changes the direction */
export function plainName(name) {
  return name.replace(UNSEEN, "").trim() || "file";
}

/** @param {string} name @returns {string} in lower case, "" for none */
export function extensionOf(name) {
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** @param {string} name @returns {Chat.FileKind} by its name: what is in it the server finds out */
export function kindByName(name) {
  const extension = extensionOf(name);
  if (DOCUMENTS.has(extension)) return "document";
  if (ARCHIVES.has(extension)) return "other";
  if (VIDEOS.has(extension)) return "video";
  return SOUNDS.has(extension) ? "audio" : "image";
}

/**
 * @param {{name: string, size: number}} file
 * @param {Rules} rules
 * @param {string} [language]
 * @returns {string} why it cannot go, naming the file and the limit; "" when it can
 */
export function objectionTo({ name: given, size }, { kinds, types, maxBytes }, language) {
  const name = plainName(given);
  const say = (/** @type {string} */ sentence, more = {}) => interpolate(sentence, { name, ...more }, true);
  if (!kinds.length) return gettext("This bot takes no files.");
  if (!types.includes(extensionOf(name))) return say(gettext("%(name)s: the bot's service takes no such files."));
  const kind = kindByName(name);
  if (!kinds.includes(kind)) return say(gettext("%(name)s: this bot takes only %(kinds)s."), { kinds: kindWords(kinds, language) });
  if (size === 0) return say(gettext("%(name)s is empty."));
  if (size > maxBytes) return say(gettext("%(name)s is larger than %(limit)s."), { limit: sizeWords(maxBytes, language) });
  return "";
}

/** @param {string} name @param {number} most @returns {string} */
export function tooMany(name, most) {
  const sentence = ngettext("%(name)s is left out: at most %(count)s file goes with a question.", "%(name)s is left out: at most %(count)s files go with a question.", most);
  return interpolate(sentence, { name: plainName(name), count: most }, true);
}

/** @param {Chat.FileKind[]} kinds @param {string} [language] */
function kindWords(kinds, language) {
  const words = { image: gettext("pictures"), document: gettext("documents"), audio: gettext("sound"), video: gettext("videos"), other: gettext("anything else") };
  return new Intl.ListFormat(language, { type: "conjunction" }).format(kinds.map((kind) => words[kind]));
}

/**
 * @param {Chat.Attachment} file
 * @param {number} now ms since 1970
 */
export function isExpired(file, now) {
  return Date.parse(file.expires_at) <= now;
}
