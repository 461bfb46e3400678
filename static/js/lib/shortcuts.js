/**
 * The page's keyboard shortcuts (M-109): one table, what a key press means by it, and how a person rebinds it. Pure.
 *
 * Keys are written "Mod+Shift+O": modifiers in the order Mod (Ctrl, on a Mac ⌘), Ctrl (a Mac's), Alt, Shift, and the
 * key as the browser names it, letters as capitals. "" is no key.
 */

/**
 * @typedef {"new-chat" | "open-palette" | "show-shortcuts" | "open-settings" | "toggle-sidebar" | "previous-conversation" |
 *   "next-conversation" | "focus-composer" | "stop" | "regenerate-last" | "copy-last-answer" | "copy-last-code" |
 *   "read-last-answer" | "next-card"} Action
 * @typedef {{action: Action, group: "places" | "asking" | "answers", keys: string}} Shortcut
 * @typedef {{is_off?: boolean, single_off?: boolean, keys?: Record<string, string>}} Choices what a person changed
 * @typedef {import("./keys.js").KeyPress & {code: string, repeat: boolean}} Press
 */

/** @type {readonly Shortcut[]} */
export const SHORTCUTS = [
  { action: "new-chat", group: "places", keys: "Mod+Shift+O" },
  { action: "open-palette", group: "places", keys: "Mod+K" },
  { action: "toggle-sidebar", group: "places", keys: "Mod+Shift+S" },
  { action: "previous-conversation", group: "places", keys: "Alt+ArrowUp" },
  { action: "next-conversation", group: "places", keys: "Alt+ArrowDown" },
  { action: "open-settings", group: "places", keys: "Mod+." },
  { action: "show-shortcuts", group: "places", keys: "Mod+/" },
  { action: "focus-composer", group: "asking", keys: "Shift+Escape" },
  { action: "stop", group: "asking", keys: "Escape" },
  { action: "regenerate-last", group: "asking", keys: "Mod+Shift+Enter" },
  { action: "next-card", group: "asking", keys: "." },
  { action: "copy-last-answer", group: "answers", keys: "Mod+Shift+C" },
  { action: "copy-last-code", group: "answers", keys: "Mod+Shift+;" },
  { action: "read-last-answer", group: "answers", keys: "Mod+Shift+L" },
];

const MODIFIERS = ["Control", "Meta", "Alt", "Shift", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified", "Fn", "OS"];
/** Where a key lies is what counts when the layout writes other letters. */
const BY_CODE = /^(?:Key([A-Z])|Digit(\d))$/;
const SIGNS = /** @type {Record<string, string>} */ ({ Semicolon: ";", Slash: "/", Period: ".", Comma: ",", Quote: "'", BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=", Backslash: "\\" });
/** What browsers keep for themselves, whatever a page says. */
const KEPT = new Set(["Mod+T", "Mod+N", "Mod+W", "Mod+Q", "Mod+Shift+T", "Mod+Shift+N", "Mod+Shift+W", "Mod+Tab", "Mod+Shift+Tab"]);
/** Keys without which nobody finds the way about, or writes. */
const PLAIN = new Set(["Tab", "Shift+Tab", "Enter", "Space", "Backspace", "Delete", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/**
 * @param {Press} press
 * @param {boolean} isMac
 * @returns {string[]} the ways to write it, most exact first; empty for a modifier alone or a key of an input method
 */
export function writtenKeys(press, isMac) {
  // 229: Safari's word for a key that an input method has taken (M-023).
  if (press.isComposing || press.keyCode === 229 || MODIFIERS.includes(press.key)) return [];
  const sign = press.key === " " ? "Space" : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const byCode = BY_CODE.exec(press.code);
  const placed = byCode ? (byCode[1] ?? byCode[2]) : SIGNS[press.code];
  const isLetter = /^\p{L}$/u.test(sign);
  const ways = [write(press, sign, press.shiftKey, isMac)];
  // A sign may need Shift to be typed at all: "/" on a German keyboard.
  if (press.shiftKey && sign.length === 1 && !isLetter) ways.push(write(press, sign, false, isMac));
  if (placed && !/^[A-Z]$/.test(sign)) ways.push(write(press, placed, press.shiftKey, isMac));
  return [...new Set(ways)];
}

/** @param {Press} press @param {string} key @param {boolean} hasShift @param {boolean} isMac */
function write({ ctrlKey, metaKey, altKey }, key, hasShift, isMac) {
  const parts = [(isMac ? metaKey : ctrlKey) && "Mod", isMac && ctrlKey && "Ctrl", !isMac && metaKey && "Meta", altKey && "Alt", hasShift && "Shift", key];
  return parts.filter(Boolean).join("+");
}

/** @param {string} keys @returns {boolean} one sign without Ctrl, ⌘ or Alt: who dictates may say it by chance (WCAG 2.1.4) */
export function isSingle(keys) {
  return /^(?:Shift\+)?(?:.|Space)$/u.test(keys);
}

/** @param {string} keys @param {boolean} isMac @returns {boolean} whether a field would take them as text, or to move in it */
export function types(keys, isMac) {
  return isSingle(keys) || PLAIN.has(keys) || (isMac && /^Alt\+(?:Shift\+)?(?:.|Arrow\w+)$/u.test(keys));
}

/** @param {Choices} choices @returns {Map<Action, string>} every action's keys, "" where somebody took them away */
export function bindings({ keys = {} }) {
  return new Map(SHORTCUTS.map(({ action, keys: usual }) => [action, keys[action] ?? usual]));
}

/**
 * What a press means.
 * @param {Press} press
 * @param {{choices: Choices, isMac: boolean, isTyping: boolean}} around whether the focus is where one types
 * @returns {Action | null}
 */
export function actionOf(press, { choices, isMac, isTyping }) {
  if (choices.is_off || press.repeat) return null;
  const bound = [...bindings(choices)];
  for (const keys of writtenKeys(press, isMac)) {
    if ((isTyping && types(keys, isMac)) || (choices.single_off && isSingle(keys))) continue;
    const found = bound.find(([, own]) => own === keys);
    if (found) return found[0];
  }
  return null;
}

/**
 * Why an action cannot have these keys.
 * @param {Choices} choices
 * @param {Action} action
 * @param {string} keys
 * @returns {{kind: "taken", by: Action} | {kind: "kept"} | {kind: "needed"} | null}
 */
export function objectionTo(choices, action, keys) {
  if (keys === "") return null;
  const taken = [...bindings(choices)].find(([other, own]) => own === keys && other !== action);
  if (taken) return { kind: "taken", by: taken[0] };
  if (KEPT.has(keys)) return { kind: "kept" };
  return PLAIN.has(keys) ? { kind: "needed" } : null;
}

/** @param {Choices} choices @param {Action} action @param {string | null} keys null: the usual ones @returns {Choices} */
export function rebound(choices, action, keys) {
  const { [action]: _before, ...others } = choices.keys ?? {};
  const isUsual = keys === null || SHORTCUTS.some((one) => one.action === action && one.keys === keys);
  return { ...choices, keys: isUsual ? others : { ...others, [action]: keys } };
}

/** @param {string} keys @param {boolean} isMac @returns {string[]} as the caps of a keyboard say it */
export function caps(keys, isMac) {
  const names = /** @type {Record<string, string>} */ ({
    Mod: isMac ? "⌘" : "Ctrl", Ctrl: isMac ? "⌃" : "Ctrl", Meta: "⊞", Alt: isMac ? "⌥" : "Alt", Shift: "⇧", Escape: "Esc",
    ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Enter: "↵",
  });
  const parts = keys === "+" || keys.endsWith("++") ? [...keys.slice(0, -1).split("+").filter(Boolean), "+"] : keys.split("+");
  return parts.filter(Boolean).map((part) => names[part] ?? part);
}
