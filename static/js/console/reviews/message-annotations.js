/**
 * <message-annotations data-conversation data-message>: what operators remark on the message in whose element it
 * stands, and the form to remark on it or on the part of it that is selected. `data-item`: the review one is in, whose
 * scale counts (`data-scale`); there the whole message is judged beside it, so that only parts are annotated here.
 */

import { CommandFailed, createCommands } from "../../lib/commands.js";
import { csrfToken } from "../../lib/csrf.js";
import { make } from "../../lib/make.js";
import { across, foundAgain } from "../../lib/parts.js";
import { annotationCard } from "./annotation-card.js";
import { annotationForm, saidIn } from "./annotation-form.js";
import { mark } from "./highlights.js";
import { rangeOf, selectedIn, textIn } from "./text-range.js";

/**
 * @typedef {import("./annotation-card.js").Annotation} Annotation
 * @typedef {{annotations: Annotation[], labels: import("./annotation-card.js").Label[], scale: [number, number]}} Told
 */

const commands = createCommands({ fetch: (...args) => fetch(...args), csrfToken });
/** One question for the many messages of a conversation. @type {Map<string, Promise<Told>>} */
const asked = new Map();

/** @param {string} conversation @returns {Promise<Told>} */
function toldOf(conversation) {
  const known = asked.get(conversation) ?? commands.get(`/console/conversations/${conversation}/annotations/`);
  asked.set(conversation, known);
  return known;
}

export class MessageAnnotations extends HTMLElement {
  #source = "";
  /** @type {Told | null} */
  #told = null;
  /** Asked for before what there is had come: the form opens then. */
  #isWanted = false;
  /** @type {Annotation[]} */
  #here = [];
  /** The part that was selected last, in the source. @type {import("../../lib/parts.js").Part | null} */
  #part = null;
  /** Pressing the button ends a selection in some browsers: it still counts. */
  #isPressed = false;
  #watch = new MutationObserver(() => this.#mark());
  #list = make("ul", { class: "annotations", tabindex: "-1" });
  #add = make("button", { type: "button", class: "button button--small annotations__add" });
  #onSelection = () => this.#selected();
  #onRelease = () => void setTimeout(() => (this.#isPressed = false));

  connectedCallback() {
    const text = this.#text();
    if (!text) return;
    this.#source = (text.querySelector("pre") ?? text).textContent ?? "";
    this.#add.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#isPressed = true;
    });
    this.#add.addEventListener("click", () => this.#open(null));
    this.replaceChildren(this.#list, this.#add);
    this.#watch.observe(text, { childList: true, subtree: true });
    document.addEventListener("selectionchange", this.#onSelection);
    document.addEventListener("pointerup", this.#onRelease);
    this.addEventListener("click", (event) => this.#pressed(event));
    this.addEventListener("submit", (event) => void this.#save(event));
    this.#selected();
    void this.#load();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    document.removeEventListener("selectionchange", this.#onSelection);
    document.removeEventListener("pointerup", this.#onRelease);
    mark(this, []);
  }

  /** Annotate what is selected; whether something is. @returns {boolean} */
  annotatePart() {
    if (!this.#part) return false;
    this.#open(null);
    return true;
  }

  /** @returns {Element | null} where the message's text stands */
  #text() {
    const place = this.parentElement;
    return place?.querySelector(":scope > [data-text], :scope > shown-answer, :scope > .piece__plain") ?? null;
  }

  async #load() {
    try {
      this.#told = await toldOf(this.dataset.conversation ?? "");
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      this.#add.hidden = true;
      return;
    }
    this.#draw(this.#told.annotations.filter((one) => one.message === this.dataset.message));
    if (this.#isWanted) this.#open(null);
  }

  /** @param {Annotation[]} annotations */
  #draw(annotations) {
    this.#here = annotations;
    const shown = annotations.filter((one) => one.quote || !this.dataset.item || !one.is_mine);
    this.#list.replaceChildren(...shown.map((one) => annotationCard(one, Boolean(one.quote) && !this.#place(one))));
    this.#mark();
  }

  /** @param {Annotation} one */
  #place(one) {
    return one.start === null ? null : foundAgain(this.#source, one.quote, one.start);
  }

  #mark() {
    const text = this.#text();
    if (!text) return;
    const drawn = textIn(text);
    const ranges = this.#here.flatMap((one) => {
      const part = this.#place(one);
      const there = part && across(this.#source, part, drawn);
      return (there && rangeOf(text, there)) ?? [];
    });
    mark(this, ranges);
  }

  #selected() {
    if (this.#isPressed || this.querySelector("form")) return;
    const text = this.#text();
    const chosen = text && selectedIn(text);
    this.#part = chosen && text ? across(textIn(text), chosen, this.#source) : null;
    const isWhole = !this.#part;
    this.#add.hidden = isWhole && this.dataset.item !== undefined;
    this.#add.textContent = isWhole ? gettext("Annotate") : gettext("Annotate the selected part");
  }

  /** @param {Annotation | null} kept */
  #open(kept) {
    this.#isWanted = !this.#told;
    if (!this.#told) return;
    this.querySelector("form")?.remove();
    const mine = this.#here.find((one) => one.is_mine && !one.quote);
    const about = kept ?? (this.#part ? null : mine ?? null);
    const quote = about?.quote ?? (this.#part ? this.#source.slice(...this.#part) : "");
    const form = annotationForm({ labels: this.#told.labels, scale: this.#scale(), quote, kept: about });
    form.dataset.changes = about?.id ?? "";
    this.#add.before(form);
    this.#add.hidden = true;
    form.querySelector("input, textarea")?.scrollIntoView({ block: "nearest" });
    form.querySelector("textarea")?.focus();
  }

  /** @returns {[number, number]} */
  #scale() {
    const [least, most] = (this.dataset.scale ?? "").split("-").map(Number);
    return least && most ? [least, most] : (this.#told?.scale ?? [1, 5]);
  }

  #close() {
    this.querySelector("form")?.remove();
    this.#selected();
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-press]") : null;
    const one = this.#here.find((annotation) => annotation.id === button?.closest("[data-annotation]")?.getAttribute("data-annotation"));
    const wish = button?.getAttribute("data-press");
    if (wish === "cancel") {
      this.#close();
      this.#add.focus();
    }
    if (wish === "change" && one) this.#open(one);
    if (wish === "delete" && button instanceof HTMLButtonElement && one) this.#delete(button, one);
  }

  /** The first press asks, the second deletes. @param {HTMLButtonElement} button @param {Annotation} one */
  #delete(button, one) {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      button.textContent = gettext("Really delete");
      button.addEventListener("blur", () => {
        delete button.dataset.sure;
        button.textContent = gettext("Delete");
      }, { once: true });
      return;
    }
    void this.#send(`/console/annotations/${one.id}/delete/`, {}).catch((error) => this.#complain(error, button.parentElement));
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const changes = form.dataset.changes;
    const part = changes || !this.#part ? {} : { quote: this.#source.slice(...this.#part), start: this.#part[0], end: this.#part[1] };
    const item = this.dataset.item ? `?item=${this.dataset.item}` : "";
    const path = changes ? `/console/annotations/${changes}/${item}` : `/console/messages/${this.dataset.message}/annotations/${item}`;
    try {
      await this.#send(path, { ...saidIn(form), ...part });
    } catch (error) {
      this.#complain(error, form);
      return;
    }
    getSelection()?.removeAllRanges();
    this.#close();
    this.#list.focus();
  }

  /** @param {string} path @param {object} body */
  async #send(path, body) {
    const { annotations } = await commands.post(path, body);
    asked.delete(this.dataset.conversation ?? "");
    this.#draw(annotations);
  }

  /** @param {unknown} error @param {Element | null} place */
  #complain(error, place) {
    if (!(error instanceof CommandFailed)) throw error;
    const { sentence, advice } = error.failure;
    const words = sentence ? `${sentence} ${advice}`.trim() : gettext("That did not work. Nothing you wrote is lost; try again.");
    let line = place?.querySelector(".form__error");
    if (!line && place) {
      line = make("span", { class: "form__error", role: "alert" });
      place.append(line);
    }
    if (line) line.textContent = words;
  }
}

customElements.define("message-annotations", MessageAnnotations);
