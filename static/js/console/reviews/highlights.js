/** Marks parts in the text without touching it (CSS Custom Highlights); a browser without them shows the quotes. */

const NAME = "annotated";
/** @type {Map<object, Range[]>} */
const marked = new Map();

/** @param {object} owner @param {Range[]} ranges instead of those it had */
export function mark(owner, ranges) {
  if (ranges.length) marked.set(owner, ranges);
  else marked.delete(owner);
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.set(NAME, new Highlight(...[...marked.values()].flat()));
}
