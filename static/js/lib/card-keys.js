/** What a key means while a card, but no field of it, has the focus; and Ctrl or Cmd with Enter anywhere in it. Pure. */

import { isSend } from "./keys.js";

/**
 * @typedef {import("./keys.js").KeyPress & {repeat: boolean}} CardPress
 * @typedef {{does: "submit" | "approve" | "decline"} | {does: "choose", index: number} | null} Deed
 */

/**
 * @param {CardPress} press
 * @param {{isInField: boolean, isApproval: boolean, hasOptions: boolean, isEarly: boolean}} card
 *   `isEarly`: the card took the focus by itself just now; a key may have been meant for the composer
 * @returns {Deed}
 */
export function deedOf(press, { isInField, isApproval, hasOptions, isEarly }) {
  const isSubmit = (press.ctrlKey || press.metaKey) && isSend(press, false);
  if (isSubmit) return { does: "submit" };
  // 229: Safari's word for a key that an input method has taken (M-023).
  const isPlain = !press.ctrlKey && !press.metaKey && !press.altKey && !press.isComposing && press.keyCode !== 229 && !press.repeat;
  if (!isPlain || isInField || isEarly) return null;
  if (hasOptions && /^[1-9]$/.test(press.key)) return { does: "choose", index: Number(press.key) - 1 };
  if (press.key === "a" && isApproval) return { does: "approve" };
  return press.key === "d" ? { does: "decline" } : null;
}
