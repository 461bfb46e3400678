import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { figuresOf } from "../../static/js/console/figure-table.js";
import { axisWords, logAddress, stacked, stepAt, stepsOf, ticksOf } from "../../static/js/lib/figure-axis.js";

test("labels of the time axis do not touch, and the newest step has one", () => {
  assert.deepEqual(ticksOf(5, 1000, 76), [0, 1, 2, 3, 4]);
  const ticks = ticksOf(90, 320, 76);
  assert.ok(ticks.length <= 4);
  assert.equal(ticks.at(-1), 89);
  assert.deepEqual(ticksOf(1, 20, 76), [0]);
  assert.deepEqual(ticksOf(0, 300, 76), []);
});

test("stacked bars stand on each other, and nothing counts as nothing", () => {
  assert.deepEqual(
    stacked([
      [1, null, 3],
      [10, 20, null],
    ]),
    [
      [1, 0, 3],
      [11, 20, 3],
    ],
  );
});

test("the value axis is in words people use", () => {
  assert.equal(axisWords(0.125, "share", "en"), "12.5%");
  assert.equal(axisWords(1_500_000, "count", "en"), "1.5M");
  assert.equal(axisWords(15_000, "count", "zh-hans"), "1.5万");
  assert.equal(axisWords(0, "ms", "en"), "0s");
  assert.equal(axisWords(2500, "ms", "en"), "2.5s");
  assert.equal(axisWords(90_000, "ms", "en"), "1.5m");
});

test("marks are apart by what one counts with", () => {
  assert.ok(stepsOf("ms")?.includes(15_000));
  assert.ok(!stepsOf("count")?.some((step) => step % 1), "no half turns");
  assert.equal(stepsOf("share"), null);
});

test("keys walk over the steps and stop at the ends", () => {
  assert.equal(stepAt("ArrowRight", null, 3), 0);
  assert.equal(stepAt("ArrowLeft", null, 3), 2);
  assert.equal(stepAt("ArrowRight", 2, 3), 2);
  assert.equal(stepAt("ArrowLeft", 0, 3), 0);
  assert.equal(stepAt("Home", 2, 3), 0);
  assert.equal(stepAt("End", 0, 3), 2);
  assert.equal(stepAt("x", 1, 3), null);
});

test("a point leads to its day's conversations, narrowed down by its column", () => {
  const day = "/console/conversations/?since=2026-03-02&until=2026-03-02&bot=a";
  assert.equal(logAddress(day, ""), day);
  assert.equal(logAddress(day, "rating=bad"), `${day}&rating=bad`);
  assert.equal(logAddress(day, "bot=b&state=failed").match(/bot=/g)?.length, 1, "one bot, the column's");
});

test("a table is read as it stands: empty cells are no figures, undrawn columns stay out", () => {
  const { window } = new JSDOM(
    `<table><thead><tr><th>Day</th><th data-log="state=failed">Errors</th><th data-undrawn>Rest</th></tr></thead>
     <tbody><tr><th data-tick="Mar 2"><a href="/log?d=2">March 2</a></th><td data-value="0.5">50%</td><td data-value="1">x</td></tr>
            <tr><th data-tick="Mar 3">March 3</th><td data-value="">–</td><td data-value="0">y</td></tr></tbody></table>`,
  );
  const table = /** @type {HTMLTableElement} */ (/** @type {unknown} */ (window.document.querySelector("table")));
  assert.deepEqual(figuresOf(table), {
    ticks: ["Mar 2", "Mar 3"],
    names: ["March 2", "March 3"],
    addresses: ["/log?d=2", ""],
    columns: [{ label: "Errors", log: "state=failed", values: [0.5, null], words: ["50%", "–"] }],
  });
});
