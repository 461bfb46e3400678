/**
 * Reads what is no plain text: cards and object_strings (wire-chat 2, wire-workflows 3.2). Cards are layouts for
 * Coze's own programs; what a person can read of one is looked for in its JSON, wherever it stands. Pure.
 */

/**
 * @typedef {{url: string, name: string, size: number | null}} Found
 * @typedef {object} Summary
 * @property {string} title
 * @property {string[]} texts Markdown of an object_string, plain words of a card
 * @property {string[]} buttons
 * @property {Found[]} pictures
 * @property {Found[]} files
 */

const [MOST_DEPTH, MOST_FOUND, MOST_CHARS] = [12, 60, 4_000];
const TITLE = /^(?:card_?)?(?:title|headline|header)$/i;
const WORDS = /^(?:text|content|description|desc|subtitle|sub_title|label|value|summary|body|message|question|defaultvalue|plain_text)$/i;
const BUTTONS = /^(?:buttons|actions|options|choices|list)$/i;
const BUTTON_WORDS = ["text", "label", "name", "title", "content", "key"];
const PICTURE = /^(?:image|img|picture|cover|icon|thumbnail|avatar|logo)(?:_?ur[il]|_?src)?$/i;
const LINK = /^(?:url|link|href|file_?url|jump_?url|src)$/i;
const WEB = /^https?:\/\//i;

/** @param {{content_type: string, text: string}} message @returns {Summary | null} null for what is no JSON */
export function summaryOf({ text }) {
  const content = parsed(text);
  if (typeof content !== "object" || content === null) return null;
  /** @type {Summary} */
  const summary = { title: "", texts: [], buttons: [], pictures: [], files: [] };
  if (Array.isArray(content) && content.every((item) => typeof item?.type === "string")) readItems(content, summary);
  else read(innerCard(content), "", summary, 0);
  return summary;
}

/** @param {Summary} summary @returns {string} for the clipboard */
export function summaryText({ title, texts, buttons, pictures, files }) {
  const links = [...pictures, ...files].map(({ name, url }) => `[${name || url}](${url})`);
  return [title, ...texts, ...buttons.map((button) => `- ${button}`), ...links].filter(Boolean).join("\n\n");
}

/** @param {Record<string, any>[]} items of an object_string @param {Summary} summary */
function readItems(items, summary) {
  for (const item of items.slice(0, MOST_FOUND)) {
    const url = String(item["file_url"] ?? item["url"] ?? "");
    const size = Number.isFinite(item["size"]) ? Number(item["size"]) : null;
    const found = { url: WEB.test(url) ? url : "", name: String(item["name"] ?? "").slice(0, 200), size };
    if (typeof item["text"] === "string") summary.texts.push(item["text"]);
    else if (item["type"] === "image" && found.url) summary.pictures.push(found);
    else if (found.url || found.name) summary.files.push(found);
  }
}

/** Chatflows say in here what their card is about; the rest is layout. @param {any} content */
function innerCard(content) {
  const info = parsed(content?.x_properties?.workflow_card_info);
  return typeof info === "object" && info !== null ? info : content;
}

/** @param {unknown} value @param {string} key under which it stands @param {Summary} summary @param {number} depth @returns {void} */
function read(value, key, summary, depth) {
  if (depth > MOST_DEPTH) return;
  if (typeof value === "string") return readText(value, key, summary, depth);
  if (Array.isArray(value)) {
    if (BUTTONS.test(key)) for (const one of value) readButton(one, summary);
    else for (const one of value) read(one, key, summary, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    if (isButton(value)) return readButton(value, summary);
    // "title": {"content": "…"} is a title too.
    for (const [name, one] of Object.entries(value)) read(one, TITLE.test(key) && WORDS.test(name) ? key : name, summary, depth + 1);
  }
}

/** @param {string} text @param {string} key @param {Summary} summary @param {number} depth @returns {void} */
function readText(text, key, summary, depth) {
  const inner = /^\s*[[{]/.test(text) ? parsed(text) : null;
  if (typeof inner === "object" && inner !== null) return read(inner, key, summary, depth + 1);
  const words = text.trim().slice(0, MOST_CHARS);
  if (!words) return;
  const found = { url: words, name: "", size: null };
  if (WEB.test(words)) {
    if (PICTURE.test(key)) add(summary.pictures, found, summary.pictures.some(({ url }) => url === words));
    else if (LINK.test(key)) add(summary.files, found, summary.files.some(({ url }) => url === words));
  } else if (TITLE.test(key) && !summary.title) summary.title = words;
  else if (TITLE.test(key) || WORDS.test(key)) add(summary.texts, words, words === summary.title || summary.texts.includes(words));
}

/** @param {object} value */
function isButton(value) {
  const kind = /** @type {Record<string, unknown>} */ (value)["type"] ?? /** @type {Record<string, unknown>} */ (value)["tag"];
  return typeof kind === "string" && /button/i.test(kind);
}

/** @param {unknown} value @param {Summary} summary */
function readButton(value, summary) {
  const words = buttonWords(value);
  if (words) add(summary.buttons, words.slice(0, 200), summary.buttons.includes(words));
}

/** @param {unknown} value @returns {string} */
function buttonWords(value) {
  if (typeof value === "string") return value.trim();
  if (typeof value !== "object" || value === null) return "";
  const parts = /** @type {Record<string, unknown>} */ (value);
  const inner = BUTTON_WORDS.map((name) => parts[name]).find((one) => one !== undefined && one !== "");
  return inner === undefined ? "" : buttonWords(inner);
}

/** @template Item @param {Item[]} list @param {Item} item @param {boolean} isKnown */
function add(list, item, isKnown) {
  if (!isKnown && list.length < MOST_FOUND) list.push(item);
}

/** @param {unknown} text @returns {any} undefined for what is no JSON; JSON in JSON is read too */
export function parsed(text) {
  if (typeof text !== "string") return text;
  try {
    const value = JSON.parse(text);
    return typeof value === "string" && /^\s*[[{]/.test(value) ? parsed(value) : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
