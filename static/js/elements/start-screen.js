/** Shown while no conversation is open: the chosen bot's words of welcome and its suggested questions. */

import { make } from "../lib/make.js";
import { simpleParagraphs } from "../lib/simple-markdown.js";
import { BotPicker } from "./bot-picker.js";
import { StartBackdrop } from "./start-backdrop.js";

export class StartScreen extends HTMLElement {
  /** @type {Chat.Page | null} */
  #page = null;
  #backdrop = new StartBackdrop(this);

  connectedCallback() {
    this.addEventListener("choose-bot", () => this.#welcome());
    this.addEventListener("click", (event) => this.#clicked(event));
  }

  /** @param {Chat.Page} page */
  set page(page) {
    this.#page = page;
    page.store.subscribe(() => this.#draw());
    this.#draw();
    this.#welcome();
  }

  get #bot() {
    const picker = this.querySelector("bot-picker");
    const id = picker instanceof BotPicker ? picker.bot : null;
    return this.#page?.store.get().bots.find((bot) => bot.id === id);
  }

  /** Away as soon as the first question is on its way, so that it is seen in the log. */
  #draw() {
    const state = this.#page?.store.get();
    if (state) this.hidden = state.conversation !== null || state.pending.some((one) => one.conversation === null);
  }

  #welcome() {
    const bot = this.#bot;
    if (!bot) return;
    const prologue = make("div", { class: "start__prologue prose", dir: "auto" });
    void drawPrologue(prologue, bot.prologue);
    this.querySelector(".start__prologue")?.replaceWith(prologue);
    this.querySelector(".chips")?.replaceChildren(...bot.suggested_questions.map(chip));
    this.#backdrop.show(bot);
    this.querySelector(".start__hint")?.remove();
    if (bot.default_input_mode !== "text") prologue.after(make("p", { class: "start__hint" }, gettext("This bot likes to be spoken to: use your keyboard's microphone.")));
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest(".chip") : null;
    if (!button?.textContent) return;
    const detail = { text: button.textContent, bot: this.#bot?.id };
    // A workflow is started with its values: the composer has them.
    const isWritten = event.altKey || this.#bot?.kind === "workflow";
    this.dispatchEvent(new CustomEvent(isWritten ? "compose" : "ask", { bubbles: true, detail }));
  }
}

/** Most prologues are simple; for the others the whole Markdown is fetched. @param {HTMLElement} prologue @param {string} text */
async function drawPrologue(prologue, text) {
  const paragraphs = simpleParagraphs(text);
  if (paragraphs) return prologue.replaceChildren(...paragraphs.map(paragraph));
  prologue.textContent = text;
  try {
    const { drawMarkdown } = await import("./prologue-markdown.js");
    drawMarkdown(prologue, text);
  } catch (error) {
    console.warn("the prologue stays as it was written", error);
  }
}

/** @param {import("../lib/simple-markdown.js").Piece[][]} lines */
function paragraph(lines) {
  const drawn = lines.map((line) => line.map(({ tag, text }) => (tag ? make(tag, {}, text) : text)));
  return make("p", { dir: "auto" }, ...drawn.flatMap((line, index) => (index ? [make("br"), ...line] : line)));
}

/** @param {string} question */
function chip(question) {
  return make("li", {}, make("button", { type: "button", class: "chip", dir: "auto" }, question));
}

customElements.define("start-screen", StartScreen);
