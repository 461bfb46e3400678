/** One annotation as it is read: who, about what, labels, score, note, better answer. */

import { make } from "../../lib/make.js";

/**
 * @typedef {{id: string, title: string, colour: string}} Label
 * @typedef {object} Annotation
 * @property {string} id
 * @property {string} message
 * @property {string} author
 * @property {boolean} is_mine
 * @property {string} quote "" is about the whole message
 * @property {number | null} start
 * @property {number | null} end
 * @property {Label[]} labels
 * @property {number | null} score
 * @property {string} better_answer
 * @property {string} note
 * @property {string} created_at
 * @property {string} changed_at
 */

/**
 * @param {Annotation} one
 * @param {boolean} isGone its part is no longer in the text
 * @returns {HTMLElement}
 */
export function annotationCard(one, isGone) {
  const card = make("li", { class: "annotation", "data-annotation": one.id });
  card.append(about(one));
  if (one.quote) card.append(quoted(one, isGone));
  if (one.labels.length || one.score !== null) card.append(judged(one));
  if (one.note) card.append(make("p", { class: "annotation__note", dir: "auto" }, one.note));
  if (one.better_answer) {
    const better = make("details", { class: "annotation__better" }, make("summary", {}, gettext("Better answer")));
    better.append(make("div", { class: "annotation__answer", dir: "auto" }, one.better_answer));
    card.append(better);
  }
  if (one.is_mine) {
    const change = make("button", { type: "button", class: "button button--link", "data-press": "change" }, gettext("Change"));
    const remove = make("button", { type: "button", class: "button button--link", "data-press": "delete" }, gettext("Delete"));
    card.append(make("p", { class: "annotation__presses" }, change, remove));
  }
  return card;
}

/** @param {Annotation} one */
function about(one) {
  const at = new Date(one.changed_at);
  const words = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const isChanged = one.changed_at !== one.created_at && at.getTime() - Date.parse(one.created_at) > 1000;
  const time = make("time", { datetime: one.changed_at }, isChanged ? interpolate(gettext("changed %(time)s"), { time: words }, true) : words);
  return make("p", { class: "annotation__about" }, make("strong", {}, one.author), " ", time);
}

/** @param {Annotation} one @param {boolean} isGone */
function quoted(one, isGone) {
  const quote = make("blockquote", { class: "annotation__quote", dir: "auto" }, one.quote);
  if (isGone) quote.append(" ", make("span", { class: "chip chip--warn" }, gettext("no longer in the text")));
  return quote;
}

/** @param {Annotation} one */
function judged(one) {
  const row = make("p", { class: "annotation__labels" });
  for (const label of one.labels) row.append(make("span", { class: "label", "data-colour": label.colour }, label.title), " ");
  if (one.score !== null) row.append(make("span", { class: "chip" }, interpolate(gettext("score %(score)s"), { score: one.score }, true)));
  return row;
}
