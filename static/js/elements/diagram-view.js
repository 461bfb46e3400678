/**
 * <diagram-view>: a finished ```mermaid block as a drawing, made in a sandboxed frame without an origin, and a switch
 * between the drawing and its source. Until it is drawn, and when it cannot be, the source is what one sees.
 */

import { make } from "../lib/make.js";

/** Drawn only when it comes near the screen: each has a frame of its own. */
const NEAR = "600px 0px";
const MOST_UNITS = 20_000;
const LEAST_PX = 48;
const MOST_PX = 900;
const PATIENCE_MS = 20_000;
/** Mermaid's names for colours, ours. */
const COLOURS = {
  background: "--surface-code",
  primaryColor: "--accent-wash",
  primaryBorderColor: "--accent",
  primaryTextColor: "--text",
  secondaryColor: "--surface-hover",
  tertiaryColor: "--surface-raised",
  lineColor: "--text-soft",
  textColor: "--text",
};

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && target instanceof DiagramView) target.begin();
  },
  { rootMargin: NEAR },
);

export class DiagramView extends HTMLElement {
  /** @type {Element | null} */
  #pre = null;
  #source = "";
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  #switch = make("div", { class: "code__switch", role: "group", "aria-label": gettext("View"), hidden: "" });
  #note = make("p", { class: "code__note", role: "status", hidden: "" });
  #themes = new MutationObserver(() => this.#send());
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;

  /** @param {Element} code `<code class="language-mermaid">` in its frame, complete */
  over(code) {
    this.#pre = code.parentElement;
    this.#source = code.textContent ?? "";
    if (this.#source.length > MOST_UNITS) return;
    this.#switch.append(this.#button("diagram", gettext("Diagram")), this.#button("source", gettext("Source")));
    this.#pre?.before(this.#note, this);
    this.closest(".code")?.querySelector(".code__bar > button")?.before(this.#switch);
    near.observe(this);
  }

  /** @param {"diagram" | "source"} view @param {string} words */
  #button(view, words) {
    const button = make("button", { type: "button", class: "button button--plain button--small", "data-view": view }, words);
    button.addEventListener("click", () => this.#show(view));
    return button;
  }

  begin() {
    near.unobserve(this);
    if (this.#frame) return;
    this.#frame = document.createElement("iframe");
    this.#frame.className = "diagram";
    this.#frame.title = gettext("Diagram");
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.src = "/diagram/";
    window.addEventListener("message", this.#heard);
    this.#scheme.addEventListener("change", this.#send);
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#patience = setTimeout(() => this.#fail(), PATIENCE_MS);
    this.append(this.#frame);
  }

  disconnectedCallback() {
    clearTimeout(this.#patience);
    window.removeEventListener("message", this.#heard);
    this.#scheme.removeEventListener("change", this.#send);
    this.#themes.disconnect();
  }

  /** What a hostile diagram could send: one of three words and a number, which is bounded. @param {MessageEvent} event */
  #heard = ({ source, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.state === "ready") this.#send();
    if (data.state === "failed") this.#fail();
    if (data.state === "drawn" && Number.isFinite(data.height)) this.#drawn(data.height);
  };

  #send = () => {
    const colours = Object.fromEntries(Object.entries(COLOURS).map(([name, token]) => [name, this.#colour(token)]));
    const isDark = this.#colour("--dark-probe") === "rgb(0, 0, 0)";
    // Its origin is opaque: there is no name to address it by.
    this.#frame?.contentWindow?.postMessage({ source: this.#source, isDark, colours }, "*");
  };

  /** @param {string} token @returns {string} as it is in the theme of now */
  #colour(token) {
    this.style.color = token === "--dark-probe" ? "light-dark(white, black)" : `var(${token})`;
    const { color } = getComputedStyle(this);
    this.style.color = "";
    return color;
  }

  /** @param {number} height */
  #drawn(height) {
    if (!this.#frame) return;
    clearTimeout(this.#patience);
    this.#frame.style.blockSize = `${Math.min(MOST_PX, Math.max(LEAST_PX, height))}px`;
    if (!this.#switch.hidden) return;
    this.#switch.hidden = false;
    this.#show("diagram");
  }

  /** @param {"diagram" | "source"} view */
  #show(view) {
    for (const button of this.#switch.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
    this.classList.toggle("diagram--away", view !== "diagram");
    this.#pre?.toggleAttribute("hidden", view === "diagram");
  }

  #fail() {
    this.disconnectedCallback();
    this.#frame?.remove();
    this.#switch.hidden = true;
    this.#pre?.removeAttribute("hidden");
    this.#note.textContent = gettext("This diagram cannot be drawn. Here is its source.");
    this.#note.hidden = false;
  }
}

customElements.define("diagram-view", DiagramView);
