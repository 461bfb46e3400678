/**
 * `<figure-plot data-form data-unit>` draws the table inside it with the library that figures.js hands to `use`. Arrow keys walk over the steps and say them; Enter and a click open the log of a step.
 */

import { axisWords, logAddress, stacked, stepAt, stepsOf, ticksOf } from "../lib/figure-axis.js";
import { make } from "../lib/make.js";
import { figuresOf } from "./figure-table.js";

const HEIGHT = 200;
const TICK_WIDTH = 76;
const AXIS_WIDTH = 56;

/** @type {Plots.Library} */
let Library;

/** @param {Plots.Library} library uPlot: to be handed over before an element is defined */
export function use(library) {
  Library = library;
}

export class FigurePlot extends HTMLElement {
  /** @type {import("./figure-table.js").Figures} */
  #figures = { ticks: [], names: [], addresses: [], columns: [] };
  /** @type {Plots.Plot | null} */
  #plot = null;
  /** @type {number | null} */
  #at = null;
  #canvas = make("div", { class: "figure__canvas", tabindex: "0", role: "group" });
  #readout = make("p", { class: "figure__readout" });
  #legend = make("ul", { class: "figure__legend" });
  #size = new ResizeObserver(() => this.#fit());

  connectedCallback() {
    const table = this.querySelector("table");
    if (!table || this.dataset.empty !== undefined || this.#plot) return;
    this.#figures = figuresOf(table);
    const title = document.getElementById(this.querySelector("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "");
    const words = { title: title?.textContent ?? "" };
    this.#canvas.setAttribute("aria-label", interpolate(gettext("%(title)s: plot. Arrow keys walk over it, the table below says the same."), words, true));
    this.#legend.append(
      ...this.#figures.columns.map(({ label }, index) =>
        make("li", {}, make("span", { class: `figure__swatch figure__swatch--${index}` }), label),
      ),
    );
    if (this.#figures.addresses.some(Boolean)) this.#canvas.dataset.leads = "";
    this.prepend(this.#legend, this.#canvas, this.#readout);
    this.#canvas.addEventListener("keydown", (event) => this.#walk(event));
    this.#canvas.addEventListener("click", () => this.#open(this.#nearest()));
    this.draw();
    this.#size.observe(this);
  }

  disconnectedCallback() {
    this.#size.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** Anew, in the colours of now. */
  draw() {
    this.#plot?.destroy();
    if (!this.#canvas.isConnected) return;
    const { columns, ticks } = this.#figures;
    const isStacked = this.dataset.form === "bars" && columns.length > 1;
    const values = columns.map((column) => column.values);
    const drawn = isStacked ? stacked(values) : values;
    const order = columns.map((_, index) => index);
    if (isStacked) order.reverse(); // what stands on the others is drawn first, they cover its lower part
    const data = [ticks.map((_, index) => index), ...order.map((index) => drawn[index] ?? [])];
    this.#plot = new Library(this.#options(order), /** @type {any} */ (data), this.#canvas);
  }

  /** @param {number[]} order of the columns @returns {Plots.Options} */
  #options(order) {
    const count = this.#figures.ticks.length;
    const unit = this.dataset.unit ?? "";
    const style = getComputedStyle(this);
    const ink = { stroke: style.color, font: `12px ${style.fontFamily}`, ticks: { show: false } };
    const line = getComputedStyle(/** @type {Element} */ (this.closest(".figure"))).borderTopColor;
    const language = document.documentElement.lang;
    const steps = stepsOf(unit);
    return {
      width: this.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: this.dataset.form === "lines" } },
      scales: {
        x: { time: false, range: () => [-0.5, count - 0.5] },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      axes: [
        {
          ...ink,
          grid: { show: false },
          size: 28,
          splits: (plot) => ticksOf(count, plot.bbox.width / devicePixelRatio, TICK_WIDTH),
          values: (_, splits) => splits.map((index) => this.#figures.ticks[index] ?? ""),
        },
        {
          ...ink,
          grid: { stroke: line, width: 1 },
          size: AXIS_WIDTH,
          ...(steps && { incrs: steps }),
          values: (_, splits) => splits.map((value) => axisWords(value, unit, language)),
        },
      ],
      series: [{}, ...order.map((index) => this.#series(index, count))],
      hooks: { setCursor: [(plot) => this.#show(plot.cursor.idx ?? null)] },
    };
  }

  /** @param {number} index @param {number} count @returns {Plots.Series} */
  #series(index, count) {
    const swatch = this.#legend.children[index]?.firstElementChild;
    const colour = swatch ? getComputedStyle(swatch).backgroundColor : "";
    if (this.dataset.form === "bars") {
      return { stroke: colour, fill: colour, width: 0, points: { show: false }, paths: Library.paths.bars?.({ size: [0.7, 40] }) };
    }
    return { stroke: colour, width: 2, spanGaps: false, points: count === 1 ? { show: true, size: 8, fill: colour } : { size: 5, fill: colour } };
  }

  #fit() {
    if (this.#plot && this.clientWidth && this.#plot.width !== this.clientWidth) {
      this.#plot.setSize({ width: this.clientWidth, height: HEIGHT });
    }
  }

  /** @param {number | null} index */
  #show(index) {
    this.#at = index;
    this.#readout.replaceChildren();
    if (index === null) return;
    const said = this.#figures.columns.map(({ label, words }) => `${label} ${words[index]}`).join(" · ");
    this.#readout.append(make("b", {}, this.#figures.names[index] ?? ""), ` ${said}`);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    if (event.key === "Enter") return this.#open(null);
    const index = stepAt(event.key, this.#at, this.#figures.ticks.length);
    if (index === null || !this.#plot) return;
    event.preventDefault();
    this.#readout.setAttribute("role", "status"); // only what is walked over is said, not what a mouse passes
    this.#plot.setCursor({ left: this.#plot.valToPos(index, "x"), top: 0 });
  }

  /** @returns {number | null} the column whose line is closest to the mouse */
  #nearest() {
    const plot = this.#plot;
    const at = this.#at;
    if (!plot || at === null || this.dataset.form === "bars") return null;
    const top = plot.cursor.top ?? 0;
    let nearest = null;
    let least = Infinity;
    for (const [index, { values }] of this.#figures.columns.entries()) {
      const value = values[at];
      if (value === null || value === undefined) continue;
      const distance = Math.abs(plot.valToPos(value, "y") - top);
      if (distance < least) [nearest, least] = [index, distance];
    }
    return nearest;
  }

  /** @param {number | null} column */
  #open(column) {
    const address = this.#at === null ? "" : this.#figures.addresses[this.#at];
    if (!address) return;
    location.assign(logAddress(address, column === null ? "" : (this.#figures.columns[column]?.log ?? "")));
  }
}
