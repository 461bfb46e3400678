/** What a press on a thumb or a reason means, and what is offered then. Pure. */

import { movingTurn } from "./turns.js";

/** @param {Chat.Turn} turn @returns {boolean} while a turn moves its answers may still change */
export function isRateable(turn) {
  return movingTurn([turn]) === undefined;
}

/**
 * A second press on a thumb takes the rating back, the other one changes it.
 * @param {Chat.Feedback | null} feedback
 * @param {Chat.Rating} pressed
 * @returns {Chat.Feedback | null} what it comes to; reasons that do not fit fall away
 */
export function pressed(feedback, pressed) {
  if (feedback?.rating === pressed) return null;
  const reasons = (feedback?.reasons ?? []).filter((reason) => fits(reason, pressed));
  return { rating: pressed, reasons, comment: feedback?.comment ?? "" };
}

/**
 * @param {Chat.Feedback} feedback
 * @param {Chat.Reason} reason
 * @returns {Chat.Feedback} with the reason if it was without, and the other way round
 */
export function toggled(feedback, reason) {
  const others = feedback.reasons.filter(({ id }) => id !== reason.id);
  const isGiven = others.length < feedback.reasons.length;
  return { ...feedback, reasons: isGiven ? others : [...others, reason] };
}

/**
 * @param {Chat.Reason[]} all that the site offers
 * @param {Chat.Feedback} feedback
 * @returns {Chat.Reason[]} those that fit, and those given before that are no longer offered
 */
export function offered(all, feedback) {
  const fitting = all.filter((reason) => fits(reason, feedback.rating));
  return [...fitting, ...feedback.reasons.filter(({ id }) => !fitting.some((one) => one.id === id))];
}

/** @param {Chat.Reason} reason @param {string} language of the page */
export function titleOfReason({ titles }, language) {
  return (language.startsWith("zh") ? titles.zh : titles.en) || titles.en || titles.zh;
}

/** @param {Chat.Reason} reason @param {Chat.Rating} rating */
function fits({ offered_for }, rating) {
  return offered_for === "both" || offered_for === rating;
}
