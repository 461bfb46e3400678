/** The form of an annotation: of a whole message or of a part, new or changed. */

import { make } from "../../lib/make.js";

let count = 0;

/**
 * @param {object} about
 * @param {import("./annotation-card.js").Label[]} about.labels
 * @param {[number, number]} about.scale
 * @param {string} about.quote
 * @param {import("./annotation-card.js").Annotation | null} about.kept what it says already
 * @returns {HTMLFormElement}
 */
export function annotationForm({ labels, scale, quote, kept }) {
  count += 1;
  const form = make("form", { class: "annotation annotation--form", "aria-label": quote ? gettext("Annotate the part") : gettext("Annotate the message") });
  if (quote) form.append(make("blockquote", { class: "annotation__quote", dir: "auto" }, quote));
  const put = new Set(kept?.labels.map((label) => label.id));
  const offered = [...labels, ...(kept?.labels ?? []).filter((one) => !labels.some((label) => label.id === one.id))];
  if (offered.length) {
    const row = make("div", { class: "verdict__labels" }, ...offered.map((label) => choice("checkbox", "labels", label.id, label.title, put.has(label.id), label.colour)));
    form.append(make("fieldset", { class: "verdict__group" }, make("legend", {}, gettext("Labels")), row));
  }
  form.append(scores(scale, kept?.score ?? null));
  form.append(...words("note", gettext("Note"), kept?.note ?? "", 2), ...words("better_answer", gettext("Better answer (Markdown)"), kept?.better_answer ?? "", 3));
  const save = make("button", { type: "submit", class: "button button--primary button--small" }, gettext("Save"));
  const cancel = make("button", { type: "button", class: "button button--small", "data-press": "cancel" }, gettext("Cancel"));
  form.append(make("p", { class: "form__error", role: "alert" }), make("p", { class: "annotation__presses" }, save, cancel));
  return form;
}

/** @param {HTMLFormElement} form what the server takes */
export function saidIn(form) {
  const data = new FormData(form);
  const score = String(data.get("score") ?? "");
  return {
    labels: data.getAll("labels").map(String),
    score: score ? Number(score) : null,
    note: String(data.get("note") ?? ""),
    better_answer: String(data.get("better_answer") ?? ""),
  };
}

/** @param {[number, number]} scale @param {number | null} chosen */
function scores([least, most], chosen) {
  const steps = Array.from({ length: most - least + 1 }, (_, step) => String(least + step));
  const row = make("div", { class: "verdict__scores" }, ...steps.map((step) => choice("radio", "score", step, step, String(chosen) === step)));
  row.append(choice("radio", "score", "", gettext("none"), chosen === null));
  return make("fieldset", { class: "verdict__group" }, make("legend", {}, gettext("Score")), row);
}

/** @param {string} type @param {string} name @param {string} value @param {string} title @param {boolean} isOn @param {string} [colour] */
function choice(type, name, value, title, isOn, colour) {
  const input = make("input", { type, name, value });
  input.checked = isOn;
  const attributes = { class: colour === undefined ? "score" : "label", ...(colour === undefined ? {} : { "data-colour": colour }) };
  return make("label", attributes, input, " ", make("span", {}, title));
}

/** @param {string} name @param {string} title @param {string} text @param {number} rows */
function words(name, title, text, rows) {
  const id = `annotation-${count}-${name}`;
  const field = make("textarea", { id, name, class: "field", rows: String(rows), dir: "auto" });
  field.value = text;
  return [make("label", { for: id, class: "annotation__field" }, title), field];
}
