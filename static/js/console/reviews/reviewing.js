/**
 * The entry of the review page: one item at a time without the mouse. The server draws every item; without this file
 * the page is a form with buttons. What is written stays in this browser until the server has it.
 */

import "../../lib/i18n.js";
import { csrfToken } from "../../lib/csrf.js";
import { createDrafts } from "../../lib/drafts.js";
import { Latest } from "../../lib/search-page.js";
import { meaningOf } from "../../lib/review-keys.js";
import { MessageAnnotations } from "./message-annotations.js";
import "../shown-answer.js";
import { glance } from "../links.js";
import { filled, valuesOf } from "./verdict.js";

const status = /** @type {HTMLElement} */ (document.getElementById("review-said"));
const failure = /** @type {HTMLElement} */ (document.getElementById("review-failure"));
const help = /** @type {HTMLDialogElement} */ (document.getElementById("review-help"));
const drafts = createDrafts(() => localStorage, "reviews");
const latest = new Latest();
let isMoving = false;

function review() {
  return /** @type {HTMLElement} */ (document.getElementById("review"));
}

function verdict() {
  return /** @type {HTMLFormElement} */ (document.getElementById("verdict"));
}

function itemId() {
  return review().dataset.item ?? "";
}

/** @param {string} sentence */
function say(sentence) {
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = sentence));
}

/** @param {string} sentence "" hides it */
function complain(sentence) {
  failure.textContent = sentence;
  failure.hidden = !sentence;
}

/**
 * Keep what is written and go where the wish leads.
 * @param {string} wish a value of `move`
 */
async function move(wish) {
  if (isMoving) return;
  const unsaved = review().querySelector(".annotation--form");
  if (unsaved) {
    complain(gettext("Save or cancel the annotation you are writing first."));
    unsaved.querySelector("textarea")?.focus();
    return;
  }
  isMoving = true;
  const form = verdict();
  const fields = new FormData(form);
  fields.set("move", wish);
  const here = itemId();
  hold(form, true);
  try {
    const url = await sent(form.action, fields);
    drafts.write(here, "");
    complain("");
    await arrive(url, here, wish);
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Refusal)) throw error;
    const sentence = error instanceof Refusal ? error.message : gettext("That did not work. Nothing you wrote is lost; try again.");
    complain(sentence);
  } finally {
    isMoving = false;
    hold(verdict(), false);
  }
}

class Refusal extends Error {}

/** @param {string} action @param {FormData} fields @returns {Promise<string>} where to go */
async function sent(action, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const answer = await fetch(action, { method: "POST", body: fields, headers });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return String(told.url);
  if (!told.error) throw new TypeError(`review: ${answer.status}`);
  throw new Refusal(`${told.error.sentence} ${told.error.advice ?? ""}`.trim());
}

/** @param {string} url @param {string} here the item that was left @param {string} wish */
async function arrive(url, here, wish) {
  if (url.includes(here)) return void say(wish === "save" ? gettext("Saved.") : gettext("There is no other item."));
  if (!url.includes("/items/")) return location.assign(url);
  if (await show(url)) history.pushState(null, "", url);
}

/** Draws another item in the place of this one. @param {string} url @returns {Promise<boolean>} */
async function show(url) {
  const isWanted = latest.ask();
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (answer.redirected) location.reload();
  if (!answer.ok) throw new TypeError(`review: ${answer.status}`);
  const came = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = came.getElementById("review");
  if (!isWanted() || !next) return false;
  review().replaceWith(document.adoptNode(next));
  document.title = came.title;
  begin();
  scrollTo({ top: 0 });
  const title = /** @type {HTMLElement} */ (document.getElementById("review-title"));
  title.focus({ preventScroll: true });
  say([title.textContent, review().querySelector(".reviews__up")?.textContent].join(". ").replace(/\s+/g, " "));
  return true;
}

/** While it is on its way nothing can be typed that would not be sent. @param {HTMLFormElement} form @param {boolean} isHeld */
function hold(form, isHeld) {
  form.toggleAttribute("data-held", isHeld);
  form.setAttribute("aria-busy", String(isHeld));
  for (const field of form.querySelectorAll("textarea")) field.readOnly = isHeld;
}

/** A new item is on the page: its draft, its buttons. */
function begin() {
  const kept = drafts.read(itemId());
  if (kept && kept !== valuesOf(verdict())) {
    filled(verdict(), kept);
    say(gettext("What you had not saved is here again."));
  }
  const keys = review().querySelector("[data-press=help]");
  if (keys instanceof HTMLElement) keys.hidden = false;
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (document.querySelector("dialog[open]")) return;
  const at = event.target instanceof Element ? event.target : document.body;
  const meaning = meaningOf(event, {
    isTyping: at.matches("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]"),
    isChoosing: at.matches("[type=radio]"),
    digits: review().dataset.digits === "score" ? "score" : "labels",
    hasSingleKeys: review().dataset.keys === "on",
  });
  if (!meaning) return;
  const inner = at.closest(".annotation--form");
  if (inner instanceof HTMLFormElement) {
    // Its own form: the same keys, for the part.
    if (meaning.wish !== "done") return;
    event.preventDefault();
    inner.requestSubmit();
    return;
  }
  if (obey(meaning)) event.preventDefault();
}

/** @param {import("../../lib/review-keys.js").Meaning} meaning @returns {boolean} whether it meant something here */
function obey(meaning) {
  const form = verdict();
  switch (meaning.wish) {
    case "label": return press(form.querySelectorAll("[name=labels]")[meaning.number - 1]);
    case "score": return press(form.querySelectorAll("[name=score]")[meaning.number - 1]);
    case "note": return focus(form.querySelector("[name=note]"));
    case "better": return focus(form.querySelector("[name=better_answer]"));
    case "leave": return focus(document.getElementById("review-title"));
    case "help": help.showModal(); return true;
    case "part": return annotatePart();
    default: return walk(meaning.wish);
  }
}

/** @returns {boolean} always true: who has selected nothing is told */
function annotatePart() {
  const open = [...review().querySelectorAll("message-annotations")].some((one) => one instanceof MessageAnnotations && one.annotatePart());
  if (!open) say(gettext("Select a part of the answer first."));
  return true;
}

/** A button that is not offered cannot be pressed by a key either. @param {string} wish */
function walk(wish) {
  if (!verdict().querySelector(`[name=move][value="${wish}"]`)) return false;
  void move(wish);
  return true;
}

/** @param {Element | null | undefined} input a checkbox or radio button: a score that is pressed again goes */
function press(input) {
  if (!(input instanceof HTMLInputElement)) return false;
  const again = input.type === "radio" && input.checked;
  const pressed = again ? verdict().querySelector('[name=score][value=""]') : input;
  if (pressed instanceof HTMLInputElement) pressed.click();
  const name = input.closest("label")?.querySelector("span")?.textContent ?? "";
  say(interpolate(input.checked ? gettext("%(name)s: set") : gettext("%(name)s: taken away"), { name }, true));
  return true;
}

/** @param {Element | null} field */
function focus(field) {
  if (!(field instanceof HTMLElement)) return false;
  field.focus();
  return true;
}

document.addEventListener("click", glance);
document.addEventListener("keydown", pressed);
document.addEventListener("input", (event) => {
  if (event.target instanceof Element && event.target.closest("#verdict")) drafts.write(itemId(), valuesOf(verdict()));
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "verdict") return;
  event.preventDefault();
  const wish = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "save";
  void move(wish || "save");
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-press=help]")) help.showModal();
});
addEventListener("popstate", () => void show(location.href).catch(() => location.reload()));
begin();
