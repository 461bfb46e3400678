/** What a figure's table says, for the canvas: the two cannot disagree. */

/**
 * @typedef {{label: string, log: string, values: (number | null)[], words: string[]}} Column
 * @typedef {{ticks: string[], names: string[], addresses: string[], columns: Column[]}} Figures
 */

/** @param {HTMLTableElement} table @returns {Figures} */
export function figuresOf(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1);
  const firsts = rows.map((row) => /** @type {HTMLElement} */ (row.cells[0]));
  return {
    ticks: firsts.map((cell) => cell.dataset.tick ?? ""),
    names: firsts.map((cell) => textOf(cell)),
    addresses: firsts.map((cell) => cell.querySelector("a")?.getAttribute("href") ?? ""),
    columns: heads.flatMap((head, index) => {
      if ("undrawn" in head.dataset) return [];
      const cells = rows.map((row) => /** @type {HTMLElement} */ (row.cells[index + 1]));
      return [
        {
          label: textOf(head),
          log: head.dataset.log ?? "",
          values: cells.map((cell) => (cell.dataset.value ? Number(cell.dataset.value) : null)),
          words: cells.map(textOf),
        },
      ];
    }),
  };
}

/** @param {HTMLElement} cell */
function textOf(cell) {
  return (cell.textContent ?? "").trim();
}
