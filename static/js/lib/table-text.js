/**
 * A table as spreadsheets take it. Pure.
 *
 * A cell that begins as a formula would be run by a spreadsheet, pasted or opened: it gets an apostrophe in front,
 * which Excel, LibreOffice and Sheets take for "this is text" (OWASP, CSV injection). Plain numbers such as -3.5 or
 * +20 % and lone dashes are no formulas and stay numbers.
 */

const FORMULA = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER_OR_DASH = /^\s*(?:[+-]?\s?[\d\s.,]*\d\s?%?|-+)\s*$/;
/** Without it Excel reads UTF-8 as something else. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** @param {string[][]} rows @returns {string} cells in one line each */
export function toTsv(rows) {
  return rows.map((row) => row.map((cell) => guarded(cell.replace(/\s+/g, " ").trim())).join("\t")).join("\n");
}

/** @param {string[][]} rows @returns {string} as RFC 4180 has it */
export function toCsv(rows) {
  return rows.map((row) => row.map((cell) => quoted(guarded(cell))).join(",")).join("\r\n") + "\r\n";
}

/** @param {string} cell */
function guarded(cell) {
  return FORMULA.test(cell) && !NUMBER_OR_DASH.test(cell) ? `'${cell}` : cell;
}

/** @param {string} cell */
function quoted(cell) {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
