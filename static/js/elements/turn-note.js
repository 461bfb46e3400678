/** What a turn says besides its question and answers, drawn (lib/turn-notes.js has the words). */

import { make } from "../lib/make.js";

/** @param {import("../lib/turn-notes.js").Note} note */
export function noteElement({ kind, reason, sentence, advice, detail, buttons }) {
  if (kind === "dots") return make("p", { class: "waiting-dots" }, sentence);
  if (kind === "note") return make("p", { class: "message__note" }, sentence);
  const element = make("div", { class: kind, "data-reason": reason }, make("p", { class: "fault__sentence" }, sentence));
  if (kind === "fault") element.setAttribute("role", "alert");
  if (advice) element.append(make("p", {}, advice));
  if (detail) element.append(make("p", { class: "fault__detail", dir: "auto" }, detail));
  const made = buttons.map(({ does, label }) =>
    make("button", { type: "button", class: "button button--small", "data-does": does }, label),
  );
  if (made.length) element.append(make("div", { class: "fault__buttons" }, ...made));
  return element;
}
