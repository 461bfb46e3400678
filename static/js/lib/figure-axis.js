/** How a plot's axes are labelled and its bars stacked. Knows no document and no library. */

/**
 * Places on the time axis for labels that do not touch.
 * @param {number} count of steps
 * @param {number} width of the axis (px)
 * @param {number} labelWidth (px)
 * @returns {number[]} indexes, evenly apart, the newest one among them
 */
export function ticksOf(count, width, labelWidth) {
  const most = Math.max(Math.floor(width / labelWidth), 1);
  const apart = Math.max(Math.ceil(count / most), 1);
  const ticks = [];
  for (let index = count - 1; index >= 0; index -= apart) ticks.unshift(index);
  return ticks;
}

/**
 * Bars on top of each other: each series with all that stand below it, so that drawing the last one first leaves
 * every series its own part.
 * @param {(number | null)[][]} columns
 * @returns {number[][]}
 */
export function stacked(columns) {
  /** @type {number[]} */
  let below = [];
  return columns.map((column) => {
    below = column.map((value, index) => (value ?? 0) + (below[index] ?? 0));
    return below;
  });
}

const MS = /** @type {const} */ ([
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1000, "second"],
  [1, "millisecond"],
]);

/**
 * A figure of the value axis, as short as can be.
 * @param {number} value
 * @param {string} unit count | ms | share | money
 * @param {string} [language]
 * @returns {string}
 */
export function axisWords(value, unit, language) {
  if (unit === "share") return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(value);
  if (unit !== "ms") return new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 2 }).format(value);
  const [size, name] = MS.find(([ms]) => Math.abs(value) >= ms) ?? MS[3];
  const format = new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: 1 });
  return format.format(value / size);
}

/**
 * Distances between marks that people can count with.
 * @param {string} unit
 * @returns {number[] | null} null: the library's own, 1, 2 and 5 times a power of ten
 */
export function stepsOf(unit) {
  if (unit === "count") return [1, 2, 5].flatMap((one) => Array.from({ length: 13 }, (_, power) => one * 10 ** power)).sort((a, b) => a - b);
  if (unit !== "ms") return null;
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  return [
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
    ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
    ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
    ...[1, 2, 4, 6, 12, 24, 48, 96, 240, 480].map((count) => count * hour),
  ];
}

/**
 * The step a key leads to from the one shown.
 * @param {string} key
 * @param {number | null} at null: none yet
 * @param {number} count
 * @returns {number | null} null: the key means nothing here
 */
export function stepAt(key, at, count) {
  const last = count - 1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight") return at === null ? 0 : Math.min(at + 1, last);
  if (key === "ArrowLeft") return at === null ? last : Math.max(at - 1, 0);
  return null;
}

/**
 * Where a point leads: to the log of its step, narrowed down by what its column counts.
 * @param {string} rowAddress with the filters of the step
 * @param {string} columnQuery filters of the column, as in an address
 * @returns {string}
 */
export function logAddress(rowAddress, columnQuery) {
  const [path, query = ""] = rowAddress.split("?");
  const filters = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(columnQuery)) filters.set(name, value);
  return `${path}?${filters}`;
}
